"""Every shipped config trains to what its header promises; the gates do so for every seed."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.config import load
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.training.trainer import Trainer

CONFIGS = Path(__file__).parents[2] / "configs"
GATES = ["and", "or", "not", "nand", "nor", "xor", "xnor", "parity"]
# A tenth of a second for each gate; all of them take two seconds.
SEEDS = [
    pytest.param(range(10), id="some seeds"),
    pytest.param(range(10, 100), id="all seeds", marks=pytest.mark.slow),
]


def train(name: str, *changes: str) -> Experiment:
    experiment = prepare(load(CONFIGS / f"{name}.yaml", changes))
    for _ in Trainer(experiment).epochs():
        pass
    return experiment


def distances(experiment: Experiment) -> np.ndarray:
    """Returns how far each predicted probability is from its target of 0 or 1."""
    split = experiment.dataset.splits["train"]
    probabilities = experiment.model.predict_proba(split.inputs)[:, 1]
    distance: np.ndarray = np.abs(probabilities - split.targets)
    return distance


def test_every_shipped_config_is_tried_here() -> None:
    others = {"and-relu", "xor-relu", "xor-two-sigmoids", "four-points"}
    others |= {"digits", "iris", "moons", "csv", "diabetes"}  # in test_data_configs.py
    others |= {"spiral", "circles", "blobs", "imbalance"}  # there too
    others |= {"mnist", "mnist-128-32", "mnist-32-16", "gates"}  # the last in cli/test_init.py
    others |= {"search-digits"}  # in cli/commands/test_search.py
    assert {path.stem for path in CONFIGS.glob("*.yaml")} == {*GATES, *others}


@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("gate", GATES)
def test_every_seed_solves_the_gate(gate: str, seeds: range) -> None:
    failed = [seed for seed in seeds if distances(train(gate, f"seed={seed}")).max() >= 0.1]
    assert not failed


@pytest.mark.parametrize(("name", "epochs"), [("and-relu", 500), ("xor-relu", 1000)])
def test_the_relu_networks_come_within_a_tenth(name: str, epochs: int) -> None:
    experiment = train(name)
    assert experiment.config.epochs == epochs
    assert [row.parameters for row in experiment.model.network.summary()] == [30, 110, 11]
    assert distances(experiment).max() < 0.1


def test_two_sigmoids_round_to_xor_and_stay_uncertain() -> None:
    experiment = train("xor-two-sigmoids")
    split = experiment.dataset.splits["train"]
    outputs = experiment.model.outputs(split.inputs).ravel()
    assert outputs.round().tolist() == [0, 1, 1, 0]
    assert 0.1 < distances(experiment).max() < 0.5
    # 2 × 2 and 2 × 1 weights, no biases
    assert experiment.model.network.params.flat.size == 6


def test_four_points_come_within_a_summed_squared_error_of_a_hundredth() -> None:
    experiment = train("four-points")
    split = experiment.dataset.splits["train"]
    outputs = experiment.model.predict(split.inputs)
    assert float(np.square(outputs - split.targets).sum()) < 0.01
    assert experiment.model.network.params.flat.size == 41  # as 3-4-4-1 has in any engine


@pytest.mark.parametrize("encoding", ["binary", "bipolar"])
@pytest.mark.parametrize("gate", ["and", "xor", "nor"])
@pytest.mark.parametrize("inputs", [3, 4])
def test_gates_of_more_inputs_are_learned_in_both_encodings(
    gate: str, inputs: int, encoding: str
) -> None:
    changes = [f"dataset.name={gate}", f"dataset.inputs={inputs}", f"dataset.encoding={encoding}"]
    assert distances(train("parity", *changes)).max() < 0.1


def test_a_column_of_targets_is_one_target_per_row(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("dataset: {name: inline, inputs: [[0], [1]], targets: [[0], [1]]}\n")
    dataset = prepare(load(path)).dataset
    assert dataset.classes == (0, 1)
    assert dataset.splits["train"].targets.tolist() == [0, 1]
