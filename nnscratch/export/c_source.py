"""The functions of c_runtime.h that an exported header needs, and texts and numbers of C."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_RUNTIME = Path(__file__).with_name("c_runtime.h")
_WIDTH = 95
_FUNCTION = re.compile(r"^static inline [\w ]+?\*?(model_\w+)\(", re.MULTILINE)


def choose_source(names: Iterable[str]) -> str:
    """Returns the definitions of some functions, and of those that they call."""
    known = _read()
    wanted: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name in known and name not in wanted:
            wanted.add(name)
            left += re.findall(r"model_\w+", known[name])
    return "\n\n".join(text for name, text in known.items() if name in wanted)


@cache
def _read() -> dict[str, str]:
    """Returns the text of each function."""
    blocks = _RUNTIME.read_text("utf-8").strip().split("\n\n")
    found = ((match[1], block) for block in blocks if (match := _FUNCTION.search(block)))
    return dict(found)


def c_text(text: str) -> str:
    """Returns a string literal in UTF-8; no character ends it or begins a trigraph."""
    content = text.encode("utf-8", "surrogatepass")
    literal = "".join(map(_character, content))
    # The prefix of the header takes the place of these words wherever they stand.
    return '"' + literal.replace("model_", r"mode\154_").replace("MODEL_", r"MODE\114_") + '"'


def _character(byte: int) -> str:
    character = chr(byte)
    if character in '"\\?':
        return f"\\{character}"
    return character if 32 <= byte < 127 else f"\\{byte:03o}"


def c_float(value: float) -> str:
    """Returns a literal of type float."""
    return f"{np.float32(value)!s}f"


def c_numbers(values: NDArray[Any], kind: str) -> str:
    """Returns the initializer of an array.

    Args:
        values: The numbers, row by row.
        kind: float, double, or a type of whole numbers.
    """
    if kind == "float":
        texts = [f"{text}f" for text in map(str, values.astype(np.float32).ravel())]
    elif kind == "double":
        texts = list(map(repr, values.astype(np.float64).ravel().tolist()))
    else:
        texts = list(map(str, values.ravel().tolist()))
    lines = [""]
    for text in texts:
        if len(lines[-1]) + len(text) > _WIDTH:
            lines.append("")
        lines[-1] += f"{text}, "
    body = "\n".join(f"    {line.rstrip()}" for line in lines)
    return f"{{\n{body}\n}}"
