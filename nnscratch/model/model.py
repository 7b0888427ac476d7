"""A model: a network and the meaning of its inputs and outputs. It is saved as weights.npz."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnscratch.data.columns import (
    USUAL_NOTATION,
    NameRows,
    Unseen,
    encode_rows,
    list_missing,
    rows_text,
)
from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.tables import Notation, TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import FileFormatError, NNScratchError, UsageError
from nnscratch.files import npz
from nnscratch.formatting import label_text, plural, some, some_names
from nnscratch.model import weights_file as weights
from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.parameters import Array, Targets
from nnscratch.runs import WEIGHTS

# What a model predicts: a table of values, or a dict of values by column for each row.
Rows: TypeAlias = ArrayLike | Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Model:
    """A network that takes rows as the data has them and predicts in the units of the data.

    Attributes:
        network: The network.
        encoding: Turns its outputs into classes or numbers.
        preprocessing: Turns rows into its inputs.
        image: The format of the images, where rows are images.
        table: How the table was written that it was trained on, where it was one.
    """

    network: Network
    encoding: TargetEncoding
    preprocessing: Preprocessing
    image: ImageFormat | None = None
    table: TableFormat | None = None

    @property
    def features(self) -> tuple[Feature, ...]:
        """The columns of a row."""
        return self.preprocessing.features

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
            outputs = self.network.loss.predict(self.logits(table))
            decoded = self.encoding.decode(outputs)
        if not (np.isfinite(outputs).all() and np.isfinite(decoded).all()):
            raise NNScratchError(
                "the network's outputs overflow: training has diverged, or the rows are far "
                "from those that it was trained on"
            )
        return outputs

    def logits(self, table: NDArray[Any]) -> Array:
        """Returns the network's logits (rows, outputs) for a table (rows, columns) of numbers."""
        pieces = [
            self.network.logits(self.transform(table[start : start + ROWS_AT_ONCE]))
            for start in range(0, len(table), ROWS_AT_ONCE)
        ]
        return np.concatenate(pieces) if pieces else np.empty((0, self.network.outputs))

    def transform(self, table: NDArray[Any]) -> Array:
        """Returns the network's inputs (rows, inputs) for a table (rows, columns) of numbers."""
        return self.preprocessing.transform(table, self.network.dtype)

    def encode(self, targets: NDArray[Any]) -> Targets:
        """Returns what the network's loss takes for class indices (rows,) or numbers."""
        encoded = self.encoding.encode(targets)
        return encoded if self.network.loss.takes_indices else encoded.astype(self.network.dtype)

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

    def check(self, table: NDArray[Any], name_rows: NameRows = rows_text) -> None:
        """Refuses missing values that cannot be filled in, and numbers that overflow the dtype.

        Args:
            table: (rows, columns), as `as_table` returns it.
            name_rows: Names rows in messages.

        Raises:
            UsageError: There are such values.
        """
        lines = list_missing("rows to predict", self.features, table, name_rows)
        if lines and np.isnan(self.preprocessing.fill).any():
            lines.append(
                "the network was trained on rows without missing values, so it cannot fill them in"
            )
            raise UsageError("\n".join(lines))
        if table.dtype == np.uint8:
            return
        dtype = self.network.dtype
        wrong = np.argwhere(np.abs(table) > np.finfo(dtype).max)
        with np.errstate(over="ignore"):
            scaled = self.transform(table[wrong[:, 0]])
        if not np.isfinite(scaled).all():
            row, column = wrong[0]
            name = label_text(self.features[column].name)
            raise UsageError(
                f"the rows to predict must be finite numbers of {dtype}: column {name} has "
                f"{table[row, column]:g} in {name_rows(wrong[:1, 0])}"
            )

    @property
    def _columns(self) -> str:
        noun = "value" if self.preprocessing.has_categories else "number"
        names = some([feature.name for feature in self.features], shown=8)
        return f"{plural(len(self.features), noun)} ({names})"

    def save(self, path: str | Path) -> None:
        """Writes the model to `path`, a .npz file, completely or not at all.

        Raises:
            OSError: The file cannot be written; an earlier file of this name is still there.
        """
        parts = (self.network, self.encoding, self.preprocessing, self.image, self.table)
        arrays, manifest = weights.pack(*parts)
        npz.write(Path(path), arrays, manifest)

    def fingerprint(self) -> str:
        """Returns the SHA-256 of the weights."""
        return hashlib.sha256(np.ascontiguousarray(self.network.weights).data).hexdigest()

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Reads a model from a .npz file that `save` wrote, or from a run directory.

        Raises:
            FileFormatError: The file is damaged, was edited, or is not a model of this version.
            UsageError: There is no such file.
        """
        path = Path(path)
        path = path / WEIGHTS if path.is_dir() else path
        try:
            arrays, manifest = npz.read(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
        try:
            return cls(*weights.unpack(arrays, manifest))
        except (AttributeError, IndexError, KeyError, MemoryError, TypeError, ValueError) as error:
            raise FileFormatError(f"{path}: does not describe a model: {error}") from error
