"""Calibration: the temperature by hand and by SciPy, and what dividing by it changes."""

import tracemalloc
from dataclasses import dataclass
from math import exp, log

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from nnscratch.nn.calibration import (
    calibrated_weights,
    find_temperature,
    has_probabilities,
    loss_at,
)
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.losses.base import Loss
from nnscratch.nn.losses.classification import BinaryCrossEntropy, CrossEntropy, softmax
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets

RNG = np.random.default_rng(3)
LOGITS = RNG.normal(size=(40, 3)) * 4
CLASSES = np.where(RNG.random(40) < 0.5, LOGITS.argmax(axis=1), RNG.integers(0, 3, 40))
LABELS = (LOGITS + 3 * RNG.normal(size=(40, 3)) > 0).astype(float)
WEIGHTS = RNG.integers(0, 4, 40).astype(float)


@pytest.mark.parametrize("scale", [0.1, 1.0, 7.0])
def test_of_rows_that_are_all_as_sure_the_share_of_right_ones_is_the_probability(
    scale: float,
) -> None:
    """Three of four rows are right, and half a row is half right: p = (3 + 1/4) / (4 + 1/2)."""
    p = 3.25 / 4.5
    expected = scale / log(p / (1 - p))
    z = np.array([scale, scale, scale, -scale])
    two = np.column_stack([z, np.zeros(4)])
    found = find_temperature(CrossEntropy(), two, np.zeros(4, int))
    assert found == pytest.approx(expected, rel=2e-6)
    found = find_temperature(BinaryCrossEntropy(), z[:, np.newaxis], np.ones((4, 1)))
    assert found == pytest.approx(expected, rel=2e-6)


def test_two_rows_that_are_right_keep_a_doubt() -> None:
    """Of two right rows, p = (2 + 1/4) / (2 + 1/2) = 9/10; without the half row, T would be 0."""
    logits = np.array([[3.0, 0.0], [0.0, 3.0]])
    found = find_temperature(CrossEntropy(), logits, np.array([0, 1]))
    assert found == pytest.approx(3 / log(9), rel=2e-6)
    assert loss_at(found, CrossEntropy(), logits, np.array([0, 1])) == pytest.approx(-log(0.9))


def plain_loss(
    kind: str, z: Array, y: Targets, w: Array, epsilon: float, of_classes: list[float]
) -> float:
    """Returns the weighted loss with label smoothing, written down once more."""
    factors = np.asarray(of_classes)
    if kind == "classes":
        p, target = softmax(z), np.eye(3)[y] * (1 - epsilon) + epsilon / 3
        each = -(target * np.log(p)).sum(axis=1) * factors[y]
    else:
        p, target = 1 / (1 + np.exp(-z)), y * (1 - epsilon) + epsilon / 2
        each = -(target * np.log(p) + (1 - target) * np.log(1 - p))
        each = (each * factors[y.astype(int)]).mean(axis=1)
    return float(w @ each / w.sum())


