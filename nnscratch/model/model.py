"""A model: a network, and what its inputs and outputs mean. It is what weights.npz holds."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnscratch.data.columns import Unseen, encode_rows, list_missing
from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.target_encoding import Encoding
from nnscratch.errors import FileFormatError, NNScratchError, UsageError
from nnscratch.files import npz
from nnscratch.formatting import label_text, plural, some, some_names
from nnscratch.model import weights_file as weights
from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.parameters import Array, Targets
from nnscratch.runs import WEIGHTS


@dataclass(frozen=True)
class Model:
    """A trained network that takes rows as its data has them, and answers in its data's terms.

    Attributes:
        network: The network.
        encoding: What its outputs mean.
        preprocessing: What becomes of a row before the network sees it.
        image: Where a row is a picture.
    """

    network: Network
    encoding: Encoding
    preprocessing: Preprocessing
    image: ImageFormat | None = None

    @property
    def features(self) -> tuple[Feature, ...]:
        """The columns of a row."""
        return self.preprocessing.features

    def predict(self, rows: ArrayLike) -> NDArray[Any]:
        """Returns a class for each row (rows,), or numbers (rows, outputs).

        Args:
            rows: (rows, columns), numbers in the units of the training data, and words where it
                has words.

        Raises:
            UsageError: A row is not as wide as the data was, a number is not finite, or a value is
                missing and the training did not learn what to fill in.
        """
        return self.encoding.labels(self.encoding.decide(self.outputs(rows)))

    def predict_proba(self, rows: ArrayLike) -> Array:
        """Returns the probability of each class (rows, classes).

        Raises:
            UsageError: As `predict`; or the network was not trained with a cross-entropy.
        """
        if not self.encoding.probabilities:
            raise UsageError("only a network trained with a cross-entropy gives probabilities")
        return self.encoding.spread(self.outputs(rows))

    def outputs(self, rows: ArrayLike, *, first_row: int = 0) -> Array:
        """Returns the network's outputs (rows, outputs), its output activation applied.

        Args:
            rows: As for `predict`.
            first_row: What messages call the first of them.

        Raises:
            UsageError: As `predict`.
            NNScratchError: The outputs overflow.
        """
        table = self.as_table(rows)
        self._refuse(table, first_row)
        with np.errstate(all="ignore"):
            outputs = self.network.loss.predict(self.logits(table))
        if not np.isfinite(outputs).all():
            raise NNScratchError(
                "the network's outputs overflow: it has diverged in training, or the rows are far "
                "from those it was trained on"
            )
        return outputs

    def logits(self, table: NDArray[Any]) -> Array:
        """Returns the network's logits (rows, outputs) for a table (rows, columns) of numbers."""
        pieces = [self.network.logits(self.transform(piece)) for piece in _pieces(table)]
        return np.concatenate(pieces) if pieces else np.empty((0, self.network.outputs))

    def transform(self, table: NDArray[Any]) -> Array:
        """Returns what the network takes (rows, inputs) for a table (rows, columns) of numbers."""
        return self.preprocessing.transform(table, self.network.dtype)

    def encode(self, targets: NDArray[Any]) -> Targets:
        """Returns what the network's loss takes for class indices (rows,) or numbers."""
        encoded = self.encoding.encode(targets)
        return encoded if self.network.loss.takes_indices else encoded.astype(self.network.dtype)

    def as_table(self, rows: ArrayLike, unseen: Unseen | None = None) -> NDArray[Any]:
        """Returns rows as numbers (rows, columns): words as their codes, holes as nan.

        Args:
            rows: As for `predict`.
            unseen: Takes the words that training did not have.

        Raises:
            UsageError: As `predict`.
        """
        given = self._by_name(rows) if hasattr(rows, "columns") else rows
        given = given if isinstance(given, list | tuple) else np.asarray(given)
        try:
            if isinstance(given, np.ndarray) and not given.ndim:
                raise ValueError("each row must be a list")
            if not isinstance(given, np.ndarray) or given.dtype.kind in "OUS":
                table = encode_rows(self.features, list(given), unseen)
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

    def _refuse(self, table: NDArray[Any], first_row: int) -> None:
        """Refuses holes that cannot be filled, and numbers that the dtype cannot hold."""
        lines = list_missing("rows to predict", self.features, table, first_row)
        if lines and np.isnan(self.preprocessing.fill).any():
            lines.append("the network was trained on rows without holes, so it cannot fill them")
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
            rule = f"must be finite numbers of {dtype}"
            where = f"row {first_row + row}, counted from 0"
            raise UsageError(
                f"the rows to predict {rule}: column {name} has {table[row, column]:g} in {where}"
            )

    @property
    def _columns(self) -> str:
        noun = "value" if any(f.categories is not None for f in self.features) else "number"
        names = some([feature.name for feature in self.features], shown=8)
        return f"{plural(len(self.features), noun)} ({names})"

    def save(self, path: str | Path) -> None:
        """Writes the model to `path`, a .npz file, whole or not at all.

        Raises:
            OSError: The file cannot be written; what was there before still is.
        """
        arrays, manifest = weights.pack(self.network, self.encoding, self.preprocessing, self.image)
        npz.write(Path(path), arrays, manifest)

    def fingerprint(self) -> str:
        """Returns the SHA-256 of its weights."""
        return hashlib.sha256(np.ascontiguousarray(self.network.weights).data).hexdigest()

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Reads a model from a .npz file that `save` wrote, or from a run directory.

        Raises:
            FileFormatError: The file is damaged, was edited, or is no model of this version.
            UsageError: There is no such file.
        """
        path = Path(path)
        path = path / WEIGHTS if path.is_dir() else path
        try:
            arrays, manifest = npz.read(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot read the weights: {error.strerror}") from None
        try:
            return cls(*weights.unpack(arrays, manifest))
        except (AttributeError, IndexError, KeyError, MemoryError, TypeError, ValueError) as error:
            raise FileFormatError(f"{path}: does not describe a model: {error}") from error


def _pieces(table: NDArray[Any]) -> Iterator[NDArray[Any]]:
    for start in range(0, len(table), ROWS_AT_ONCE):
        yield table[start : start + ROWS_AT_ONCE]
