"""How good a model is on rows whose targets are known."""

from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.model import Model
from nnscratch.nn.metrics import ClassScores, class_scores, confusion_matrix, regression_scores
from nnscratch.nn.training import evaluate


@dataclass(frozen=True)
class Evaluation:
    """The figures of one model on one split.

    Attributes:
        split: The split's name.
        rows: How many rows it has.
        scores: `loss` and `accuracy`, or `loss`, `rmse`, `mae` and `r2`.
        classes: The labels, as text; empty for numbers.
        per_class: Precision, recall, F1 and support of each class.
        confusion: Rows by actual class and predicted class; None for numbers.
    """

    split: str
    rows: int
    scores: dict[str, float]
    classes: tuple[str, ...] = ()
    per_class: tuple[ClassScores, ...] = ()
    confusion: NDArray[np.intp] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Returns plain values for JSON."""
        # JSON knows no nan, which r2 is where the targets do not vary.
        scores = {name: None if isnan(value) else value for name, value in self.scores.items()}
        figures: dict[str, Any] = {"split": self.split, "rows": self.rows, **scores}
        if self.confusion is not None:
            per_class = [score._asdict() for score in self.per_class]
            figures["classes"] = dict(zip(self.classes, per_class, strict=True))
            figures["confusion"] = self.confusion.tolist()
        return figures


def evaluate_split(model: Model, name: str, split: Split) -> Evaluation:
    """Returns the figures of `model` on `split`, which is called `name`."""
    encoding = model.encoding
    encoded = encoding.encode(split.targets)
    loss, _ = evaluate(model.network, split.inputs, encoded, encoding.metric())
    decisions = encoding.decide(model.outputs(split.inputs))
    if encoding.classes is None:
        scores = {"loss": loss, **regression_scores(split.targets, decisions)}
        return Evaluation(name, len(split), scores)
    confusion = confusion_matrix(split.targets, decisions, len(encoding.classes))
    return Evaluation(
        split=name,
        rows=len(split),
        scores={"loss": loss, "accuracy": float(np.trace(confusion)) / len(split)},
        classes=tuple(str(label) for label in encoding.classes),
        per_class=tuple(class_scores(confusion)),
        confusion=confusion,
    )
