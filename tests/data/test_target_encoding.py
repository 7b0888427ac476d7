"""Target encoding: targets reach each loss in its form, and outputs come back as what they mean."""

from typing import Any

import numpy as np
import pytest

from nnscratch.data.scaling import fit_scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import TARGET_TRANSFORMS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.losses.classification import BinaryCrossEntropy, CrossEntropy
from nnscratch.nn.losses.regression import MeanSquaredError
from nnscratch.nn.registry import create

TWO, THREE = ("no", "yes"), ("a", "b", "c")


def make_encoding(
    loss: str, classes: tuple[str, ...] | None, bipolar: bool = False
) -> TargetEncoding:
    codes = (-1.0, 1.0) if bipolar else (0.0, 1.0)
    return TargetEncoding(create(LOSSES, loss), classes, 1 if classes else 2, codes)


@pytest.mark.parametrize(
    ("loss", "classes", "bipolar", "outputs", "encoded"),
    [
        ("binary_cross_entropy", TWO, False, 1, [[0], [1]]),
        ("binary_cross_entropy", TWO, True, 1, [[0], [1]]),
        ("cross_entropy", TWO, False, 2, [0, 1]),
        ("cross_entropy", THREE, False, 3, [0, 1]),
        ("mean_squared_error", TWO, False, 1, [[0], [1]]),
        ("huber", TWO, True, 1, [[-1], [1]]),
        ("mean_squared_error", THREE, False, 3, [[1, 0, 0], [0, 1, 0]]),
        ("mean_absolute_error", THREE, True, 3, [[1, -1, -1], [-1, 1, -1]]),
    ],
)
def test_classes_reach_a_loss_in_the_form_it_takes(
    loss: str, classes: tuple[str, ...], bipolar: bool, outputs: int, encoded: list[Any]
) -> None:
    encoding = make_encoding(loss, classes, bipolar)
    assert encoding.outputs == outputs
    assert encoding.encode(np.array([0, 1])).tolist() == encoded


@pytest.mark.parametrize(
    ("loss", "classes", "bipolar", "predictions", "decided"),
    [
        ("binary_cross_entropy", TWO, False, [[0.4], [0.6]], [0, 1]),
        ("mean_squared_error", TWO, True, [[-0.1], [0.1]], [0, 1]),
        ("mean_squared_error", TWO, False, [[0.4], [0.6]], [0, 1]),
        ("cross_entropy", THREE, False, [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]], [1, 0]),
    ],
)
def test_outputs_become_the_class_they_are_nearest_to(
    loss: str, classes: tuple[str, ...], bipolar: bool, predictions: list[Any], decided: list[int]
) -> None:
    encoding = make_encoding(loss, classes, bipolar)
    assert encoding.decode(np.array(predictions)).tolist() == decided


def test_numbers_go_through_untouched() -> None:
    encoding = make_encoding("huber", None)
    assert encoding.outputs == 2
    assert encoding.encode(np.array([[1.5, 2.5]])).tolist() == [[1.5, 2.5]]
    assert encoding.decode(np.array([[1.5, 2.5]])).tolist() == [[1.5, 2.5]]


# Columns of very different size.
NUMBERS = np.array([[1.0, 1e9], [3.0, 1e9 + 2], [5.0, 1e9 + 7], [11.0, 1e9 + 3]])


def scaled_encoding(targets: np.ndarray[Any, Any], scaling: str) -> TargetEncoding:
    return TargetEncoding(
        MeanSquaredError(), None, targets.shape[1], scaling=fit_scaling(targets, scaling)
    )


def test_standardized_targets_have_mean_0_and_deviation_1() -> None:
    # By hand: mean 5, squares 16 + 4 + 0 + 36 = 56, variance 14.
    encoding = scaled_encoding(NUMBERS[:, :1], "standardize")
    expected = (np.array([[1.0], [3.0], [5.0], [11.0]]) - 5) / np.sqrt(14)
    np.testing.assert_allclose(encoding.encode(NUMBERS[:, :1]), expected, rtol=1e-12)


@pytest.mark.parametrize("scaling", ["standardize", "minmax", "none"])
def test_decoded_numbers_come_back_in_their_own_units(scaling: str) -> None:
    encoding = scaled_encoding(NUMBERS, scaling)
    encoded = encoding.encode(NUMBERS)
    np.testing.assert_allclose(encoding.decode(encoded), NUMBERS, rtol=1e-14)
    if scaling == "minmax":
        np.testing.assert_allclose(encoded[:, 0], [0, 0.2, 0.4, 1], rtol=1e-12)
        assert (encoded.min(), encoded.max()) == (0, 1)


