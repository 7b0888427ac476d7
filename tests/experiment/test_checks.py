"""What does not fit between a config and its data is refused before training."""

from pathlib import Path

import pytest

from nnscratch import load_config, prepare
from nnscratch.errors import ConfigError
from tests.conftest import Command, messages
from tests.experiment.tables import config, write


@pytest.mark.parametrize(
    "settings", ["scaling: none", "scaling: none, missing: impute, validation: 0.1"]
)
def test_huge_numbers_left_unscaled_are_a_config_error(settings: str, nnscratch: Command) -> None:
    write("t.csv", "a,kind", [f"{i * 1e20!r},{i % 2}" for i in range(1, 41)])
    with pytest.raises(ConfigError, match=r":1:1: `dataset` has numbers above .* float32"):
        prepare(load_config(config(settings)))
    assert nnscratch("train", "mine.yaml").code == 2
    prepare(load_config("mine.yaml", ["dtype=float64"]))


def test_huge_targets_left_unscaled_are_a_config_error() -> None:
    write("t.csv", "a,kind", [f"{i},{(i + 0.5) * 1e20!r}" for i in range(1, 41)])
    with pytest.raises(ConfigError, match="numbers above"):
        prepare(load_config(config("task: numbers, target_scaling: none")))


def test_numbers_whose_squares_overflow_even_float64_are_a_config_error() -> None:
    write("t.csv", "a,kind", [f"{i * 1e160!r},{i % 2}" for i in range(1, 41)])
    with pytest.raises(ConfigError, match=r"numbers above .* float64"):
        prepare(load_config(config()))


@pytest.mark.parametrize("labels", ["01", "xy"])
def test_one_class_to_train_on_is_a_config_error(labels: str, nnscratch: Command) -> None:
    write("t.csv", "a,kind", [f"{i},{labels[0]}" for i in range(6)])
    write("u.csv", "a,kind", [f"{i},{labels[1]}" for i in range(6)])
    with pytest.raises(ConfigError, match="only one class") as caught:
        prepare(load_config(config("test_path: u.csv, task: classes")))
    assert labels[0] in str(caught.value).rpartition("train on")[2]
    assert nnscratch("train", "mine.yaml").code == 2
    assert not Path("runs").exists()


def test_one_class_left_to_train_on_is_a_config_error() -> None:
    write("t.csv", "a,kind", ["1,x", "2,y"])
    with pytest.raises(ConfigError, match="only one class"):
        prepare(load_config(config("test: 1, task: classes")))


@pytest.mark.parametrize(
    ("targets", "remedy"),
    [
        ([[0, 1, 0], [1, 0, 0]] * 4, "dataset.task=classification makes classes of targets"),
        ([[0, 1, 1], [1, 0, 0]] * 4, "binary_cross_entropy fits"),
        ([[0, 1, 2], [1, 0, 0]] * 4, "mean_squared_error fits"),
    ],
)
def test_a_loss_of_classes_for_rows_of_numbers_is_refused_with_what_works(
    targets: list[list[int]], remedy: str
) -> None:
    rows = f"inputs: {[[i] for i in range(8)]}, targets: {targets}"
    text = f"dataset: {{name: inline, {rows}}}\nloss: cross_entropy\n"
    Path("mine.yaml").write_text(text)
    with pytest.raises(ConfigError, match="which needs classes: the targets are numbers") as caught:
        prepare(load_config("mine.yaml"))
    assert remedy in str(caught.value)
    override, is_override, _ = remedy.partition(" makes")
    cure = override if is_override else f"loss={remedy.partition(' ')[0]}"
    prepare(load_config("mine.yaml", [cure]))


@pytest.mark.parametrize(
    ("output", "scaling"),
    [
        *((output, "none") for output in ("sigmoid", "hard_sigmoid", "tanh", "softsign")),
        *((output, "standardize") for output in ("sigmoid", "tanh", "relu", "softplus")),
    ],
)
def test_an_output_that_cannot_reach_the_targets_names_the_scaling_that_helps(
    output: str, scaling: str, nnscratch: Command
) -> None:
    # Scaled to 0 to 1, the largest of these becomes 1.0000000000000002.
    assert (69 * 0.1) / (1.0 / (1.0 / (69 * 0.1))) > 1.0
    write("t.csv", "a,kind", [f"{i},{i * 0.1!r}" for i in range(70)])
    path = config(f"target_scaling: {scaling}", f"output_activation: {output}", "epochs: 2")
    result = nnscratch("train", path)
    assert result.code == 2
    (line,) = messages(result.err)
    assert "but the targets go from" in line
    advice = line.rpartition("; ")[2]
    assert advice == "dataset.target_scaling=minmax brings them to 0 to 1"
    assert nnscratch("train", path, advice.split()[0], "--no-plots").code == 0


def test_an_output_that_cannot_reach_what_is_never_scaled_must_be_linear(
    nnscratch: Command,
) -> None:
    rows = "inputs: [[0], [1]], targets: [0.5, 3.5]"
    Path("mine.yaml").write_text(
        f"dataset: {{name: inline, {rows}}}\noutput_activation: sigmoid\nepochs: 2\n"
    )
    result = nnscratch("train", "mine.yaml")
    assert result.code == 2
    assert "from 0.5 to 3.5; linear has no bounds" in result.err
    assert nnscratch("train", "mine.yaml", "output_activation=linear", "--no-plots").code == 0


@pytest.mark.parametrize(
    ("weight", "rule"), [("1e-50", "the weight 0 in float32"), ("3e38", "too large for float32")]
)
def test_weights_that_float32_cannot_hold_are_a_config_error(weight: str, rule: str) -> None:
    write("t.csv", "a,w,kind", [f"{i},{weight},{i % 2}" for i in range(8)])
    with pytest.raises(ConfigError, match=rf"`dataset\.weight` .*{rule}"):
        prepare(load_config(config("weight: w")))
    prepare(load_config("mine.yaml", ["dtype=float64"]))


@pytest.mark.parametrize(
    ("embedding", "parameters"),
    [
        # 2 inputs, and 4 pieces of the many values and 1 of the two; 10 units and an output.
        ("{name: piecewise_linear, bins: 4}", (2 + 5) * 10 + 10 + 10 + 1),
        # Of each column a frequency, a phase, a weight and a bias.
        ("{waves: 1, size: 1}", 2 * 4 + (2 + 2) * 10 + 10 + 10 + 1),
    ],
)
def test_what_an_embedding_appends_counts_in_the_size(
    embedding: str, parameters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("t.csv", "a,b,kind", [f"{i},{i % 2},{'xy'[i % 2]}" for i in range(20)])
    mine = load_config(config("", "architecture: [10]", f"numeric_embedding: {embedding}"))
    monkeypatch.setattr("nnscratch.experiment.checks.MAX_PARAMETERS", parameters)
    assert prepare(mine).model.network.params.flat.size == parameters
    monkeypatch.setattr("nnscratch.experiment.checks.MAX_PARAMETERS", parameters - 1)
    with pytest.raises(ConfigError, match=rf"makes {parameters} parameters; at most"):
        prepare(mine)
