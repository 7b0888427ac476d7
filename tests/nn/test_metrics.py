"""Metrics against counts and sums done by hand."""

import math

import numpy as np
import pytest

from nnscratch.nn.metrics import (
    METRICS,
    MONITORED,
    BinaryAccuracy,
    CategoricalAccuracy,
    MeanAbsolute,
    Metric,
    TransformedMeanAbsolute,
    class_scores,
    confusion_matrix,
    is_better,
    metric_of,
    regression_scores,
    validation_loss,
)


def test_binary_accuracy_compares_sides_of_the_threshold() -> None:
    logits, targets = np.array([[0.1], [-0.1], [2.0], [0.0]]), np.array([[1], [1], [0], [0]])
    assert BinaryAccuracy()(logits, targets) == 0.5
    signs = np.array([[1], [-1], [1], [-1]])
    assert BinaryAccuracy(threshold=0, target_threshold=0)(logits, signs) == 1.0


def test_categorical_accuracy_takes_indices_and_one_hot() -> None:
    logits = np.array([[1.0, 3.0, 2.0], [5.0, 0.0, 0.0], [0.0, 1.0, 2.0]])
    assert CategoricalAccuracy()(logits, np.array([1, 0, 0])) == pytest.approx(2 / 3)
    assert CategoricalAccuracy()(logits, np.eye(3)[[1, 0, 0]]) == pytest.approx(2 / 3)


def test_mean_absolute_is_over_rows_and_outputs() -> None:
    assert MeanAbsolute()(np.array([[1.0, 2.0]]), np.array([[0.0, 5.0]])) == 2.0


# Actual 0 0 0 1 1 2, predicted 0 0 1 1 2 2.
CONFUSION = [[2, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_confusion_counts_actual_by_predicted() -> None:
    counts = confusion_matrix(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 2, 2]), 3)
    assert counts.tolist() == CONFUSION


def test_class_scores_by_hand() -> None:
    first, second, third = class_scores(np.array(CONFUSION))
    assert first == pytest.approx((1.0, 2 / 3, 0.8, 3))
    assert second == pytest.approx((0.5, 0.5, 0.5, 2))
    assert third == pytest.approx((0.5, 1.0, 2 / 3, 1))


def test_a_class_that_is_never_there_scores_zero() -> None:
    _, absent = class_scores(np.array([[3, 0], [0, 0]]))
    assert absent == (0.0, 0.0, 0.0, 0)


def test_regression_scores_by_hand() -> None:
    # d = 1, 0, -2; Σd² = 5; ȳ = 2, Σ(y - ȳ)² = 2
    scores = regression_scores(np.array([[1.0], [2.0], [3.0]]), np.array([[2.0], [2.0], [1.0]]))
    assert scores == pytest.approx({"rmse": math.sqrt(5 / 3), "mae": 1.0, "r2": 1 - 5 / 2})


def test_r2_of_targets_that_do_not_vary_is_not_a_number() -> None:
    assert math.isnan(regression_scores(np.ones((2, 1)), np.zeros((2, 1)))["r2"])


def test_more_accuracy_and_less_of_all_else_is_better() -> None:
    assert is_better("val_accuracy", 0.9, 0.8)
    assert not is_better("val_accuracy", 0.8, 0.8)
    for name in ("loss", "val_loss", "mae", "val_mae", "val_calibrated_loss"):
        assert is_better(name, 0.8, 0.9)
        assert not is_better(name, 0.8, 0.8)
        assert not is_better(name, math.nan, 0.8)


def test_each_metric_says_how_it_is_read() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.label
        assert metric_of(f"val_{name}") is metric_of(f"test_{name}") is metric_of(name) is metric
    assert METRICS["accuracy"].percent
    assert METRICS["mae"].label == "mean absolute error"
    assert metric_of("loss") is metric_of("val_loss") is None
    assert metric_of("val_calibrated_loss") is None
    assert MONITORED == (
        "loss", "accuracy", "mae", "val_loss", "val_accuracy", "val_mae", "val_calibrated_loss",
    )  # fmt: skip


def test_mean_absolute_of_transformed_targets_is_in_the_units_of_the_data() -> None:
    # Scaled 0 and 1 are log 10 and log 100, so the errors are 90 and 0: 45 on average.
    metric = TransformedMeanAbsolute((math.log(10),), (math.log(10),), np.exp)
    logits, targets = np.array([[1.0], [1.0]]), np.array([[0.0], [1.0]])
    assert metric(logits, targets) == pytest.approx(45.0, rel=1e-12)
    small = logits.astype(np.float32), targets.astype(np.float32)
    assert metric(*small) == pytest.approx(45.0, rel=1e-12)  # computed in float64
    # Two outputs with a scale and a shift of their own: |e¹ − e⁰| and |e⁴ − e²|, less 1 in both.
    several = TransformedMeanAbsolute((1.0, 2.0), (0.0, 2.0), np.expm1)
    expected = (math.exp(1) - 1 + math.exp(4) - math.exp(2)) / 2
    assert several(np.array([[1.0, 1.0]]), np.array([[0.0, 0.0]])) == pytest.approx(expected)
    assert TransformedMeanAbsolute().name == "mae"


@pytest.mark.parametrize(
    "metric",
    [
        BinaryAccuracy(),
        CategoricalAccuracy(),
        MeanAbsolute((1.0, 2.0)),
        TransformedMeanAbsolute((1.0, 2.0), (0.5, 0.1), np.exp),
    ],
    ids=lambda metric: type(metric).__name__,
)
def test_a_weight_is_how_often_a_row_is_there(metric: Metric) -> None:
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(2, 5, 2))
    weights = [1, 3, 0, 2, 1]
    rows = np.repeat(np.arange(5), weights)
    expected = metric(logits[rows], targets[rows])
    assert metric(logits, targets, np.array(weights, float)) == pytest.approx(expected, rel=1e-13)


def test_regression_scores_weigh_their_rows() -> None:
    rng = np.random.default_rng(0)
    actual, predicted = rng.normal(size=(2, 5, 2))
    weights = [1, 3, 0, 2, 1]
    rows = np.repeat(np.arange(5), weights)
    expected = regression_scores(actual[rows], predicted[rows])
    got = regression_scores(actual, predicted, np.array(weights))
    assert got == pytest.approx(expected, rel=1e-13)
    alike = regression_scores(np.ones((2, 1)), np.zeros((2, 1)), np.array([1.0, 2.0]))
    assert math.isnan(alike["r2"])


@pytest.mark.parametrize(
    ("metric", "rows"),
    [
        (CategoricalAccuracy(), (np.array([[0.0, 1.0]] * 3000), np.ones(3000, np.intp))),
        (BinaryAccuracy(), (np.ones((3000, 2)), np.ones((3000, 2)))),
    ],
    ids=["classes", "labels"],
)
def test_no_weights_make_more_than_all_rows_right(
    metric: Metric, rows: tuple[np.ndarray, np.ndarray]
) -> None:
    logits, targets = rows
    for seed in range(20):
        weights = np.random.default_rng(seed).random(3000).astype(np.float32)
        assert metric(logits, targets, weights) == 1.0
    assert metric(logits, targets, np.zeros(3000, np.float32)) == 0.0


def test_the_validation_loss_that_counts_can_be_monitored() -> None:
    assert validation_loss(calibrated=False) == "val_loss"
    assert validation_loss(calibrated=True) == "val_calibrated_loss"
    assert {validation_loss(calibrated=each) for each in (True, False)} <= set(MONITORED)
