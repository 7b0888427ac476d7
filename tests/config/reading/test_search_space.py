"""Every mistake in a space at once, with its line; and configs with other values."""

from pathlib import Path

import pytest

from nnscratch.config import Config, load
from nnscratch.config.reading.search_space import as_written, in_order, is_active, with_values
from nnscratch.config.settings.search import RangeSettings
from nnscratch.errors import ConfigError

HEAD = "dataset: xor\narchitecture: [4]\nsearch:\n  space:\n"


def read(folder: Path, *lines: str, head: str = HEAD) -> Config:
    path = folder / "a.yaml"
    path.write_text(head + "".join(f"    {line}\n" for line in lines))
    return load(path)


def problems(folder: Path, *lines: str, head: str = HEAD) -> list[str]:
    """Returns each problem without the name of the file."""
    with pytest.raises(ConfigError) as caught:
        read(folder, *lines, head=head)
    return [str(problem).removeprefix(f"{folder}/a.yaml:") for problem in caught.value.problems]


def test_all_mistakes_are_found_at_once_each_at_its_place(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "learning_rat: {log_uniform: [0.1, 1]}",
        "dropout: {uniform: [0, 1.5]}",
        "epochs: {uniform: [3, 20]}",
        "optimizer: {choice: [adam, adm]}",
        "optimizer.momentum: {uniform: [0, 0.9], when: {optimiser: sgd}}",
        "architecture.0.units: {integers: [0, 8]}",
        "architecture.1.units: {integers: [1, 8]}",
        "l1: {unifrom: [0, 1]}",
        "l2: 3",
        "name: {choice: [a]}",
        "lr: {uniform: [0, 1]}",
        "ensemble: {integers: [1, 5]}",
        "own_validation: {choice: [true, false]}",
    )
    expected = [
        ("5:5", "learning_rat` is an unknown key; did you mean `learning_rate`?"),
        ("6:28", "dropout.uniform.1` must be below 1; got 1.5"),
        ("7:24", "epochs.uniform.0` must be a whole number; got 3.0"),
        ("7:27", "epochs.uniform.1` must be a whole number; got 20.0"),
        ("8:32", "optimizer.choice.1` must be one of"),
        ("9:52", "when.optimiser` is no other range of the space; did you mean `optimizer`?"),
        ("10:39", "architecture.0.units.integers.0` must be at least 1; got 0"),
        ("11:5", "architecture.1.units` the list has items 0 to 0"),
        ("12:10", "l1.unifrom` is an unknown key; did you mean `uniform`?"),
        ("13:5", "l2` must be a range such as {uniform: [0, 1]}; got 3"),
        ("14:5", "name` cannot vary"),
        ("15:5", "lr` must be called `learning_rate` here"),
        ("16:5", "ensemble` cannot vary, as each trial trains one network"),
        ("17:5", "own_validation` cannot vary, as each trial trains one network"),
    ]
    assert len(found) == len(expected)
    for line, (place, rule) in zip(found, expected, strict=True):
        assert line.startswith(f"{place}: `search.space."), line
        assert rule in line, line


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (
            ["optimizer: {choice: [adam, sgd]}", "optimizer.beta_1: {uniform: [0, 0.9]}"],
            "`search.space.optimizer.beta_1` is an unknown key, where `optimizer` is sgd; a range",
        ),
        (
            ["optimizer: {choice: [adam, lbfgs]}", "dropout: {uniform: [0, 0.5]}"],
            "`search.space.dropout` cannot be used with lbfgs",
        ),
        (
            ["optimizer: {choice: [adam, lbfgs]}", "schedule: {choice: [constant, cosine]}"],
            "`search.space.schedule` cannot be used with lbfgs",
        ),
    ],
)
def test_choices_that_do_not_fit_other_ranges_are_found(
    tmp_path: Path, lines: list[str], rule: str
) -> None:
    assert any(rule in problem for problem in problems(tmp_path, *lines))


def test_with_a_condition_they_fit(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        "optimizer: {choice: [adam, sgd, lbfgs]}",
        "optimizer.momentum: {uniform: [0, 0.9], when: {optimizer: sgd}}",
        "dropout: {uniform: [0, 0.5], when: {optimizer: [adam, sgd]}}",
    )
    assert config.search
    space = config.search.space
    assert is_active(space, "optimizer.momentum", {"optimizer": "sgd"})
    assert not is_active(space, "optimizer.momentum", {"optimizer": "adam"})
    assert is_active(space, "dropout", {"optimizer": "sgd"})
    assert not is_active(space, "dropout", {"optimizer": "lbfgs"})
    assert not is_active(space, "dropout", {})


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("l1: {choice: [0, 1], when: {l1: 0}}", "is no other range"),
        ("l1: {choice: [0, 1], when: {l2: 0}}", "is no other range"),
    ],
)
def test_conditions_on_what_does_not_vary_are_found(tmp_path: Path, line: str, rule: str) -> None:
    assert rule in problems(tmp_path, line)[0]


