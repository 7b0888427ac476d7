"""The predictions of a model: as columns of a table, and as objects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import NameRows, rows_text
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.formatting import plain_text
from nnscratch.model.predictor import Predictor


@dataclass(frozen=True)
class Rows:
    """Rows to predict, and what is known of them besides.

    Attributes:
        inputs: (rows, columns), with the model's features as columns.
        targets: The actual values, if they are known, by the names that `name_columns` gives them;
            None for one that is missing.
        beside: Columns to repeat beside the predictions, by name; None for a missing value.
    """

    inputs: NDArray[Any]
    targets: Mapping[str, list[Any]] = field(default_factory=dict)
    beside: Mapping[str, list[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Returns the number of rows."""
        return len(self.inputs)

    def __getitem__(self, rows: slice) -> "Rows":
        """Returns some of the rows."""
        targets = {name: values[rows] for name, values in self.targets.items()}
        beside = {name: values[rows] for name, values in self.beside.items()}
        return Rows(self.inputs[rows], targets, beside)


@dataclass(frozen=True)
class Predictions:
    """The predictions of a model for some rows.

    Attributes:
        given: The rows.
        labels: What is predicted: a class for each row (rows,), or numbers (rows, outputs), which
            for labels are 0 and 1.
        label_names: One for each column of `labels`.
        values: What the prediction is made from: a probability for each class, or the outputs.
        value_names: One for each column of `values`; empty for regression.
        probabilities: Whether `values` are probabilities.
        classes: The classes or labels of the probabilities, as text.
        first_row: The number of the first row.
    """

    given: Rows
    labels: NDArray[Any]
    label_names: tuple[str, ...]
    values: NDArray[Any]
    value_names: tuple[str, ...]
    probabilities: bool
    classes: tuple[str, ...]
    first_row: int = 0

    @classmethod
    def of(
        cls,
        model: Predictor,
        given: Rows,
        first_row: int = 0,
        name_rows: NameRows = rows_text,
    ) -> "Predictions":
        """Returns the predictions for some rows.

        Args:
            model: The model.
            given: The rows.
            first_row: The number of the first row.
            name_rows: Names rows in messages, given their numbers.

        Raises:
            NNScratchError: As `Predictor.outputs`.
        """
        encoding = model.encoding
        outputs = model.outputs(given.inputs, name_rows=lambda rows: name_rows(rows + first_row))
        values = outputs
        classes = tuple(map(plain_text, encoding.classes or ()))
        if encoding.multi_label:
            classes = encoding.target_names
        names = numbered("output", encoding.outputs) if classes else ()
        if encoding.probabilities:
            names = tuple(f"p({name})" for name in classes)
            values = encoding.to_probabilities(outputs)
        labels = encoding.to_labels(encoding.decode(outputs))
        label_names = name_columns("prediction", encoding)
        probabilities = encoding.probabilities
        return cls(given, labels, label_names, values, names, probabilities, classes, first_row)

    @property
    def rows(self) -> range:
        """The rows' numbers."""
        return range(self.first_row, self.first_row + len(self.labels))

    def columns(self, most: int | None = None) -> dict[str, list[Any]]:
        """Returns the predictions and what they are made from, by the name of the column.

        Args:
            most: With more classes than this, only the two most probable are listed. The labels
                of a row are listed in one column, with their probabilities if they are no more.
        """
        labels = self.labels.reshape(len(self.labels), -1).T.tolist()
        columns = dict(zip(self.label_names, map(_without_bools, labels), strict=True))
        is_brief = self.probabilities and most is not None
        if is_brief and self.labels.ndim == 2:
            columns = {"prediction": list_labels(self.classes, self.labels)}
        if most is None or len(self.value_names) <= most:
            columns |= zip(self.value_names, self.values.T.tolist(), strict=False)
        elif is_brief and self.labels.ndim == 1:
            order = self.values.argsort(axis=1)[:, ::-1][:, :2]
            first, second = np.take_along_axis(self.values, order, axis=1).T.tolist()
            next_classes = [self.classes[k] for k in order[:, 1]]
            columns |= {"probability": first, "next": next_classes, "its probability": second}
        return columns

    def table(self, most: int | None = None) -> dict[str, list[Any]]:
        """Returns all columns by name: rows, what is repeated, targets, and `columns(most)`.

        A repeated column that has the name of another is called `name (input)`.
        """
        targets = self.given.targets
        own = {name: _without_bools(values) for name, values in targets.items()}
        if targets and self.probabilities and most is not None and self.labels.ndim == 2:
            own = {"target": list_labels(self.classes, zip(*targets.values(), strict=True))}
        own |= self.columns(most)
        taken = {"row", *own}
        beside = {}
        for name, values in self.given.beside.items():
            while name in taken:
                name += " (input)"  # noqa: PLW2901 - the same column
            taken.add(name)
            beside[name] = values
        return {"row": list(self.rows), **beside, **own}

    def records(self) -> list[dict[str, Any]]:
        """Returns an object for each row.

        It has row, the columns that are repeated, the target if it is known, prediction, and
        probabilities by class.
        """
        labels = self.labels
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        targets, beside = self.given.targets, self.given.beside
        records = []
        columns = (self.rows, labels.tolist(), self.values.tolist())
        for i, (row, prediction, values) in enumerate(zip(*columns, strict=True)):
            record: dict[str, Any] = {"row": row}
            if beside:
                record["columns"] = {name: column[i] for name, column in beside.items()}
            if targets:
                actual = [column[i] for column in targets.values()]
                record["target"] = actual[0] if len(actual) == 1 else actual
            record["prediction"] = prediction
            if self.probabilities:
                record["probabilities"] = dict(zip(self.classes, values, strict=True))
            elif self.value_names:
                record["outputs"] = values
            records.append(record)
        return records


def predict_pieces(
    model: Predictor, pieces: Iterable[Rows], name_rows: NameRows = rows_text
) -> Iterator[Predictions]:
    """Yields the predictions for each piece; rows are numbered through.

    Raises:
        NNScratchError: As `Predictor.outputs`.
    """
    first = 0
    for piece in pieces:
        yield Predictions.of(model, piece, first, name_rows)
        first += len(piece)


def name_columns(noun: str, encoding: TargetEncoding) -> tuple[str, ...]:
    """Returns the names of a target's columns: `noun`, or `noun(name)` for each of several."""
    if len(encoding.names) > 1:
        return tuple(f"{noun}({name})" for name in encoding.names)
    return numbered(noun, encoding.numbers)


def known_targets(encoding: TargetEncoding, targets: NDArray[Any]) -> dict[str, list[Any]]:
    """Returns the columns of targets by name.

    Args:
        encoding: The model's.
        targets: Class indices (rows,), or numbers (rows, outputs).
    """
    actual = encoding.to_labels(targets).reshape(len(targets), -1).T.tolist()
    return dict(zip(name_columns("target", encoding), actual, strict=True))


def list_labels(names: Sequence[str], has: Iterable[Iterable[Any]]) -> list[str]:
    """Returns the names of each row's labels, `-` for none.

    Args:
        names: The names of all labels.
        has: (rows, labels), 1 where a row has a label and 0 where it does not.
    """
    return [", ".join(compress(names, row)) or "-" for row in has]


def _without_bools(values: list[Any]) -> list[Any]:
    """Returns values with true and false as a config writes them."""
    return [plain_text(value) if isinstance(value, bool) else value for value in values]


def numbered(name: str, count: int) -> tuple[str, ...]:
    """Returns `name` for one, else `name_1`, `name_2` and so on."""
    return (name,) if count == 1 else tuple(f"{name}_{i}" for i in range(1, count + 1))
