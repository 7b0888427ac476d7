"""The data set: its fingerprint knows every value and name, and nothing of the machine."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset, Feature, Split, number_features

INPUTS = np.array([[1.0, 0.0], [2.0, 1.0], [float("nan"), 1.0]])
DATASET = Dataset(
    {"train": Split(INPUTS, np.array([0, 1, 1]))},
    (Feature("width"), Feature("colour", ("blue", "red"))),
    ("no", "yes"),
)
FINGERPRINT = "e09bf4290d5ebfc9e9a5a975a5554fbe02a0048aff29ce282438d0550e0e405a"


def with_split(inputs: NDArray[Any], targets: NDArray[Any], name: str = "train") -> Dataset:
    return replace(DATASET, splits={name: Split(inputs, targets)})


def test_a_fingerprint_is_a_fixed_number() -> None:
    # Recorded runs name their data by it, so it must never change.
    assert DATASET.fingerprint() == FINGERPRINT


@pytest.mark.parametrize(
    "other",
    [
        with_split(INPUTS + 1e-9, np.array([0, 1, 1])),
        with_split(INPUTS, np.array([0, 1, 0])),
        with_split(INPUTS, np.array([0, 1, 1]), name="test"),
        with_split(INPUTS[:2], np.array([0, 1])),
        replace(DATASET, classes=("no", "maybe")),
        replace(DATASET, codes=(-1.0, 1.0)),
        replace(DATASET, target_names=("answer",)),
        replace(DATASET, features=(Feature("width"), Feature("colour", ("blue", "green")))),
    ],
    ids=["inputs", "targets", "part", "rows", "classes", "codes", "target names", "categories"],
)
def test_other_data_has_another_fingerprint(other: Dataset) -> None:
    assert other.fingerprint() != DATASET.fingerprint()


def test_the_order_of_bytes_and_the_size_of_an_index_do_not_matter() -> None:
    for order, index in ((">f8", ">i4"), ("<f8", "<i2")):
        same = with_split(INPUTS.astype(order), np.array([0, 1, 1]).astype(index))
        assert same.fingerprint() == DATASET.fingerprint()
    assert with_split(np.asfortranarray(INPUTS), np.array([0, 1, 1])).fingerprint() == FINGERPRINT


def test_notes_and_held_out_parts_are_no_part_of_the_data() -> None:
    assert replace(DATASET, notes=("a",), held_out=("test",)).fingerprint() == FINGERPRINT


def test_a_feature_survives_json() -> None:
    for feature in DATASET.features:
        assert Feature.from_json(feature.to_json()) == feature
    with pytest.raises(ValueError, match="unpack"):
        Feature.from_json(["a"])
    with pytest.raises(TypeError):
        Feature.from_json(["a", 1])


def test_widths_count_the_inputs_of_a_network_and_the_numbers_of_a_target() -> None:
    assert [feature.width for feature in DATASET.features] == [1, 2]
    assert DATASET.numbers == 1
    assert replace(with_split(INPUTS, np.zeros((3, 2))), classes=None).numbers == 2
    assert len(DATASET.splits["train"]) == 3


def test_numbers_are_named_from_one() -> None:
    assert number_features(3) == (Feature("x1"), Feature("x2"), Feature("x3"))


def test_weights_are_part_of_the_data_and_stay_with_their_rows() -> None:
    weights = np.array([1.0, 2.0, 0.0])
    split = Split(INPUTS, np.array([0, 1, 1]), weights)
    data = replace(DATASET, splits={"train": split})
    assert data.fingerprint() != DATASET.fingerprint()
    chosen = split[np.array([1, 0])]
    assert chosen.weights is not None
    assert chosen.weights.tolist() == [2.0, 1.0]
    assert Split(INPUTS, np.array([0, 1, 1]))[:2].weights is None