def test_a_condition_that_never_holds_is_found(tmp_path: Path) -> None:
    lines = ["l1: {choice: [0, 1]}", "l2: {choice: [0, 1], when: {l1: 2}}"]
    assert "must be among the choices of `l1`; got 2" in problems(tmp_path, *lines)[0]


def test_conditions_in_a_circle_are_found(tmp_path: Path) -> None:
    lines = ["l1: {choice: [0, 1], when: {l2: 0}}", "l2: {choice: [0, 1], when: {l1: 0}}"]
    assert "depends on a range that depends on it" in problems(tmp_path, *lines)[0]


def test_epochs_cannot_vary_where_trials_are_stopped_early(tmp_path: Path) -> None:
    head = HEAD.replace("  space:", "  prune: halving\n  space:")
    found = problems(tmp_path, "epochs: {integers: [1, 9]}", head=head)
    assert "cannot vary with `prune`" in found[0]


def test_mistakes_elsewhere_are_found_too(tmp_path: Path) -> None:
    head = HEAD.replace("  space:", "  trails: 3\n  space:")
    found = problems(tmp_path, "dropout: {uniform: [0, 2]}", head=head)
    assert "did you mean `trials`?" in found[0]
    assert "must be below 1; got 2.0" in found[1]


def test_the_order_has_conditions_and_wholes_first() -> None:
    space = {
        "optimizer.momentum": RangeSettings(uniform=[0.0, 0.9], when={"activation": "relu"}),
        "activation": RangeSettings(choice=["relu", "tanh"], when={"epochs": 3}),
        "epochs": RangeSettings(choice=[3, 4]),
        "optimizer": RangeSettings(choice=["sgd"]),
    }
    assert in_order(space) == ["epochs", "activation", "optimizer", "optimizer.momentum"]


def test_other_values_take_the_defaults_that_suit_them(tmp_path: Path) -> None:
    config = read(tmp_path, "optimizer: {choice: [adam, lbfgs]}")
    assert with_values(config, {"optimizer": "adam"}).learning_rate == 0.001
    varied = with_values(config, {"optimizer": "lbfgs", "architecture.0.units": 9})
    assert varied.learning_rate == 1.0  # that of a line search
    assert varied.architecture[0].units == 9
    assert varied.search is None
    assert config.architecture[0].units == 4  # as it was


def test_a_whole_is_set_before_its_parts(tmp_path: Path) -> None:
    config = read(tmp_path, "l1: {choice: [0]}")
    values = {"optimizer.momentum": 0.5, "optimizer": "sgd"}
    assert with_values(config, values).model_dump()["optimizer"]["momentum"] == 0.5


def test_what_is_not_allowed_is_an_error(tmp_path: Path) -> None:
    config = read(tmp_path, "l1: {choice: [0]}")
    for values in ({"dropout": 2.0}, {"optimizer.momentum": 0.5}, {"architecture.3.units": 1}):
        with pytest.raises(ConfigError):
            with_values(config, values)


def test_a_config_made_in_python_can_be_varied() -> None:
    config = Config.model_validate({"dataset": "xor", "epochs": 3})
    assert with_values(config, {"epochs": 4}).epochs == 4
    assert as_written(config)["epochs"] == 3


def test_kinds_of_embeddings_and_their_settings_vary(tmp_path: Path) -> None:
    kinds = "numeric_embedding: {choice: [waves, piecewise_linear, false]}"
    only = "when: {numeric_embedding: piecewise_linear}"
    config = read(tmp_path, kinds, f"numeric_embedding.bins: {{integers: [4, 64], {only}}}")
    values = {"numeric_embedding": "piecewise_linear", "numeric_embedding.bins": 8}
    varied = with_values(config, values).model_dump()["numeric_embedding"]
    assert varied == {"name": "piecewise_linear", "bins": 8}
    found = problems(tmp_path, kinds, f"numeric_embedding.bins: {{integers: [1, 64], {only}}}")
    assert len(found) == 1
    assert "bins.integers.0` must be at least 2; got 1" in found[0]
