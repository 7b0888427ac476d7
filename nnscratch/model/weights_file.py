"""The content of weights.npz: a model's parts as arrays and a JSON manifest, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.tables import TableFormat
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import NO_TRANSFORM, TARGET_TRANSFORMS
from nnscratch.errors import FileFormatError, UsageError
from nnscratch.files import npz
from nnscratch.nn.embeddings import as_embedding
from nnscratch.nn.network import Network
from nnscratch.runs import WEIGHTS

# The arrays of a model, and its manifest.
Content = tuple[dict[str, NDArray[Any]], dict[str, Any]]

_FORMAT = "nnscratch model"
# A model is written in the oldest version that can hold it, so that its file says no more than it
# must. Versions 4 and 5 add keys, each of which has a default; those of 5 are parts of the network.
# Version 6 has embeddings of numbers that are no waves, by their names.
_VERSIONS = (3, 4, 5, 6)
_PARTS_OF_VERSION_5 = {"numeric_embedding", "input_scale"}
# Of any number in the manifest: those of data may be as large as floating-point numbers are.
_LARGEST = 1.7976931348623157e308


@contextmanager
def reading(path: str | Path) -> Iterator[Content]:
    """Reads a weights file, or that of a run directory; what is made of it may fail as `unpack`.

    Raises:
        FileFormatError: The file is damaged, was edited, or does not describe a model.
        UsageError: There is no such file.
    """
    path = Path(path)
    path = path / WEIGHTS if path.is_dir() else path
    try:
        content = npz.read(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        yield content
    except (AttributeError, IndexError, KeyError, MemoryError, TypeError, ValueError) as error:
        raise FileFormatError(f"{path}: does not describe a model: {error}") from error


def pack(
    network: Network,
    encoding: TargetEncoding,
    preprocessing: Preprocessing,
    image: ImageFormat | None,
    table: TableFormat | None,
) -> Content:
    """Returns the arrays and the manifest, a mapping of JSON values, that describe a model."""
    new = _describe_new(encoding, preprocessing, table)
    described = network.describe()
    manifest = {
        "format": _FORMAT,
        "version": _version_of(described) or (4 if new else 3),
        "network": described,
        "classes": encoding.classes,
        "codes": encoding.codes,
        "target_shift": encoding.scaling.shift.tolist(),
        "target_scale": encoding.scaling.unit.tolist(),
        "target_names": encoding.names,
        "features": [feature.to_json() for feature in preprocessing.features],
        "image": image and [image.height, image.width, image.largest],
        **new,
    }
    arrays = {
        **network.params,
        **network.statistics,
        "preprocessing.shift": preprocessing.scaling.shift,
        "preprocessing.scale": preprocessing.scaling.factor,
        "preprocessing.fill": preprocessing.fill,
    }
    return arrays, manifest


def _version_of(described: dict[str, Any]) -> int:
    """Returns the version that knows all parts of a network; 0 where every version does."""
    if "name" in described.get("numeric_embedding", {}):
        return 6
    return 5 if _PARTS_OF_VERSION_5 & described.keys() else 0


def _describe_new(
    encoding: TargetEncoding, preprocessing: Preprocessing, table: TableFormat | None
) -> dict[str, Any]:
    """Returns the keys that version 3 does not have; none for a model that it can hold."""
    new: dict[str, Any] = {}
    if encoding.transform is not NO_TRANSFORM:
        new["target_transform"] = encoding.transform.name
    if table not in (None, TableFormat()):
        new["table"] = table.to_json()
    known = [feature.categories and len(feature.categories) for feature in preprocessing.features]
    if preprocessing.date_columns or list(preprocessing.category_counts) != known:
        new["flagged"] = preprocessing.flagged
    return new


def unpack(
    arrays: dict[str, NDArray[Any]], manifest: dict[str, Any]
) -> tuple[Network, TargetEncoding, Preprocessing, ImageFormat | None, TableFormat | None]:
    """Returns what `pack` took.

    Raises:
        ValueError: The format or its version is another one, or the parts do not fit each other.
            For a manifest that `pack` did not make AttributeError, IndexError, KeyError,
            MemoryError and TypeError are possible too.
    """
    if manifest.get("format") != _FORMAT or manifest.get("version") not in _VERSIONS:
        raise ValueError(f"its format is not version {_VERSIONS[0]} to {_VERSIONS[-1]}")
    _check_numbers(manifest)
    arrays = dict(arrays)
    preprocessing = _build_preprocessing(arrays, manifest["features"], manifest.get("flagged", []))
    network = _build_network(arrays, manifest["network"])
    encoding = _build_encoding(network, manifest)
    if preprocessing.outputs != network.inputs:
        raise ValueError("its features do not fit its inputs")
    image = _build_image(network, manifest["image"])
    table = manifest.get("table")
    table = None if table is None else TableFormat.from_json(table)
    return network, encoding, preprocessing, image, table


def _check_numbers(value: Any) -> None:
    """Raises ValueError if there is nan, infinity or an absurd number anywhere in a manifest."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            _check_numbers(part)
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST:
        raise ValueError("it has a number that is not finite")


