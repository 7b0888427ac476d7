"""Truth tables as every textbook prints them."""

import numpy as np
import pytest

from nnscratch.data import DATASETS, load
from nnscratch.data.sources.gates import GATES
from tests.conftest import TRUTH


@pytest.mark.parametrize(("name", "outputs"), TRUTH.items())
def test_two_inputs(name: str, outputs: list[int]) -> None:
    dataset = load(name)
    split = dataset.splits["train"]
    assert split.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert split.targets.tolist() == outputs
    assert dataset.classes == (0, 1)
    assert [feature.name for feature in dataset.features] == ["x1", "x2"]


def test_not_has_one_input() -> None:
    split = load("not").splits["train"]
    assert split.inputs.tolist() == [[0], [1]]
    assert split.targets.tolist() == [1, 0]


def test_xor_of_three_inputs_is_parity() -> None:
    split = load("xor", inputs=3).splits["train"]
    assert split.targets.tolist() == [0, 1, 1, 0, 1, 0, 0, 1]
    assert load("and", inputs=3).splits["train"].targets.tolist() == [0] * 7 + [1]
    assert load("nor", inputs=3).splits["train"].targets.tolist() == [1] + [0] * 7


def test_bipolar_writes_minus_one_and_one() -> None:
    dataset = load("and", encoding="bipolar")
    assert dataset.splits["train"].inputs.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert dataset.splits["train"].targets.tolist() == [0, 0, 0, 1]  # indices of the classes
    assert dataset.classes == (-1, 1)
    assert dataset.codes == (-1.0, 1.0)


def test_every_gate_has_a_loader_and_a_truth_table_here() -> None:
    assert set(GATES) == {*TRUTH, "not"}
    assert set(GATES) < set(DATASETS)


def test_fingerprints_tell_data_apart_and_know_it_again() -> None:
    prints = {load(name).fingerprint() for name in GATES}
    assert len(prints) == len(GATES)
    assert load("xor").fingerprint() == load("xor").fingerprint()
    assert load("xor").fingerprint() != load("xor", encoding="bipolar").fingerprint()
    assert np.all([len(digits) == 64 for digits in prints])
