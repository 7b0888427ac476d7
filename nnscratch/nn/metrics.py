"""Metrics: figures that people judge a network by; unlike a loss they need no gradient.

A `Metric` is a mean over rows, so the metric of an epoch is the mean of its batches' and takes no
second pass over the data. The other functions look at a whole set of predictions at once.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from math import isnan, nan, sqrt
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.losses import Loss
from nnscratch.nn.losses.base import shares_of
from nnscratch.nn.losses.classification import BinaryCrossEntropy, CrossEntropy, Hinge
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import Component, components, with_settings


class Metric(Component, ABC):
    """The mean over a batch's rows of how right, or how far off, each prediction is.

    Attributes:
        name: Its key in `METRICS`, in records and in metrics.csv; two metrics that are one to a
            reader inherit it, as the two accuracies do.
        label: Its name in words, for the axis of a plot.
        higher_is_better: Whether a larger value is better.
        percent: Whether it is a share, which is written as a percentage.
    """

    label: ClassVar[str]
    higher_is_better: ClassVar[bool] = False
    percent: ClassVar[bool] = False

    @abstractmethod
    def __call__(self, logits: Array, targets: Targets, weights: Array | None = None) -> float:
        """Returns the mean over the rows.

        Args:
            logits: (batch, outputs).
            targets: As the loss takes them.
            weights: How much each row counts (batch,); all the same unless given.
        """


class Accuracy(Metric):
    """The share of predictions that are right."""

    name = label = "accuracy"
    higher_is_better = percent = True


@with_settings
class BinaryAccuracy(Accuracy):
    """The share of outputs on the same side of their threshold as the targets are of theirs.

    Args:
        threshold: The threshold of the logits; 0 is where a sigmoid is one half.
        target_threshold: The threshold of the targets.
    """

    threshold: float = 0.0
    target_threshold: float = 0.5

    def __call__(self, logits: Array, targets: Targets, weights: Array | None = None) -> float:
        right: NDArray[np.bool_]
        right = (logits > self.threshold) == (targets > self.target_threshold)
        if weights is not None:
            return _weighted_share(right.mean(axis=1), weights)
        return float(np.count_nonzero(right)) / right.size


def _weighted_share(right: NDArray[Any], weights: Array) -> float:
    """Returns Σ w r / Σ w, 0 if no row counts; in float64, so that it is 1 where all r are.

    Args:
        right: r, the share of a row's answers that are right (batch,).
        weights: w (batch,).
    """
    exact = weights.astype(np.float64)
    return float(np.average(right, weights=exact)) if exact.any() else 0.0


class CategoricalAccuracy(Accuracy):
    """The share of rows whose largest logit is that of the class; targets as indices or one-hot."""

    def __call__(self, logits: Array, targets: Targets, weights: Array | None = None) -> float:
        classes = targets if targets.ndim == 1 else targets.argmax(axis=1)
        right = logits.argmax(axis=1) == classes
        if weights is not None:
            return _weighted_share(right, weights)
        return float(np.count_nonzero(right)) / len(classes)


@with_settings
class MeanAbsolute(Metric):
    """mean(s |z − y|), in the units of the data.

    Args:
        scale: s, one for each output or one for all: the factor from the targets that the loss sees
            to those of the data.
    """

    scale: tuple[float, ...] = (1.0,)
    name = "mae"
    label = "mean absolute error"

    def __call__(self, logits: Array, targets: Targets, weights: Array | None = None) -> float:
        each = np.abs(logits - targets)
        if weights is not None:
            means = np.dot(shares_of(weights), each)
            return float((means * self.scale).mean())
        distances = each.sum(axis=0)
        distances *= self.scale
        return float(distances.sum()) / targets.size


@with_settings
class TransformedMeanAbsolute(MeanAbsolute):
    """mean(|f(s z + m) − f(s y + m)|), in the units of the data, whose targets were transformed.

    Args:
        scale: s, as for `MeanAbsolute`.
        shift: m, likewise.
        inverse: f, elementwise; what takes the unscaled targets back to the data, such as exp.
    """

    shift: tuple[float, ...] = (0.0,)
    inverse: Callable[[NDArray[Any]], NDArray[Any]] = np.exp

    def __call__(self, logits: Array, targets: Targets, weights: Array | None = None) -> float:
        # In float64, because the shift and exp need the digits.
        predicted = self.inverse(logits * np.array(self.scale) + np.array(self.shift))
        actual = self.inverse(targets * np.array(self.scale) + np.array(self.shift))
        each = np.abs(predicted - actual)
        if weights is not None:
            return float(np.dot(shares_of(weights), each.mean(axis=1)))
        return float(each.mean())


METRICS = components(Metric)
VALIDATION_LOSS = "val_loss"
# The validation loss of an epoch's network after it is calibrated.
CALIBRATED_LOSS = "val_calibrated_loss"
# The figures of an epoch that early stopping and the like may watch.
MONITORED = (
    *(part + figure for part in ("", "val_") for figure in ("loss", *METRICS)),
    CALIBRATED_LOSS,
)


def validation_loss(*, calibrated: bool) -> str:
    """Returns the name of the validation loss that counts: that of the network that is kept."""
    return CALIBRATED_LOSS if calibrated else VALIDATION_LOSS


def metric_of(figure: str) -> type[Metric] | None:
    """Returns the metric behind a figure such as `mae` or `val_mae`; None for a loss."""
    return METRICS.get(figure.removeprefix("val_").removeprefix("test_"))


def is_better(figure: str, value: float, than: float) -> bool:
    """Returns whether a figure's value is better than another; any number is better than nan."""
    if isnan(than):
        return not isnan(value)
    metric = metric_of(figure)
    return value > than if metric and metric.higher_is_better else value < than


