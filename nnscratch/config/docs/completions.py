"""What can be typed as KEY=VALUE, for a shell that completes it."""

import re
from collections.abc import Iterator

from nnscratch.config.docs.json_schema import json_schema
from nnscratch.config.docs.reference import alternatives, example, names
from nnscratch.config.settings.base import KEY_ALIASES


def completions(incomplete: str) -> Iterator[str]:
    """Yields each key with a value, its parts if it is typed, and the words that may follow `=`."""
    schema = json_schema()
    keys = {k: v for k, v in schema["properties"].items() if k not in KEY_ALIASES}
    typed, equals, _ = incomplete.partition("=")
    owner, dot, _ = typed.partition(".")
    if dot and owner in keys:
        parts = list(alternatives(keys[owner], schema["$defs"]))
        keys = {
            f"{owner}.{name}": setting
            for part in parts
            for name, setting in part.get("properties", {}).items()
            if name != "name"
        }
    for key, value in keys.items():
        yield f"{key}={_without_brackets(example(value))}"
        if equals and key == typed:
            for form in alternatives(value, schema["$defs"]):
                yield from (f"{key}={word}" for word in names(form))


def _without_brackets(text: str) -> str:
    """Returns `128x32` for `[128, 32]`, which shells change; other texts as they are."""
    is_list = re.fullmatch(r"\[(\d+(?:, \d+)*)\]", text)
    return is_list[1].replace(", ", "x") if is_list else text
