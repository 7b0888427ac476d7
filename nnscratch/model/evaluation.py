"""How good a model is on rows whose targets are known."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.formatting import finite_or_none, label_text
from nnscratch.model.model import Model
from nnscratch.nn.metrics import ClassScores, class_scores, confusion_matrix, regression_scores


@dataclass(frozen=True)
class Evaluation:
    """The figures of one model on one split.

    Attributes:
        split: The split's name.
        rows: How many rows it has.
        scores: `loss` and `accuracy`, or `loss`, `rmse`, `mae` and `r2`.
        classes: The classes or labels, as text; empty for numbers.
        per_class: Precision, recall, F1 and support of each class.
        confusion: Rows by actual class and predicted class; None for numbers and for labels.
        per_target: The figures of each target by its name, where there are several numbers.
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
        figures: dict[str, Any] = {"split": self.split, "rows": self.rows, **scores}
        if self.classes:
            per_class = [score._asdict() for score in self.per_class]
            figures["classes"] = dict(zip(self.classes, per_class, strict=True))
        if self.per_target:
            figures["targets"] = {name: finite_or_none(s) for name, s in self.per_target.items()}
        if self.confusion is not None:
            figures["confusion"] = self.confusion.tolist()
        return figures


def evaluate_split(model: Model, name: str, split: Split) -> Evaluation:
    """Returns the figures of `model` on `split`, which is called `name`."""
    network, encoding = model.network, model.encoding
    # A network that has all but diverged overflows, and its figures say so.
    with np.errstate(all="ignore"):
        logits = model.logits(split.inputs)
        loss, _ = network.loss(logits, encoding.encode(split.targets))
        decisions = encoding.decode(network.loss.predict(logits))
        if encoding.multi_label:
            return _evaluate_labels(name, split, encoding, loss, decisions)
        if encoding.classes is None:
            return _evaluate_numbers(name, split, encoding, loss, decisions)
    confusion = confusion_matrix(split.targets, decisions, len(encoding.classes))
    return Evaluation(
        split=name,
        rows=len(split),
        scores={"loss": loss, "accuracy": float(np.trace(confusion)) / len(split)},
        classes=tuple(map(label_text, encoding.classes)),
        per_class=tuple(class_scores(confusion)),
        confusion=confusion,
    )


def _evaluate_numbers(
    name: str, split: Split, encoding: TargetEncoding, loss: float, decisions: NDArray[Any]
) -> Evaluation:
    """Returns the figures of numbers; of several, which may have units of their own, each one's."""
    scores = {"loss": loss, **regression_scores(split.targets, decisions)}
    if encoding.outputs == 1:
        return Evaluation(name, len(split), scores)
    pairs = zip(encoding.target_names, split.targets.T, decisions.T, strict=True)
    each = {n: regression_scores(y[:, np.newaxis], d[:, np.newaxis]) for n, y, d in pairs}
    return Evaluation(name, len(split), scores, per_target=each)


def _evaluate_labels(
    name: str, split: Split, encoding: TargetEncoding, loss: float, decisions: NDArray[Any]
) -> Evaluation:
    """Returns the figures where each output says of a label whether a row has it."""
    actual = split.targets.astype(np.intp)
    pairs = zip(actual.T, decisions.T, strict=True)
    accuracy = float((actual == decisions).mean())
    return Evaluation(
        split=name,
        rows=len(split),
        scores={"loss": loss, "accuracy": accuracy},
        classes=encoding.target_names,
        per_class=tuple(class_scores(confusion_matrix(a, d, 2))[1] for a, d in pairs),
    )
