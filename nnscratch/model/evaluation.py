"""The scores of a model on rows whose targets are known.

Rows with weights count by them in the scores; counts and the scores of a class are of rows.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.formatting import finite_or_none, label_text
from nnscratch.model.predictor import Predictor
from nnscratch.nn.metrics import ClassScores, class_scores, confusion_matrix, regression_scores
from nnscratch.nn.parameters import Array


@dataclass(frozen=True)
class Evaluation:
    """The scores of one model on one split.

    Attributes:
        split: The split's name.
        rows: The number of its rows.
        scores: `loss` and `accuracy`; for regression `loss`, `rmse`, `mae` and `r2`.
        classes: The classes or labels, as text; empty for regression.
        per_class: Precision, recall, F1 and support of each class or label.
        confusion: Rows by actual class and predicted class; None for labels and for regression.
        per_target: The scores of each target by its name, where there are several numbers.
    """

    split: str
    rows: int
    scores: dict[str, float]
    classes: tuple[str, ...] = ()
    per_class: tuple[ClassScores, ...] = ()
    confusion: NDArray[np.intp] | None = None
    per_target: dict[str, dict[str, float]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain values for JSON."""
        scores = finite_or_none(self.scores)
        values: dict[str, Any] = {"split": self.split, "rows": self.rows, **scores}
        if self.classes:
            per_class = [score._asdict() for score in self.per_class]
            values["classes"] = dict(zip(self.classes, per_class, strict=True))
        if self.per_target:
            values["targets"] = {name: finite_or_none(s) for name, s in self.per_target.items()}
        if self.confusion is not None:
            values["confusion"] = self.confusion.tolist()
        return values


def evaluate_split(model: Predictor, name: str, split: Split) -> Evaluation:
    """Returns the scores of a model on a split.

    Args:
        model: The model.
        name: The split's name.
        split: Its rows.
    """
    # A network that has almost diverged overflows, which shows in its scores.
    with np.errstate(all="ignore"):
        logits = model.logits(split.inputs)
    return evaluate_logits(model.encoding, name, split, logits)


def evaluate_logits(encoding: TargetEncoding, name: str, split: Split, logits: Array) -> Evaluation:
    """Returns the scores of what has been computed for a split.

    Args:
        encoding: Of the outputs.
        name: The split's name.
        split: Its rows.
        logits: (rows, outputs).
    """
    classes: tuple[str, ...] = ()
    per_class: list[ClassScores] = []
    confusion = None
    per_target = {}
    # A network that has almost diverged overflows, which shows in its scores.
    with np.errstate(all="ignore"):
        w = split.weights
        weights = None if w is None else w.astype(logits.dtype)
        loss, _ = encoding.loss(logits, encoding.encode(split.targets), weights)
        predicted = encoding.decode(encoding.loss.predict(logits))
        scores = {"loss": loss}
        if encoding.classes is not None:
            classes = tuple(map(label_text, encoding.classes))
            confusion = confusion_matrix(split.targets, predicted, len(classes))
            per_class = class_scores(confusion)
            scores["accuracy"] = float(np.average(predicted == split.targets, weights=w))
        elif encoding.multi_label:
            classes = encoding.target_names
            actual = split.targets.astype(np.intp)
            labels = zip(actual.T, predicted.T, strict=True)
            per_class = [class_scores(confusion_matrix(*label, 2))[1] for label in labels]
            right = actual == predicted
            scores["accuracy"] = float(right.mean())
            if w is not None:
                scores["accuracy"] = float(np.average(right.mean(axis=1), weights=w))
        else:
            scores |= regression_scores(split.targets, predicted, w)
            if encoding.outputs > 1:  # their units may differ
                per_target = {
                    target: regression_scores(split.targets[:, [i]], predicted[:, [i]], w)
                    for i, target in enumerate(encoding.target_names)
                }
    return Evaluation(name, len(split), scores, classes, tuple(per_class), confusion, per_target)
