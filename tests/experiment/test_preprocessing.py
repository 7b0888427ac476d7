"""What is done to the inputs, learned from the training part."""

from math import nan
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model, load_config, prepare, train
from nnscratch.experiment.defaults import fill_defaults
from nnscratch.experiment.loading import load_dataset
from nnscratch.experiment.preprocessing import fit_preprocessing
from tests.conftest import Command
from tests.experiment.tables import config, write


@pytest.mark.parametrize("unit", [1e20, 1e50, 1e150])
def test_huge_numbers_are_scaled_before_they_can_overflow(unit: float, nnscratch: Command) -> None:
    # 1e20 squared overflows float32, and so does 1e50; scaled they are from -2 to 2.
    write("t.csv", "a,kind", [f"{i * unit!r},{'low' if i <= 20 else 'high'}" for i in range(1, 41)])
    path = config("test: 0", "learning_rate: 0.05", "epochs: 60")
    experiment = prepare(load_config(path))
    assert experiment.config.dtype == "float32"
    outcome = train(experiment, "runs")
    assert outcome.last is not None
    assert outcome.last.scores["accuracy"] > 0.9
    model = Model.load(outcome.path)
    assert model.predict([[unit], [40 * unit]]).tolist() == ["low", "high"]
    predicted = nnscratch("predict", outcome.path, "--input", f"{unit}", "--input", f"{40 * unit}")
    assert predicted.code == 0, predicted.err
    assert [line.split(",")[1] for line in predicted.out.splitlines()[1:]] == ["low", "high"]
    Path("new.csv").write_text(f"a\n{unit}\n{40 * unit}\n")
    assert nnscratch("predict", outcome.path, "--csv", "new.csv").out == predicted.out


def test_missing_categories_are_filled_in_all_parts() -> None:
    write("t.csv", "a,colour,kind", [f"{i},{'' if i < 3 else 'red'},{i % 2}" for i in range(12)])
    experiment = prepare(load_config(config("missing: impute, test: 0.25")))
    for split in experiment.dataset.splits.values():
        made = experiment.model.transform(split.inputs)
        assert made[:, 1].tolist() == [1] * len(split)
    assert experiment.model.transform(np.array([[0, nan]]))[0, 1] == 1


def test_a_gate_is_left_as_it_is() -> None:
    Path("mine.yaml").write_text("dataset: {name: xor, encoding: bipolar}\n")
    experiment = prepare(load_config("mine.yaml"))
    inputs = experiment.dataset.splits["train"].inputs
    assert experiment.model.transform(inputs).tolist() == inputs.tolist()


def test_it_is_learned_from_the_training_part_alone() -> None:
    write("t.csv", "a,kind", [f"{i * i},{'xy'[i % 2]}" for i in range(20)])
    mine = load_config(config("test: 10"))
    dataset = load_dataset(mine)
    preprocessing = fit_preprocessing(fill_defaults(mine, dataset), dataset)
    made = preprocessing.transform(dataset.splits["train"].inputs, "float64")
    assert made.mean() == pytest.approx(0, abs=1e-12)
    assert made.std() == pytest.approx(1)
