"""What predicts: a model, which has one network, or an ensemble of several models.

Whatever a row is given as, it becomes a table of numbers here; how the outputs are computed is what
the two differ in.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnscratch.data.columns import USUAL_NOTATION, NameRows, Unseen, encode_rows, rows_text
from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.data.tables import Notation, TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.files import npz
from nnscratch.formatting import plural, some, some_names
from nnscratch.model.weights_file import Content
from nnscratch.nn.network import ROWS_AT_ONCE
from nnscratch.nn.parameters import Array

if TYPE_CHECKING:
    from nnscratch.model.model import Model

# What a model predicts: a table of values, or a dict of values by column for each row.
Rows: TypeAlias = ArrayLike | Sequence[Mapping[str, Any]]


class Predictor(ABC):
    """Takes rows as the data has them and predicts in the units of the data.

    Attributes:
        encoding: Turns the outputs into classes or numbers.
        image: The format of the images, where rows are images.
        table: How the table was written that it was trained on, where it was one.
    """

    encoding: TargetEncoding
    image: ImageFormat | None
    table: TableFormat | None

    @property
    @abstractmethod
    def members(self) -> tuple["Model", ...]:
        """The models that it consists of: those of an ensemble, or the one that it is."""

    @property
    @abstractmethod
    def features(self) -> tuple[Feature, ...]:
        """The columns of a row."""

    @abstractmethod
    def table_for(self, member: int, table: NDArray[Any]) -> NDArray[Any]:
        """Returns a table (rows, columns) of numbers as a member takes it, counted from 0."""

    @abstractmethod
    def logits_of_piece(self, table: NDArray[Any]) -> Array:
        """Returns what `logits` does for a table of no more than some thousand rows."""

    @abstractmethod
    def check(self, table: NDArray[Any], name_rows: NameRows = rows_text) -> None:
        """Refuses missing values that cannot be filled in, and numbers that overflow the dtype.

        Args:
            table: (rows, columns), as `as_table` returns it.
            name_rows: Names rows in messages.

        Raises:
            UsageError: There are such values.
        """

    @abstractmethod
    def pack(self) -> Content:
        """Returns the arrays and the manifest that its weights file holds."""

    @abstractmethod
    def fingerprint(self) -> str:
        """Returns the SHA-256 of the weights."""

    @property
    def notation(self) -> Notation:
        """How values are written, in a file as on the command line."""
        return USUAL_NOTATION if self.table is None else self.table.notation

    def predict(self, rows: Rows) -> NDArray[Any]:
        """Returns a class for each row (rows,), or numbers (rows, outputs).

        Args:
            rows: (rows, columns), numbers and categories as in the training data; or a DataFrame
                with these columns; or a list of dicts with a value for each of them.

        Raises:
            UsageError: A row is not as wide as the training data or lacks a column, a number is
                not finite, or a value is missing and the model has not learned what to fill in.
            NNScratchError: The outputs overflow.
        """
        return self.encoding.to_labels(self.encoding.decode(self.outputs(rows)))

    def predict_proba(self, rows: Rows) -> Array:
        """Returns the probability of each class (rows, classes).

        Raises:
            UsageError: As `predict`; or the network was not trained with a cross-entropy.
            NNScratchError: As `predict`.
        """
        if not self.encoding.probabilities:
            raise UsageError("only a network trained with a cross-entropy gives probabilities")
        return self.encoding.to_probabilities(self.outputs(rows))

    def outputs(self, rows: Rows, *, name_rows: NameRows = rows_text) -> Array:
        """Returns the network's outputs (rows, outputs), its output activation applied.

        Args:
            rows: As for `predict`.
            name_rows: Names rows in messages.

        Raises:
            UsageError: As `predict`.
            NNScratchError: As `predict`.
        """
        table = self.as_table(rows)
        self.check(table, name_rows)
        with np.errstate(all="ignore"):
            outputs = self.encoding.loss.predict(self.logits(table))
            decoded = self.encoding.decode(outputs)
        if not (np.isfinite(outputs).all() and np.isfinite(decoded).all()):
            raise NNScratchError(
                "the network's outputs overflow: training has diverged, or the rows are far "
                "from those that it was trained on"
            )
        return outputs

    def logits(self, table: NDArray[Any]) -> Array:
        """Returns what the loss takes (rows, outputs) for a table (rows, columns) of numbers."""
        pieces = [
            self.logits_of_piece(table[start : start + ROWS_AT_ONCE])
            for start in range(0, len(table), ROWS_AT_ONCE)
        ]
        return np.concatenate(pieces) if pieces else np.empty((0, self.encoding.outputs))

    def as_table(self, rows: Rows, unseen: Unseen | None = None) -> NDArray[Any]:
        """Returns rows as numbers (rows, columns): categories as codes, missing values as nan.

        Args:
            rows: As for `predict`.
            unseen: Collects the categories that are not in the training data.

        Raises:
            UsageError: As `predict`.
        """
        given: Any = self._by_name(rows) if hasattr(rows, "columns") else rows
        if isinstance(given, list | tuple):
            given = [self._in_order(row, i) for i, row in enumerate(given)]
        else:
            given = np.asarray(given)
        try:
            if isinstance(given, np.ndarray) and not given.ndim:
                raise ValueError("each row must be a list")
            if not isinstance(given, np.ndarray) or given.dtype.kind in "OUS":
                table = encode_rows(self.features, list(given), unseen, self.notation)
            else:
                table = given if given.dtype == np.uint8 else given.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise UsageError(f"each row to predict must have {self._columns}: {error}") from None
        if table.ndim != 2 or table.shape[1] != len(self.features):
            got = table.shape[1] if table.ndim == 2 else f"an array of shape {table.shape}"
            raise UsageError(f"each row to predict must have {self._columns}; got {got}")
        return table

    def _by_name(self, frame: Any) -> Any:
        """Returns a DataFrame's values, its columns in the order of the features."""
        names = [feature.name for feature in self.features]
        absent = [name for name in names if name not in frame.columns]
        if absent:
            raise UsageError(f"the rows to predict have no column {some_names(absent)}")
        return frame[names].to_numpy()

    def _in_order(self, row: Any, number: int) -> Any:
        """Returns the values of a dict in the order of the features; any other row as it is."""
        if not isinstance(row, Mapping):
            return row
        absent = [feature.name for feature in self.features if feature.name not in row]
        if absent:
            raise UsageError(
                f"row {number} to predict, counted from 0, has no column {some_names(absent)}"
            )
        return [row[feature.name] for feature in self.features]

    @property
    def _columns(self) -> str:
        has_categories = any(feature.categories is not None for feature in self.features)
        noun = "value" if has_categories else "number"
        names = some([feature.name for feature in self.features], shown=8)
        return f"{plural(len(self.features), noun)} ({names})"

    def save(self, path: str | Path) -> None:
        """Writes the model to `path`, a .npz file, completely or not at all.

        Raises:
            OSError: The file cannot be written; an earlier file of this name is still there.
        """
        npz.write(Path(path), *self.pack())
