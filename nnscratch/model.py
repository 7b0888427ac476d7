"""A model: a network and what its inputs and outputs mean. It is what weights.npz holds."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnscratch.data.encoding import Encoding
from nnscratch.errors import FileFormatError, NNScratchError, UsageError
from nnscratch.files import npz
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array
from nnscratch.runs import WEIGHTS
from nnscratch.wording import plural

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
        return self.encoding.labels(self.encoding.decide(self.outputs(rows)))

    def predict_proba(self, rows: ArrayLike) -> Array:
        """Returns the probability of each class (rows, classes).

        Raises:
            UsageError: As `predict`; or the network was not trained with a cross-entropy.
        """
        if not self.encoding.probabilities:
            raise UsageError("only a network trained with a cross-entropy gives probabilities")
        return self.encoding.spread(self.outputs(rows))

    def outputs(self, rows: ArrayLike) -> Array:
        """Returns the network's outputs (rows, outputs), its output activation applied.

        Raises:
            UsageError: As `predict`.
            NNScratchError: The outputs overflow.
        """
        try:
            # What is too large for float32 becomes an infinity there, and is refused below.
            with np.errstate(over="ignore"):
                table = np.asarray(rows, dtype=np.float64).astype(self.network.dtype)
        except (TypeError, ValueError):
            raise UsageError("the rows to predict must be numbers, all rows equally many") from None
        width = self.network.inputs
        if table.ndim != 2 or table.shape[1] != width:
            rule = f"must have {plural(width, 'number')} ({', '.join(self.feature_names)})"
            given = table.shape[1] if table.ndim == 2 else f"an array of shape {table.shape}"
            raise UsageError(f"each row to predict {rule}; got {given}")
        if not np.isfinite(table).all():
            raise UsageError(f"the rows to predict must be finite numbers of {table.dtype}")
        with np.errstate(all="ignore"):
            outputs = self.network.predict(table)
        if not np.isfinite(outputs).all():
            raise NNScratchError("the network's outputs overflow; it has diverged in training")
        return outputs

    def save(self, path: str | Path) -> None:
        """Writes the model to `path`, a .npz file, whole or not at all.

        Raises:
            OSError: The file cannot be written; what was there before still is.
        """
        manifest = {
            "format": _FORMAT,
            "version": _VERSION,
            "network": self.network.describe(),
            "classes": self.encoding.classes,
            "codes": self.encoding.codes,
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
        path = path / WEIGHTS if path.is_dir() else path
        try:
            arrays, manifest = npz.read(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot read the weights: {error.strerror}") from None
        if (manifest.get("format"), manifest.get("version")) != (_FORMAT, _VERSION):
            raise FileFormatError(f"{path}: not a model of format version {_VERSION}")
        try:
            return cls._build(arrays, manifest)
        except (AttributeError, IndexError, KeyError, MemoryError, TypeError, ValueError) as error:
            raise FileFormatError(f"{path}: does not describe a model: {error}") from error

    @classmethod
    def _build(cls, arrays: dict[str, NDArray[Any]], manifest: dict[str, Any]) -> "Model":
        description = manifest["network"]
        _check_shapes(arrays, description)
        network = Network(**description, initializer="zeros")
        if network.params.keys() != arrays.keys():
            raise ValueError("its arrays do not fit its architecture")
        for name, view in network.params.items():
            view[:] = arrays[name]
        if not np.isfinite(network.params.flat).all():
            raise ValueError("its weights are not finite")
        classes = manifest["classes"]
        encoding = Encoding(
            network.loss,
            classes if classes is None else tuple(classes),
            network.outputs if classes is None else 1,
            (float(manifest["codes"][0]), float(manifest["codes"][1])),
        )
        if encoding.outputs != network.outputs:
            raise ValueError("its classes do not fit its outputs")
        return cls(network, encoding, tuple(map(str, manifest["feature_names"])))


def _check_shapes(arrays: dict[str, NDArray[Any]], description: dict[str, Any]) -> None:
    """Compares the kernels with the widths, before a network of those widths takes memory."""
    hidden = [layer["units"] for layer in description["architecture"]]
    widths = [description["inputs"], *hidden, description["outputs"]]
    for number, shape in enumerate(pairwise(widths), start=1):
        kernel = arrays.get(f"dense_{number}.kernel")
        if kernel is None or kernel.shape != shape:
            raise ValueError("its arrays do not fit its architecture")
