"""The scores of a model on rows whose targets are known."""

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


def evaluate_split(model: Model, name: str, split: Split) -> Evaluation:
    """Returns the scores of a model on a split.

    Args:
        model: The model.
        name: The split's name.
        split: Its rows.
    """
    network = model.network
    encoding = model.encoding
    # A network that has almost diverged overflows, which shows in its scores.
    with np.errstate(all="ignore"):
        logits = model.logits(split.inputs)
        loss, _ = network.loss(logits, encoding.encode(split.targets))
        predicted = encoding.decode(network.loss.predict(logits))
        if encoding.multi_label:
            return _evaluate_labels(name, split, encoding, loss, predicted)
        if encoding.classes is None:
            return _evaluate_regression(name, split, encoding, loss, predicted)
    confusion = confusion_matrix(split.targets, predicted, len(encoding.classes))
    return Evaluation(
        split=name,
        rows=len(split),
        scores={"loss": loss, "accuracy": float(np.trace(confusion)) / len(split)},
        classes=tuple(map(label_text, encoding.classes)),
        per_class=tuple(class_scores(confusion)),
        confusion=confusion,
    )


def _evaluate_regression(
    name: str, split: Split, encoding: TargetEncoding, loss: float, predicted: NDArray[Any]
) -> Evaluation:
    """Returns the scores of all numbers together and, because units may differ, of each one."""
    scores = {"loss": loss, **regression_scores(split.targets, predicted)}
    if encoding.outputs == 1:
        return Evaluation(name, len(split), scores)
    per_target = {
        target: regression_scores(split.targets[:, [i]], predicted[:, [i]])
        for i, target in enumerate(encoding.target_names)
    }
    return Evaluation(name, len(split), scores, per_target=per_target)


def _evaluate_labels(
    name: str, split: Split, encoding: TargetEncoding, loss: float, predicted: NDArray[Any]
) -> Evaluation:
    """Returns the scores where each output is a label that a row has or does not have."""
    actual = split.targets.astype(np.intp)
    pairs = zip(actual.T, predicted.T, strict=True)
    accuracy = float((actual == predicted).mean())
    return Evaluation(
        split=name,
        rows=len(split),
        scores={"loss": loss, "accuracy": accuracy},
        classes=encoding.target_names,
        per_class=tuple(class_scores(confusion_matrix(a, d, 2))[1] for a, d in pairs),
    )