def _build_image(network: Network, values: Any) -> ImageFormat | None:
    if values is None:
        return None
    image = ImageFormat(*values)
    if image.height * image.width != network.inputs or min(values) <= 0:
        raise ValueError("its image format does not fit its inputs")
    return image


def _build_preprocessing(
    arrays: dict[str, NDArray[Any]], features: Any, flagged: Any
) -> Preprocessing:
    """Builds the preprocessing and removes its arrays from `arrays`."""
    columns = tuple(map(Feature.from_json, features))
    shift = arrays.pop("preprocessing.shift")
    factor = arrays.pop("preprocessing.scale")
    fill = arrays.pop("preprocessing.fill")
    preprocessing = Preprocessing(columns, Scaling(shift, factor), fill, tuple(flagged))
    fits = fill.shape == (len(columns),) and all(_is_number(columns, i) for i in flagged)
    if not fits or not shift.shape == factor.shape in ((), (preprocessing.columns,)):
        raise ValueError("its preprocessing does not fit its features")
    if not (np.isfinite(shift).all() and np.isfinite(factor).all()):
        raise ValueError("its scaling is not finite")
    return preprocessing


def _is_number(columns: tuple[Feature, ...], index: Any) -> bool:
    """Returns whether an index is that of a column of numbers."""
    is_index = isinstance(index, int) and 0 <= index < len(columns)
    return is_index and columns[index].categories is None


def _build_encoding(network: Network, manifest: dict[str, Any]) -> TargetEncoding:
    classes = manifest["classes"]
    shift = np.array([float(value) for value in manifest["target_shift"]])
    unit = np.array([float(value) for value in manifest["target_scale"]])
    if not unit.all():
        raise ValueError("the scale of its targets is 0")
    _check_labels([] if classes is None else classes, str | int | float)
    _check_labels(manifest["target_names"], str)
    encoding = TargetEncoding(
        network.loss,
        None if classes is None else tuple(classes),
        numbers=network.outputs if classes is None else 1,
        codes=(float(manifest["codes"][0]), float(manifest["codes"][1])),
        scaling=Scaling(shift, 1.0 / unit),
        names=tuple(manifest["target_names"]),
        transform=TARGET_TRANSFORMS[manifest.get("target_transform", "none")],
    )
    if len(encoding.names) not in (0, encoding.numbers):
        raise ValueError("the names of its targets do not fit their number")
    if encoding.outputs != network.outputs or not {len(shift), len(unit)} <= {1, encoding.numbers}:
        raise ValueError("its classes do not fit its outputs")
    return encoding


def _check_labels(labels: Any, kind: Any) -> None:
    if not isinstance(labels, list) or not all(isinstance(label, kind) for label in labels):
        raise ValueError("its classes or names are not labels")


def _build_network(arrays: dict[str, NDArray[Any]], description: dict[str, Any]) -> Network:
    _check_shapes(arrays, description)
    # JSON has no tuples, and `describe` of an equal network does.
    loss = {k: tuple(v) if isinstance(v, list) else v for k, v in description["loss"].items()}
    network = Network(**{**description, "loss": loss}, initializer="zeros")
    views = {**network.params, **network.statistics}
    if {n: a.shape for n, a in views.items()} != {n: a.shape for n, a in arrays.items()}:
        raise ValueError("its arrays do not fit its architecture")
    for name, view in views.items():
        view[:] = arrays[name]
    if any((view < 0).any() for name, view in views.items() if name.endswith(".moving_variance")):
        raise ValueError("a variance is below 0")
    if not np.isfinite(network.weights).all():
        raise ValueError("its weights are not finite")
    return network


def _check_shapes(arrays: dict[str, NDArray[Any]], description: dict[str, Any]) -> None:
    """Checks the shapes of the kernels before a network of these widths allocates memory."""
    hidden = [layer["units"] for layer in description["architecture"]]
    embedding = as_embedding(description.get("numeric_embedding"), description["dtype"])
    width, shapes = description["inputs"], {}
    if embedding is not None:
        width += embedding.appended
        shapes = {f"embedding.{name}": shape for name, shape in embedding.shapes.items()}
    widths = [width, *hidden, description["outputs"]]
    for number, shape in enumerate(pairwise(widths), start=1):
        shapes[f"dense_{number}.kernel"] = shape
    if any(name not in arrays or arrays[name].shape != shape for name, shape in shapes.items()):
        raise ValueError("its arrays do not fit its architecture")
