"""When labels are classes and when numbers, and what a loss sees of numbers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data import load
from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.data.preprocessing import fit_scaling
from nnscratch.data.target_encoding import Encoding
from nnscratch.data.targets import index_targets
from nnscratch.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError

Labels = list[Any]


@pytest.mark.parametrize(
    ("labels", "classes", "indices"),
    [
        (["b", "a", "c", "a"], ("a", "b", "c"), [1, 0, 2, 0]),
        (["10", "9"], ("10", "9"), [0, 1]),
        (["ä", "z", "Z"], ("Z", "z", "ä"), [2, 1, 0]),
        ([True, False, True], (False, True), [1, 0, 1]),
        ([1, 0], (0, 1), [1, 0]),
        ([1, -1, 1], (-1, 1), [1, 0, 1]),
        ([0.0, 1.0, 1.0], (0, 1), [0, 1, 1]),
        ([7, 3, 7, 3], (3, 7), [1, 0, 1, 0]),
        ([-5, 10, 10, -5, 2, 2], (-5, 2, 10), [0, 2, 2, 0, 1, 1]),
        (list(range(20)) * 2, tuple(range(20)), list(range(20)) * 2),
    ],
)
def test_auto_takes_these_for_classes(
    labels: Labels, classes: tuple[object, ...], indices: list[int]
) -> None:
    assert index_targets(labels)[0] == classes
    assert index_targets(labels)[1].tolist() == indices


@pytest.mark.parametrize(
    "labels",
    [
        [1.5, 2.5, 1.5, 2.5],
        [3, 7, 9],  # none stands there twice
        [3, 7, 3],  # not on average
        list(range(21)) * 10,  # too many kinds
        [0, 0.5, 1, 1],
        [-1, 0.25, 1],
        [2.0, 3.0, 2.0, 3.0],  # written as fractions
    ],
)
def test_auto_takes_these_for_numbers(labels: Labels) -> None:
    classes, targets = index_targets(labels)
    assert classes is None
    assert targets.dtype == np.float64
    assert targets.tolist() == [[label] for label in labels]


def test_lists_are_several_numbers() -> None:
    classes, targets = index_targets([[0, 1], [1, 0], [1, 1]])
    assert classes is None
    assert targets.tolist() == [[0, 1], [1, 0], [1, 1]]


def test_the_task_overrules_the_look() -> None:
    assert index_targets([1.5, 2.5, 1.5], "classification")[0] == (1.5, 2.5)
    assert index_targets([0, 1, 1], "regression")[0] is None
    assert index_targets([0, 1, 1], "regression")[1].tolist() == [[0], [1], [1]]


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([0, 1, 1], None),
        ([3, 7, 3, 7], None),
        ([-1, 1], None),
        ([[1, 2], [3, 4]], None),
        (["a", "b"], ("a", "b")),
        ([True, False], (False, True)),
    ],
)
def test_regression_if_possible_leaves_only_text_and_truths_to_be_classes(
    labels: Labels, classes: tuple[object, ...] | None
) -> None:
    assert index_targets(labels, "regression_if_possible")[0] == classes


@pytest.mark.parametrize("seed", range(5))
def test_classes_and_indices_give_the_labels_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = rng.choice(["x", "yy", "", "Z z", "1"], 50).tolist()
    classes, indices = index_targets(labels)
    assert classes is not None
    assert [classes[i] for i in indices] == labels
    assert list(classes) == sorted(set(labels))


# How target scaling and its way back do with numbers of very different size.
NUMBERS = np.array([[1.0, 1e9], [3.0, 1e9 + 2], [5.0, 1e9 + 7], [11.0, 1e9 + 3]])


def scaled_encoding(targets: np.ndarray[Any, Any], scaling: str) -> Encoding:
    shift, scale = fit_scaling(targets, scaling)
    return Encoding(
        MeanSquaredError(),
        None,
        targets.shape[1],
        shift=tuple(shift.tolist()),
        scale=tuple((1 / scale).tolist()),
    )


def test_standardized_targets_have_mean_0_and_deviation_1() -> None:
    # By hand: mean 5, squares 16 + 4 + 0 + 36 = 56, variance 14.
    encoding = scaled_encoding(NUMBERS[:, :1], "standardize")
    expected = (np.array([[1.0], [3.0], [5.0], [11.0]]) - 5) / np.sqrt(14)
    np.testing.assert_allclose(encoding.encode(NUMBERS[:, :1]), expected, rtol=1e-12)


@pytest.mark.parametrize("scaling", ["standardize", "minmax", "none"])
def test_decided_numbers_come_back_in_their_own_units(scaling: str) -> None:
    encoding = scaled_encoding(NUMBERS, scaling)
    encoded = encoding.encode(NUMBERS)
    np.testing.assert_allclose(encoding.decide(encoded), NUMBERS, rtol=1e-14)
    if scaling == "minmax":
        np.testing.assert_allclose(encoded[:, 0], [0, 0.2, 0.4, 1], rtol=1e-12)
        assert (encoded.min(), encoded.max()) == (0, 1)


def test_a_float32_network_keeps_the_digits_of_large_targets() -> None:
    encoding = scaled_encoding(NUMBERS, "standardize")
    outputs = encoding.encode(NUMBERS).astype(np.float32)
    np.testing.assert_allclose(encoding.decide(outputs), NUMBERS, rtol=0, atol=1e-5)


def test_targets_that_do_not_vary_become_0_and_come_back() -> None:
    constant = np.full((7, 1), 0.1)
    for scaling in ("standardize", "minmax"):
        encoding = scaled_encoding(constant, scaling)
        np.testing.assert_allclose(encoding.encode(constant), 0, atol=1e-12)
        np.testing.assert_allclose(encoding.decide(np.zeros((7, 1))), constant, rtol=1e-12)


def test_the_mean_absolute_error_is_reported_in_the_targets_units() -> None:
    encoding = scaled_encoding(NUMBERS[:, :1], "standardize")
    target = encoding.encode(NUMBERS[:, :1])
    off_by_two = encoding.encode(NUMBERS[:, :1] + 2)
    assert encoding.metric()(off_by_two, target) == pytest.approx(2.0)


def test_classes_reach_each_loss_in_its_own_form() -> None:
    three = np.array([2, 0, 1])
    assert Encoding(CrossEntropy(), ("a", "b", "c")).encode(three).tolist() == [2, 0, 1]
    one_hot = Encoding(MeanSquaredError(), ("a", "b", "c")).encode(three)
    assert one_hot.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    two = np.array([1, 0])
    assert Encoding(BinaryCrossEntropy(), ("no", "yes")).encode(two).tolist() == [[1], [0]]
    bipolar = Encoding(MeanSquaredError(), (-1, 1), codes=(-1.0, 1.0))
    assert bipolar.encode(two).tolist() == [[1], [-1]]
    # Probabilities have no use for other codes.
    coded = Encoding(BinaryCrossEntropy(), (-1, 1), codes=(-1.0, 1.0))
    assert coded.encode(two).tolist() == [[1], [0]]


@pytest.mark.parametrize("classes", [("a", "b", "c"), (5, 6), (False, True)])
@pytest.mark.parametrize("loss", [MeanSquaredError, CrossEntropy])
def test_what_is_encoded_is_decided_to_be_itself(
    classes: tuple[Any, ...], loss: type[MeanSquaredError | CrossEntropy]
) -> None:
    encoding = Encoding(loss(), classes)
    targets = np.array([1, 0, len(classes) - 1, 1])
    outputs = encoding.encode(targets)
    if encoding.loss.takes_indices:
        outputs = np.eye(len(classes))[targets]
    assert encoding.decide(outputs).tolist() == targets.tolist()
    assert encoding.labels(targets).tolist() == [classes[i] for i in targets]


def make_dataset(**changes: Any) -> Dataset:
    split = Split(np.arange(6.0).reshape(3, 2), np.array([0, 1, 1], np.intp))
    parts: dict[str, Any] = {"splits": {"train": split}, "features": number_features(2)}
    return Dataset(**{**parts, "classes": (0, 1), **changes})


def test_a_fingerprint_is_of_values_and_not_of_how_they_lie_in_memory() -> None:
    inputs, targets = np.arange(6.0).reshape(3, 2), np.array([0, 1, 1])
    same = [
        Split(np.asfortranarray(inputs), targets.astype(np.int32)),
        Split(inputs.astype(np.float32), targets.astype(">i8")),
        Split(inputs.astype(">f8"), targets.astype(np.uint8).astype(np.intp)),
        Split(np.repeat(inputs, 2, axis=0)[::2], np.repeat(targets, 2)[::2]),
    ]
    expected = make_dataset().fingerprint()
    assert {make_dataset(splits={"train": split}).fingerprint() for split in same} == {expected}


def test_a_fingerprint_changes_with_anything_that_is_learnt_from() -> None:
    split = make_dataset().splits["train"]
    nudged = split.inputs + np.array([0, np.spacing(8.0)])
    others = [
        make_dataset(splits={"test": split}),
        make_dataset(splits={"train": split, "test": split}),
        make_dataset(splits={"train": Split(nudged, split.targets)}),
        make_dataset(splits={"train": Split(split.inputs[::-1], split.targets)}),
        make_dataset(splits={"train": Split(split.inputs, 1 - split.targets)}),
        make_dataset(splits={"train": Split(split.inputs[:2], split.targets[:2])}),
        make_dataset(features=number_features(2, "y")),
        make_dataset(classes=("0", "1")),
        make_dataset(classes=(0, 2)),
        make_dataset(codes=(-1.0, 1.0)),
    ]
    prints = {dataset.fingerprint() for dataset in [make_dataset(), *others]}
    assert len(prints) == 1 + len(others)
    assert all(len(digits) == 64 for digits in prints)


def test_a_fingerprint_of_pictures_sees_each_byte() -> None:
    pictures = np.arange(12, dtype=np.uint8).reshape(3, 4)
    other = pictures.copy()
    other[2, 3] ^= 1
    targets = np.array([0, 1, 1])
    prints = {
        make_dataset(splits={"train": Split(x, targets)}).fingerprint() for x in (pictures, other)
    }
    assert len(prints) == 2


def whole_file(folder: Path, kind: str, labels: list[float]) -> Dataset:
    """Loads rows with these targets, written as fractions, from a file of the kind."""
    path = folder / f"mine.{kind}"
    if kind == "npz":
        np.savez(path, x=np.arange(len(labels) * 1.0)[:, np.newaxis], y=np.array(labels))
        return load("npz", path=str(path))
    rows = [f"{i},{label!r}" for i, label in enumerate(labels)]
    path.write_text("\n".join(["a,kind", *rows, ""]))
    return load("csv", path=str(path), target="kind")


@pytest.mark.parametrize("kind", ["npz", "csv"])
def test_whole_numbers_written_as_fractions_are_classes(kind: str, tmp_path: Path) -> None:
    dataset = whole_file(tmp_path, kind, [0.0, 1.0, 2.0, 2.0, 1.0, 0.0])
    assert dataset.classes == (0, 1, 2)
    assert [type(label) for label in dataset.classes or ()] == [int] * 3
    assert dataset.splits["train"].targets.tolist() == [0, 1, 2, 2, 1, 0]


@pytest.mark.parametrize("kind", ["npz", "csv"])
@pytest.mark.parametrize(
    "labels",
    [
        [0.0, 1.0, 2.0, 2.5, 1.0, 0.0],
        [1e20, 2e20, 3e20, 4.5e20],  # whole, but too large for an integer of 64 bits
        [-1e300, 2.0, 3.0, 4.0],
        [2.0**63, 1.0, 2.0, 3.0],
        [2.0**53, 1.0, 2.0, 3.0],
    ],
)
def test_numbers_keep_their_size(kind: str, labels: list[float], tmp_path: Path) -> None:
    dataset = whole_file(tmp_path, kind, labels)
    assert dataset.classes is None
    assert dataset.splits["train"].targets.tolist() == [[label] for label in labels]
