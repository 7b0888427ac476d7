"""The content of the weights file of an ensemble: that of each member's, and back."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from nnscratch.data.dataset import Feature
from nnscratch.model.weights_file import Content

_FORMAT, _VERSION = "nnscratch ensemble", 1


def is_ensemble(manifest: dict[str, Any]) -> bool:
    """Returns whether a file holds several models."""
    return bool(manifest.get("format") == _FORMAT)


def pack_ensemble(members: Sequence[Content], features: Sequence[Feature]) -> Content:
    """Returns the content of a file that holds several models.

    Args:
        members: The content of each.
        features: The columns of a row, with the categories of all members.
    """
    arrays = {
        f"member_{i}.{name}": array
        for i, (own, _) in enumerate(members, start=1)
        for name, array in own.items()
    }
    manifest = {
        "format": _FORMAT,
        "version": _VERSION,
        "features": [feature.to_json() for feature in features],
        "members": [manifest for _, manifest in members],
    }
    return arrays, manifest


def unpack_ensemble(
    arrays: dict[str, NDArray[Any]], manifest: dict[str, Any]
) -> tuple[list[Content], tuple[Feature, ...]]:
    """Returns what `pack_ensemble` took.

    Raises:
        ValueError: The version is another one, or an array belongs to no member.
            For a manifest that `pack_ensemble` did not make AttributeError, KeyError and TypeError
            are possible too.
    """
    if manifest["version"] != _VERSION:
        raise ValueError(f"its format is not version {_VERSION} of ensembles")
    contents: list[Content] = [({}, each) for each in manifest["members"]]
    owners = {f"member_{i}": own for i, (own, _) in enumerate(contents, start=1)}
    for name, array in arrays.items():
        member, _, own_name = name.partition(".")
        if member not in owners:
            raise ValueError("an array belongs to none of its members")
        owners[member][own_name] = array
    return contents, tuple(map(Feature.from_json, manifest["features"]))
