"""What a model says about some rows, as a table for people and as JSON values for programs."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from nnscratch.model import Model
from nnscratch.wording import label_text


@dataclass(frozen=True)
class Predictions:
    """A model's answers to rows of inputs.

    Attributes:
        labels: What is predicted: a class for each row (rows,), or numbers (rows, outputs).
        values: What it rests on: a probability for each class, or the raw outputs.
        value_names: One for each column of `values`; none where the labels say all.
        probabilities: Whether `values` are probabilities.
        classes: The labels, as text.
    """

    labels: NDArray[Any]
    values: NDArray[Any]
    value_names: tuple[str, ...]
    probabilities: bool
    classes: tuple[str, ...]

    @classmethod
    def of(cls, model: Model, inputs: NDArray[Any]) -> "Predictions":
        """Runs the model once over `inputs` (rows, features).

        Raises:
            UsageError: As `Model.predict`.
        """
        outputs, encoding = model.outputs(inputs), model.encoding
        labels = encoding.labels(encoding.decide(outputs))
        classes = tuple(map(label_text, encoding.classes or ()))
        if encoding.probabilities:
            names = tuple(f"p({name})" for name in classes)
            return cls(labels, encoding.spread(outputs), names, True, classes)
        names = numbered("output", encoding.outputs) if classes else ()
        return cls(labels, outputs, names, False, classes)

    def columns(self) -> dict[str, list[Any]]:
        """Returns the predictions, and what they rest on, by the name of the column."""
        labels = [
            [label_text(value) if isinstance(value, bool) else value for value in column]
            for column in self.labels.reshape(len(self.labels), -1).T.tolist()
        ]
        columns = dict(zip(numbered("prediction", len(labels)), labels, strict=True))
        if self.value_names:
            columns |= zip(self.value_names, self.values.T.tolist(), strict=True)
        return columns

    def records(self) -> list[dict[str, Any]]:
        """Returns an object for each row: row, prediction, and probabilities by class."""
        predictions = self.labels.tolist()
        if self.labels.ndim == 2 and self.labels.shape[1] == 1:
            predictions = [numbers[0] for numbers in predictions]
        records: list[dict[str, Any]] = [
            {"row": i, "prediction": prediction} for i, prediction in enumerate(predictions)
        ]
        for record, values in zip(records, self.values.tolist(), strict=True):
            if self.probabilities:
                record["probabilities"] = dict(zip(self.classes, values, strict=True))
            elif self.value_names:
                record["outputs"] = values
        return records


def numbered(name: str, count: int) -> tuple[str, ...]:
    """Returns `name` for one, else `name_1`, `name_2` and so on."""
    return (name,) if count == 1 else tuple(f"{name}_{i}" for i in range(1, count + 1))
