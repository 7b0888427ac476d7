"""Laying the values of a preset under a config that names one."""

from copy import deepcopy

from nnscratch.config.presets import PRESETS, PresetPlace
from nnscratch.config.reading.document import Document


def lay_under(document: Document) -> None:
    """Sets in `document` what its preset sets and it does not, key by key at the top.

    A preset that is applied already, or that there is not, changes nothing.
    """
    given = document.data.get("preset")
    word = given if isinstance(given, dict) else {"name": given}
    name = word.get("name")
    if word.get("applied") is True or not isinstance(name, str) or name not in PRESETS:
        return
    for key, value in PRESETS[name].values.items():
        if key not in document.data:
            document.data[key] = deepcopy(value)
            document.places[(key,)] = PresetPlace(f"preset {name}")