def test_a_float32_network_keeps_the_digits_of_large_targets() -> None:
    encoding = scaled_encoding(NUMBERS, "standardize")
    outputs = encoding.encode(NUMBERS).astype(np.float32)
    np.testing.assert_allclose(encoding.decode(outputs), NUMBERS, rtol=0, atol=1e-5)


def test_targets_that_do_not_vary_become_0_and_come_back() -> None:
    constant = np.full((7, 1), 0.1)
    for scaling in ("standardize", "minmax"):
        encoding = scaled_encoding(constant, scaling)
        np.testing.assert_allclose(encoding.encode(constant), 0, atol=1e-12)
        np.testing.assert_allclose(encoding.decode(np.zeros((7, 1))), constant, rtol=1e-12)


def test_the_mean_absolute_error_is_reported_in_the_targets_units() -> None:
    encoding = scaled_encoding(NUMBERS[:, :1], "standardize")
    target = encoding.encode(NUMBERS[:, :1])
    off_by_two = encoding.encode(NUMBERS[:, :1] + 2)
    assert encoding.metric()(off_by_two, target) == pytest.approx(2.0)


def test_classes_reach_each_loss_in_its_own_form() -> None:
    three = np.array([2, 0, 1])
    assert TargetEncoding(CrossEntropy(), ("a", "b", "c")).encode(three).tolist() == [2, 0, 1]
    one_hot = TargetEncoding(MeanSquaredError(), ("a", "b", "c")).encode(three)
    assert one_hot.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    two = np.array([1, 0])
    assert TargetEncoding(BinaryCrossEntropy(), ("no", "yes")).encode(two).tolist() == [[1], [0]]
    bipolar = TargetEncoding(MeanSquaredError(), (-1, 1), codes=(-1.0, 1.0))
    assert bipolar.encode(two).tolist() == [[1], [-1]]
    # Probabilities have no use for other codes.
    coded = TargetEncoding(BinaryCrossEntropy(), (-1, 1), codes=(-1.0, 1.0))
    assert coded.encode(two).tolist() == [[1], [0]]


@pytest.mark.parametrize("classes", [("a", "b", "c"), (5, 6), (False, True)])
@pytest.mark.parametrize("loss", [MeanSquaredError, CrossEntropy])
def test_what_is_encoded_is_decoded_to_itself(
    classes: tuple[Any, ...], loss: type[MeanSquaredError | CrossEntropy]
) -> None:
    encoding = TargetEncoding(loss(), classes)
    targets = np.array([1, 0, len(classes) - 1, 1])
    outputs = encoding.encode(targets)
    if encoding.loss.takes_indices:
        outputs = np.eye(len(classes))[targets]
    assert encoding.decode(outputs).tolist() == targets.tolist()
    assert encoding.to_labels(targets).tolist() == [classes[i] for i in targets]


def test_transformed_targets_are_learned_and_come_back_in_their_own_units() -> None:
    # log10 of the targets is 0, 1 and 2: mean log 10, deviation log 10 · √(2/3).
    numbers = np.array([[1.0], [10.0], [100.0]])
    scaling = fit_scaling(np.log(numbers), "standardize")
    encoding = TargetEncoding(
        MeanSquaredError(), None, scaling=scaling, transform=TARGET_TRANSFORMS["log"]
    )
    encoded = encoding.encode(numbers)
    np.testing.assert_allclose(encoded[:, 0], np.array([-1, 0, 1]) / np.sqrt(2 / 3), rtol=1e-12)
    np.testing.assert_allclose(encoding.decode(encoded), numbers, rtol=1e-12)
    # Errors of 9, 0 and 90: 33 on average.
    off = encoding.encode(np.array([[10.0], [10.0], [10.0]]))
    assert encoding.metric()(off, encoded) == pytest.approx(33.0)
    assert encoding.metric().name == "mae"


def test_counts_with_zeros_are_learned_as_log1p() -> None:
    counts = np.array([[0.0, 3.0], [1.0, 0.0]])
    encoding = TargetEncoding(MeanSquaredError(), None, 2, transform=TARGET_TRANSFORMS["log1p"])
    np.testing.assert_allclose(encoding.encode(counts), np.log([[1, 4], [2, 1]]), rtol=1e-15)
    np.testing.assert_allclose(encoding.decode(encoding.encode(counts)), counts, atol=1e-15)