def default_metric(loss: Loss) -> Metric:
    """Returns accuracy for a cross-entropy or hinge loss, else the mean absolute error."""
    if isinstance(loss, BinaryCrossEntropy | Hinge):
        return BinaryAccuracy(target_threshold=0.5 if loss.codes is None else 0.0)
    return CategoricalAccuracy() if isinstance(loss, CrossEntropy) else MeanAbsolute()


def confusion_matrix(
    actual: NDArray[np.intp], predicted: NDArray[np.intp], classes: int
) -> NDArray[np.intp]:
    """Counts rows by actual class (row) and predicted class (column); (classes, classes)."""
    cells = np.bincount(actual * classes + predicted, minlength=classes * classes)
    return cells.reshape(classes, classes)


class ClassScores(NamedTuple):
    """How well one class is predicted. A ratio whose denominator is 0 counts as 0."""

    precision: float
    """The share of the rows predicted as this class that belong to it."""
    recall: float
    """The share of the rows of this class that are predicted as it."""
    f1: float
    """The harmonic mean of precision and recall, 2 p r / (p + r)."""
    support: int
    """The number of rows of this class."""


def class_scores(confusion: NDArray[np.intp]) -> list[ClassScores]:
    """Returns the scores of each class from a confusion matrix (actual, predicted)."""

    def ratio(part: float, whole: float) -> float:
        return part / whole if whole else 0.0

    counts = np.diag(confusion), confusion.sum(axis=0), confusion.sum(axis=1)
    return [
        ClassScores(
            precision=ratio(hits, predicted),
            recall=ratio(hits, support),
            f1=ratio(2 * hits, predicted + support),
            support=support,
        )
        for hits, predicted, support in zip(*(c.tolist() for c in counts), strict=True)
    ]


def regression_scores(
    actual: NDArray[Any], predicted: NDArray[Any], weights: NDArray[Any] | None = None
) -> dict[str, float]:
    """Returns rmse = √mean(d²), mae = mean(|d|) and r2 = 1 − Σd² / Σ(y − ȳ)², d = prediction − y.

    Both arrays are (rows, outputs). r2 is the mean over the outputs, nan if one does not vary. With
    weights (rows,) all sums and means are weighted.
    """
    difference = predicted - actual
    if weights is not None:
        shares = shares_of(weights.astype(np.float64))
        errors = shares @ np.square(difference)
        variances = shares @ np.square(actual - shares @ actual)
        return {
            "rmse": sqrt(float(errors.mean())),
            "mae": float((shares @ np.abs(difference)).mean()),
            "r2": float((1.0 - errors / variances).mean()) if variances.all() else nan,
        }
    squares = np.square(difference).sum(axis=0)
    spread = np.square(actual - actual.mean(axis=0)).sum(axis=0)
    return {
        "rmse": sqrt(float(squares.sum()) / difference.size),
        "mae": float(np.abs(difference).mean()),
        "r2": float((1.0 - squares / spread).mean()) if spread.all() else nan,
    }
