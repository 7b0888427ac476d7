"""How targets reach the loss: scaled, or as classes with weights."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model, load_config, prepare, train
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
