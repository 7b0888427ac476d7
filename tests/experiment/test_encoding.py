"""How targets reach the loss: scaled, or as classes with weights."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch import Model, load_config, prepare, train
from nnscratch.errors import ConfigError
from nnscratch.experiment.defaults import fill_defaults
from nnscratch.experiment.encoding import choose_encoding, class_weights
from nnscratch.experiment.loading import load_dataset
from tests.experiment.tables import config, write


@pytest.mark.parametrize("unit", [1e20, 1e50, 1e150])
def test_huge_targets_are_scaled_before_they_can_overflow(unit: float) -> None:
    write("t.csv", "a,kind", [f"{i},{(i + 0.5) * unit!r}" for i in range(1, 41)])
    path = config("test: 0, task: regression", "learning_rate: 0.05", "epochs: 100")
    outcome = train(prepare(load_config(path)), "runs")
    (low,), (high,) = Model.load(outcome.path).predict([[1], [40]])
    assert 0.5 * low < high  # in the units of the data
    assert abs(high / unit - 40.5) < 8


def test_targets_are_scaled_by_the_training_part() -> None:
    write("t.csv", "a,kind", [f"{i},{i + 0.5}" for i in range(40)])
    mine = load_config(config("test: 10"))
    dataset = load_dataset(mine)
    encoding = choose_encoding(fill_defaults(mine, dataset), dataset)
    encoded = encoding.encode(dataset.splits["train"].targets)
    assert encoded.mean() == pytest.approx(0, abs=1e-12)
    assert encoded.std() == pytest.approx(1)


@pytest.mark.parametrize("targets", ["[0.5, 2]", "[[0.5, 1], [2, 3]]"])
def test_rows_in_the_config_are_never_scaled(targets: str) -> None:
    Path("mine.yaml").write_text(
        f"dataset: {{name: inline, inputs: [[1], [2]], targets: {targets}}}"
    )
    experiment = prepare(load_config("mine.yaml"))
    given = experiment.dataset.splits["train"].targets
    np.testing.assert_array_equal(experiment.model.encoding.encode(given), given)


def test_balanced_weights_are_n_over_k_n_c() -> None:
    inputs = "inputs: [[1], [2], [3], [4], [5], [6], [7]]"
    targets = "targets: [a, b, a, c, c, b, a]"
    Path("mine.yaml").write_text(f"dataset: {{name: inline, {inputs}, {targets}}}\n")
    balanced = load_config("mine.yaml", ["class_weight=balanced"])
    dataset = load_dataset(balanced)
    assert class_weights(balanced, dataset) == pytest.approx((7 / 9, 7 / 6, 7 / 6))
    given = load_config("mine.yaml", ["class_weight={b: 3}"])
    assert class_weights(given, dataset) == (1, 3, 1)
    assert class_weights(load_config("mine.yaml"), dataset) is None


def test_the_logarithms_of_the_training_part_are_standardized() -> None:
    write("t.csv", "a,kind", [f"{i},{2.0**i!r}" for i in range(40)])
    experiment = prepare(load_config(config("test: 10, task: regression, target_transform: log")))
    train_targets = experiment.dataset.splits["train"].targets
    encoded = experiment.model.encoding.encode(train_targets)
    powers = np.log2(train_targets)
    np.testing.assert_allclose(encoded, (powers - powers.mean()) / powers.std(), rtol=1e-9)


@pytest.mark.parametrize(
    ("number", "transform", "rule"),
    [
        ("0.0", "log", "cannot be log, which needs targets above 0: the train part has 0"),
        ("-2.5", "log", "cannot be log, which needs targets above 0: the train part has -2.5"),
        ("-2.5", "log1p", "cannot be log1p, which needs targets of at least 0: the train part"),
    ],
)
def test_numbers_without_a_logarithm_are_a_config_error(
    number: str, transform: str, rule: str
) -> None:
    write("t.csv", "a,kind", [f"{i},{number if i == 7 else i + 0.5}" for i in range(40)])
    path = config("test: 0, task: regression")
    with pytest.raises(ConfigError) as caught:
        prepare(load_config(path, [f"dataset.target_transform={transform}"]))
    (problem,) = caught.value.problems
    assert problem.key == "dataset.target_transform"
    assert rule in str(problem)
    assert ("log1p takes 0" in str(problem)) is (number == "0.0")
    if number == "0.0":
        prepare(load_config(path, ["dataset.target_transform=log1p"]))


def test_a_held_out_number_without_a_logarithm_is_found_too() -> None:
    write("t.csv", "a,kind", [f"{i},{i + 0.5}" for i in range(40)])
    write("u.csv", "a,kind", ["1,3.5", "2,-1.5"])
    path = config("test_path: u.csv, task: regression, target_transform: log1p")
    with pytest.raises(ConfigError, match=r"the test part has -1\.5"):
        prepare(load_config(path))


@pytest.mark.parametrize(
    ("targets", "loss", "rule"),
    [
        ([1, 2, 1, 2], "auto", "the targets are classes; dataset.task=regression and loss=auto"),
        (["a", "b", "a", "b"], "auto", "the targets are classes"),
        ([[1, 0], [0, 1], [1, 1], [0, 0]], "bce", "the targets are labels"),
    ],
)
def test_classes_and_labels_have_no_logarithm(targets: list[Any], loss: str, rule: str) -> None:
    np.savez("t.npz", x=np.arange(8.0).reshape(4, 2), y=np.array(targets))
    data = "dataset: {name: npz, path: t.npz, target_transform: log}"
    Path("mine.yaml").write_text(f"{data}\nloss: {loss}\n")
    with pytest.raises(ConfigError, match="is for numbers to predict") as caught:
        prepare(load_config("mine.yaml"))
    assert rule in str(caught.value)
