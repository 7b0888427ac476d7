"""A model: a network and the meaning of its inputs and outputs. It is saved as weights.npz."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import NameRows, list_missing, rows_text
from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.tables import TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import UsageError
from nnscratch.formatting import label_text
from nnscratch.model import weights_file as weights
from nnscratch.model.ensemble_file import is_ensemble
from nnscratch.model.predictor import Predictor
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets
from nnscratch.runs.members import MEMBERS


@dataclass(frozen=True)
class Model(Predictor):
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
    def members(self) -> tuple["Model", ...]:
        return (self,)

    @property
    def features(self) -> tuple[Feature, ...]:
        return self.preprocessing.features

    def table_for(self, member: int, table: NDArray[Any]) -> NDArray[Any]:
        return table

    def logits_of_piece(self, table: NDArray[Any]) -> Array:
        return self.network.logits(self.transform(table))

    def transform(self, table: NDArray[Any]) -> Array:
        """Returns the network's inputs (rows, inputs) for a table (rows, columns) of numbers."""
        return self.preprocessing.transform(table, self.network.dtype)

    def encode(self, targets: NDArray[Any]) -> Targets:
        """Returns what the network's loss takes for class indices (rows,) or numbers."""
        encoded = self.encoding.encode(targets)
        return encoded if self.network.loss.takes_indices else encoded.astype(self.network.dtype)

    def check(self, table: NDArray[Any], name_rows: NameRows = rows_text) -> None:
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

    def pack(self) -> weights.Content:
        parts = (self.network, self.encoding, self.preprocessing, self.image, self.table)
        return weights.pack(*parts)

    def fingerprint(self) -> str:
        return hashlib.sha256(np.ascontiguousarray(self.network.weights).data).hexdigest()

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Reads a model from a .npz file that `save` wrote, or from a run directory.

        `load_model` takes the file of an ensemble, too.

        Raises:
            FileFormatError: The file is damaged, was edited, or is not a model of this version.
            UsageError: There is no such file, or it holds an ensemble.
        """
        with weights.reading(path) as (arrays, manifest):
            if is_ensemble(manifest):
                raise UsageError(
                    f"{path}: holds the networks of an ensemble, where a single one is needed"
                    f"{_single_ones(Path(path))}"
                )
            return cls(*weights.unpack(arrays, manifest))


def _single_ones(path: Path) -> str:
    """Returns where the single networks of an ensemble are, if it is one of many runs."""
    members = (path if path.is_dir() else path.parent) / MEMBERS
    return f", such as that of a run in {members}" if members.is_dir() else ""