@pytest.mark.parametrize("kind", ["classes", "labels"])
@pytest.mark.parametrize("is_weighted", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("class_weight", [None, (0.5, 3.0, 1.0)])
def test_scipy_finds_the_same_temperature(
    kind: str, is_weighted: bool, smoothing: float, class_weight: tuple[float, ...] | None
) -> None:
    weight = class_weight if kind == "classes" or class_weight is None else class_weight[:2]
    loss_class = CrossEntropy if kind == "classes" else BinaryCrossEntropy
    targets: Targets = CLASSES if kind == "classes" else LABELS
    weights = WEIGHTS if is_weighted else np.ones(40)
    rows = weights.sum() ** 2 / (weights**2).sum()
    # n rows of smoothed targets, and half a row of uniform ones.
    epsilon = 1 - (1 - smoothing) * rows / (rows + 0.5)

    def loss_of(log_temperature: float) -> float:
        z = LOGITS / exp(log_temperature)
        return plain_loss(kind, z, targets, weights, epsilon, list(weight or (1.0,) * 3))

    bounds = {"bounds": (-4, 4), "method": "bounded", "options": {"xatol": 1e-9}}
    best = exp(minimize_scalar(loss_of, **bounds).x)
    loss = loss_class(label_smoothing=smoothing, class_weight=weight)
    found = find_temperature(loss, LOGITS, targets, WEIGHTS if is_weighted else None)
    assert found == pytest.approx(best, rel=1e-5)
    single = LOGITS.astype(np.float32)
    assert find_temperature(
        loss, single, targets, WEIGHTS.astype(np.float32) if is_weighted else None
    ) == pytest.approx(best, rel=1e-5)


def test_a_factor_of_the_logits_is_one_of_the_temperature() -> None:
    one = find_temperature(CrossEntropy(), LOGITS, CLASSES)
    for factor in (0.3, 2.0, 5.5):
        found = find_temperature(CrossEntropy(), factor * LOGITS, CLASSES)
        assert found == pytest.approx(factor * one, rel=2e-6)


def test_a_number_that_all_logits_of_a_row_have_more_changes_nothing() -> None:
    one = find_temperature(CrossEntropy(), LOGITS, CLASSES)
    shifts = 1000 * RNG.normal(size=(40, 1))
    assert find_temperature(CrossEntropy(), LOGITS + shifts, CLASSES) == pytest.approx(one)


@pytest.mark.parametrize("factor", [1e200, 1e-200, 1e304, 5e-324])
@pytest.mark.filterwarnings("error")
def test_a_factor_of_all_weights_changes_nothing(factor: float) -> None:
    one = find_temperature(CrossEntropy(), LOGITS, CLASSES, WEIGHTS)
    found = find_temperature(CrossEntropy(), LOGITS, CLASSES, factor * WEIGHTS)
    assert found == pytest.approx(one, rel=1e-9)
    loss = loss_at(one, CrossEntropy(), LOGITS, CLASSES, WEIGHTS)
    heavy = loss_at(one, CrossEntropy(), LOGITS, CLASSES, factor * WEIGHTS)
    assert heavy == pytest.approx(loss, rel=1e-9)


@pytest.mark.parametrize("kind", ["classes", "labels"])
@pytest.mark.parametrize("is_weighted", [False, True])
def test_many_rows_are_as_those_that_they_repeat_with_weights(kind: str, is_weighted: bool) -> None:
    """300 copies of 40 rows, which go through in pieces, against 40 rows as one batch."""
    loss: Loss = CrossEntropy() if kind == "classes" else BinaryCrossEntropy()
    targets: Targets = CLASSES if kind == "classes" else LABELS
    weights = WEIGHTS if is_weighted else np.ones(40)
    order = RNG.permutation(300 * 40)
    z, y = np.tile(LOGITS, (300, 1))[order], np.concatenate([targets] * 300)[order]
    w = np.tile(weights, 300)[order] if is_weighted else None
    found = find_temperature(loss, z, y, w)
    rows = 300 * weights.sum() ** 2 / (weights**2).sum()
    smoothed = type(loss)(label_smoothing=1 / (2 * rows + 1))  # type: ignore[call-arg]  # either

    def loss_of(log_temperature: float) -> float:
        return float(smoothed(LOGITS / exp(log_temperature), targets, weights)[0])

    bounds = {"bounds": (-4, 4), "method": "bounded", "options": {"xatol": 1e-9}}
    assert found == pytest.approx(exp(minimize_scalar(loss_of, **bounds).x), rel=1e-5)
    plain = loss(LOGITS / found, targets, weights)[0]
    assert loss_at(found, loss, z, y, w) == pytest.approx(plain, rel=1e-9)


def test_it_takes_less_memory_than_the_logits() -> None:
    logits = RNG.normal(size=(100_000, 8)).astype(np.float32)
    classes = RNG.integers(0, 8, 100_000)
    tracemalloc.start()
    try:
        loss_at(find_temperature(CrossEntropy(), logits, classes), CrossEntropy(), logits, classes)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < logits.nbytes


def test_a_weight_is_how_often_a_row_is_there() -> None:
    counts = np.full(40, 3.0)
    counts[::2] = 0.0
    rows = np.flatnonzero(counts)
    found = find_temperature(CrossEntropy(), LOGITS, CLASSES, counts)
    assert found == pytest.approx(find_temperature(CrossEntropy(), LOGITS[rows], CLASSES[rows]))


@dataclass(eq=False, repr=False)
class SureOfItself(Loss):
    """−mean(log p_y), which cannot smooth its targets."""

    output_activation = "softmax"
    takes_indices = True

    def __call__(
        self, logits: Array, targets: Targets, weights: Array | None = None
    ) -> tuple[float, Array]:
        return CrossEntropy()(logits, targets, weights)


def test_a_temperature_has_bounds() -> None:
    right, wrong = LOGITS.argmax(axis=1), LOGITS.argmin(axis=1)
    assert find_temperature(CrossEntropy(), LOGITS, wrong) == 64
    assert find_temperature(SureOfItself(), LOGITS, right) == 1 / 64
    assert 1 / 64 < find_temperature(CrossEntropy(), LOGITS, right) < 64


@pytest.mark.parametrize(
    "logits",
    [
        np.zeros((2, 2)),
        np.full((2, 2), 7.0),
        np.array([[np.nan, 0.0], [1.0, 0.0]]),
        np.array([[np.inf, 0.0], [1.0, 0.0]]),
        np.array([[-np.inf, 0.0], [1.0, 0.0]]),
        np.full((2, 2), -np.inf),
    ],
)
@pytest.mark.filterwarnings("error")
def test_logits_that_say_nothing_stay_as_they_are(logits: Array) -> None:
    assert find_temperature(CrossEntropy(), logits, np.array([0, 1])) == 1
    labels = np.array([[0.0, 1.0], [1.0, 0.0]])
    found = find_temperature(BinaryCrossEntropy(), logits, labels)
    # Logits of 7 are overconfident for labels that are as often 0 as 1.
    assert found == (64 if np.all(logits == 7) else 1)
    loss_at(found, BinaryCrossEntropy(), logits, labels)


@pytest.mark.filterwarnings("error")
def test_huge_logits_are_no_trouble() -> None:
    for size in (1e30, 1e300):
        logits = size * LOGITS
        assert find_temperature(CrossEntropy(), logits, CLASSES) == 64
        assert 1 / 64 <= find_temperature(CrossEntropy(), logits, LOGITS.argmax(axis=1)) <= 64


def test_classes_that_do_not_count_leave_all_as_it_is() -> None:
    loss = CrossEntropy(class_weight=(0.0, 0.0, 0.0))
    assert find_temperature(loss, LOGITS, CLASSES) == 1


@pytest.mark.parametrize("settings", [{}, {"use_bias": False}, {"batch_norm": True}])
def test_with_calibrated_weights_the_logits_are_divided(settings: dict[str, bool]) -> None:
    network = Network(2, [4], 3, loss="cross_entropy", dtype="float64", seed=1, **settings)  # type: ignore[arg-type]  # any of them
    network.params.flat[:] = RNG.normal(size=network.params.flat.size)
    x = RNG.normal(size=(5, 2))
    before, weights = network.logits(x), network.weights.copy()
    calibrated = calibrated_weights(network, 2.5)
    np.testing.assert_array_equal(network.weights, weights)
    network.weights[:] = calibrated
    np.testing.assert_allclose(network.logits(x), before / 2.5, rtol=1e-12)
    np.testing.assert_array_equal(network.logits(x).argmax(axis=1), before.argmax(axis=1))
    assert np.count_nonzero(calibrated != weights) == 12 + 3 * network.use_bias


def test_the_losses_with_probabilities_are_the_cross_entropies() -> None:
    having = {name for name, loss in LOSSES.items() if has_probabilities(loss)}
    assert having == {"binary_cross_entropy", "cross_entropy"}
