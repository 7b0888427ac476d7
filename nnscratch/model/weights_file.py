"""What weights.npz says of a model beside its weights: from a model's parts to JSON and back."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.target_encoding import Encoding
from nnscratch.nn.network import Network

_FORMAT = "nnscratch model"
_VERSION = 3
_PREPROCESSING = ("shift", "scale", "fill")


def pack(
    network: Network, encoding: Encoding, preprocessing: Preprocessing, image: ImageFormat | None
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Returns the arrays and the manifest, a mapping of JSON values, that describe a model."""
    manifest = {
        "format": _FORMAT,
        "version": _VERSION,
        "network": network.describe(),
        "classes": encoding.classes,
        "codes": encoding.codes,
        "target_shift": encoding.shift,
        "target_scale": encoding.scale,
        "target_names": encoding.names,
        "features": [feature.to_json() for feature in preprocessing.features],
        "image": image and [image.height, image.width, image.largest],
    }
    arrays = {f"preprocessing.{name}": getattr(preprocessing, name) for name in _PREPROCESSING}
    return {**network.params, **network.statistics, **arrays}, manifest


def unpack(
    arrays: dict[str, NDArray[Any]], manifest: dict[str, Any]
) -> tuple[Network, Encoding, Preprocessing, ImageFormat | None]:
    """Returns what `pack` took.

    Raises:
        ValueError: It is another format or version, or the parts do not fit each other. Where the
            manifest was made by something else, AttributeError, IndexError, KeyError, MemoryError
            and TypeError are possible too.
    """
    if (manifest.get("format"), manifest.get("version")) != (_FORMAT, _VERSION):
        raise ValueError(f"it is not of format version {_VERSION}")
    arrays = dict(arrays)
    preprocessing = _build_preprocessing(arrays, manifest["features"])
    network = _build_network(arrays, manifest["network"])
    classes = manifest["classes"]
    encoding = Encoding(
        network.loss,
        classes if classes is None else tuple(classes),
        network.outputs if classes is None else 1,
        (float(manifest["codes"][0]), float(manifest["codes"][1])),
        tuple(map(float, manifest["target_shift"])),
        tuple(map(float, manifest["target_scale"])),
        tuple(map(str, manifest["target_names"])),
    )
    widths = {len(encoding.shift), len(encoding.scale)}
    if len(encoding.names) not in (0, encoding.numbers):
        raise ValueError("the names of its targets do not fit their number")
    if encoding.outputs != network.outputs or not widths <= {1, encoding.numbers}:
        raise ValueError("its classes do not fit its outputs")
    if preprocessing.outputs != network.inputs:
        raise ValueError("its features do not fit its inputs")
    image = manifest["image"] and ImageFormat(*manifest["image"])
    if image and image.height * image.width != network.inputs:
        raise ValueError("its pictures do not fit its inputs")
    return network, encoding, preprocessing, image


def _build_preprocessing(arrays: dict[str, NDArray[Any]], features: Any) -> Preprocessing:
    """Takes the arrays of the preprocessing out of `arrays`."""
    parts = {name: arrays.pop(f"preprocessing.{name}") for name in _PREPROCESSING}
    built = tuple(map(Feature.from_json, features))
    shapes = {name: array.shape for name, array in parts.items()}
    allowed = (len(built),)
    fits = shapes["fill"] == allowed and shapes["shift"] == shapes["scale"] in ((), allowed)
    if not fits or not all(np.isfinite(parts[name]).all() for name in ("shift", "scale")):
        raise ValueError("its preprocessing does not fit its features")
    return Preprocessing(built, **parts)


def _build_network(arrays: dict[str, NDArray[Any]], description: dict[str, Any]) -> Network:
    _check_shapes(arrays, description)
    network = Network(**description, initializer="zeros")
    views = {**network.params, **network.statistics}
    if {n: a.shape for n, a in views.items()} != {n: a.shape for n, a in arrays.items()}:
        raise ValueError("its arrays do not fit its architecture")
    for name, view in views.items():
        view[:] = arrays[name]
    if any((view < 0).any() for name, view in views.items() if name.endswith(".moving_variance")):
        raise ValueError("it has a variance below 0")
    if not np.isfinite(network.weights).all():
        raise ValueError("its weights are not finite")
    return network


def _check_shapes(arrays: dict[str, NDArray[Any]], description: dict[str, Any]) -> None:
    """Compares the kernels with the widths, before a network of those widths takes memory."""
    hidden = [layer["units"] for layer in description["architecture"]]
    widths = [description["inputs"], *hidden, description["outputs"]]
    for number, shape in enumerate(pairwise(widths), start=1):
        kernel = arrays.get(f"dense_{number}.kernel")
        if kernel is None or kernel.shape != shape:
            raise ValueError("its arrays do not fit its architecture")
