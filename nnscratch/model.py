"""A model: a network and what its inputs and outputs mean. It is what weights.npz holds."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnscratch.data.encoding import Encoding
from nnscratch.errors import FileFormatError, UsageError
from nnscratch.files import npz
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array

_FORMAT = "nnscratch model"
_VERSION = 1


@dataclass(frozen=True)
class Model:
    """A trained network that answers in the classes or numbers of its data.

    Attributes:
        network: The network.
        encoding: What its outputs mean.
        feature_names: What its inputs are called.
    """

    network: Network
    encoding: Encoding
    feature_names: tuple[str, ...]

    def predict(self, rows: ArrayLike) -> NDArray[Any]:
        """Returns a class for each row (rows,), or numbers (rows, outputs).

        Args:
            rows: (rows, features), numbers in the units of the training data.

        Raises:
            UsageError: The rows are not finite numbers, or not as wide as the network's input.
        """
        return self.decide(self.outputs(rows))

    def decide(self, outputs: Array) -> NDArray[Any]:
        """Returns what `predict` does, from outputs that are there already."""
        decisions = self.encoding.decide(outputs)
        if self.encoding.classes is None:
            return decisions
        labels: NDArray[Any] = np.array(self.encoding.classes, dtype=object)
        return labels.take(decisions)

    def predict_proba(self, rows: ArrayLike) -> Array:
        """Returns the probability of each class (rows, classes).

        Raises:
            UsageError: As `predict`; or the network was not trained with a cross-entropy.
        """
        if not self.encoding.probabilities:
            raise UsageError("only a network trained with a cross-entropy gives probabilities")
        return self.spread(self.outputs(rows))

    def spread(self, outputs: Array) -> Array:
        """Returns one probability for each class where a single output gives that of the second."""
        return np.hstack([1.0 - outputs, outputs]) if self.encoding.outputs == 1 else outputs

    def outputs(self, rows: ArrayLike) -> Array:
        """Returns the network's outputs (rows, outputs), its output activation applied.

        Raises:
            UsageError: As `predict`.
        """
        try:
            table = np.asarray(rows, dtype=np.float64)
        except (TypeError, ValueError):
            raise UsageError("the rows to predict must be numbers, all rows equally many") from None
        width = self.network.inputs
        if table.ndim != 2 or table.shape[1] != width:
            raise UsageError(
                f"each row to predict must have {width} numbers ({', '.join(self.feature_names)}); "
                f"got {'a table' if table.ndim == 2 else 'an array'} of shape {table.shape}"
            )
        if not np.isfinite(table).all():
            raise UsageError("the rows to predict must be finite numbers, no nan or inf")
        return self.network.predict(table)

    def save(self, path: str | Path) -> None:
        """Writes the model to `path`, a .npz file, whole or not at all.

        Raises:
            OSError: The file cannot be written; what was there before still is.
        """
        manifest = {
            "format": _FORMAT,
            "version": _VERSION,
            "network": self.network.describe(),
            "encoding": asdict(self.encoding),
            "feature_names": self.feature_names,
        }
        npz.write(Path(path), self.network.params, manifest)

    @classmethod
    def load(cls, path: str | Path) -> "Model":
        """Reads a model from a .npz file that `save` wrote, or from a run directory.

        Raises:
            FileFormatError: The file is damaged, was edited, or is no model of this version.
            UsageError: There is no such file.
        """
        path = Path(path)
        path = path / "weights.npz" if path.is_dir() else path
        try:
            arrays, manifest = npz.read(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot read the weights: {error.strerror}") from None
        if (manifest.get("format"), manifest.get("version")) != (_FORMAT, _VERSION):
            raise FileFormatError(f"{path}: not a model of format version {_VERSION}")
        try:
            return cls._build(arrays, manifest)
        except (AttributeError, KeyError, MemoryError, TypeError, ValueError) as error:
            raise FileFormatError(f"{path}: does not describe a model: {error}") from error

    @classmethod
    def _build(cls, arrays: dict[str, NDArray[Any]], manifest: dict[str, Any]) -> "Model":
        network = Network(**manifest["network"], initializer="zeros")
        if {name: view.shape for name, view in network.params.items()} != {
            name: array.shape for name, array in arrays.items()
        }:
            raise ValueError("its arrays do not fit its architecture")
        for name, view in network.params.items():
            view[:] = arrays[name]
        encoding = manifest["encoding"]
        classes = encoding["classes"]
        return cls(
            network,
            Encoding(
                **encoding
                | {"classes": classes and tuple(classes), "codes": tuple(encoding["codes"])}
            ),
            tuple(manifest["feature_names"]),
        )
