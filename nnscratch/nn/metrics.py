"""Figures that people judge a network by; unlike a loss they need no gradient.

A `Metric` is a mean over rows, so that an epoch's figure is put together from its batches without
another pass over the data. The other functions look at a whole set of predictions at once.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import nan, sqrt
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.losses import BinaryCrossEntropy, CrossEntropy, Hinge, Loss
from nnscratch.nn.parameters import Array, Targets


class Metric(ABC):
    """The mean over a batch's rows of how right, or how far off, each one is."""

    name: ClassVar[str]

    @abstractmethod
    def __call__(self, logits: Array, targets: Targets) -> float:
        """Returns the mean for logits (batch, outputs) and the targets that the loss takes."""


@dataclass(frozen=True)
class BinaryAccuracy(Metric):
    """The share of outputs on the same side of their threshold as the targets are of theirs.

    Args:
        threshold: Of the logits; 0 is where a sigmoid gives one half.
        target_threshold: Of the targets.
    """

    threshold: float = 0.0
    target_threshold: float = 0.5
    name = "accuracy"

    def __call__(self, logits: Array, targets: Targets) -> float:
        right: NDArray[np.bool_]
        right = (logits > self.threshold) == (targets > self.target_threshold)
        return float(np.count_nonzero(right)) / right.size


@dataclass(frozen=True)
class CategoricalAccuracy(Metric):
    """The share of rows whose largest logit is that of the class; targets as indices or one-hot."""

    name = "accuracy"

    def __call__(self, logits: Array, targets: Targets) -> float:
        classes = targets if targets.ndim == 1 else targets.argmax(axis=1)
        return float(np.count_nonzero(logits.argmax(axis=1) == classes)) / len(classes)


@dataclass(frozen=True)
class MeanAbsolute(Metric):
    """mean(s |z − y|), in the units of the data.

    Args:
        scale: s, one for each output or one for all: what turns the targets that the loss sees
            back into the data's.
    """

    scale: tuple[float, ...] = (1.0,)
    name = "mae"

    def __call__(self, logits: Array, targets: Targets) -> float:
        distances = np.abs(logits - targets).sum(axis=0)
        distances *= self.scale
        return float(distances.sum()) / targets.size


def default_metric(loss: Loss) -> Metric:
    """Returns accuracy for a cross-entropy or hinge, else the mean absolute error."""
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
    """How well one class is found. A ratio with nothing below its line is counted as 0."""

    precision: float
    """Of the rows predicted as this class, the share that are it."""
    recall: float
    """Of the rows that are this class, the share predicted as it."""
    f1: float
    """The harmonic mean of the two, 2 p r / (p + r)."""
    support: int
    """The number of rows that are this class."""


def class_scores(confusion: NDArray[np.intp]) -> list[ClassScores]:
    """Returns the scores of each class from a confusion matrix (actual, predicted)."""

    def ratio(part: float, whole: float) -> float:
        return part / whole if whole else 0.0

    scores = []
    for k, hits in enumerate(np.diag(confusion).tolist()):
        predicted, support = int(confusion[:, k].sum()), int(confusion[k].sum())
        scores.append(
            ClassScores(
                precision=ratio(hits, predicted),
                recall=ratio(hits, support),
                f1=ratio(2 * hits, predicted + support),
                support=support,
            )
        )
    return scores


def regression_scores(actual: NDArray[Any], predicted: NDArray[Any]) -> dict[str, float]:
    """Returns rmse = √mean(d²), mae = mean(|d|) and r2 = 1 − Σd² / Σ(y − ȳ)², d = prediction − y.

    Both are (rows, outputs). r2 is the mean of the outputs', and nan where one does not vary.
    """
    difference = predicted - actual
    squares = np.square(difference).sum(axis=0)
    spread = np.square(actual - actual.mean(axis=0)).sum(axis=0)
    return {
        "rmse": sqrt(float(squares.sum()) / difference.size),
        "mae": float(np.abs(difference).mean()),
        "r2": float((1.0 - squares / spread).mean()) if spread.all() else nan,
    }
