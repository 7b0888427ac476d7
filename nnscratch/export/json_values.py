"""What an exported model consists of as JSON values: arrays, formulas, columns and examples."""

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.export.formula import Formula
from nnscratch.export.self_test import Example
from nnscratch.export.subject import Subject

JSON = Any
# Longer arrays are written as bytes, which take half the room and a tenth of the time.
_READABLE = 1000


def array(values: NDArray[Any]) -> dict[str, JSON]:
    """Returns an array as its dtype, its shape, and its numbers row by row or their bytes.

    A number is written with as many digits as its dtype needs, nan as null.
    """
    about = {"dtype": values.dtype.name, "shape": list(values.shape)}
    if values.size > _READABLE:
        little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        return {**about, "base64": base64.b64encode(little.tobytes()).decode()}
    texts = map(str, values.ravel())  # of float32 the shortest text, 0.1 for 0.1
    return {**about, "values": [None if text == "nan" else float(text) for text in texts]}


def plain(value: Any) -> JSON:
    """Returns an operation's setting or weights."""
    if isinstance(value, np.ndarray):
        return array(value)
    return list(map(plain, value)) if isinstance(value, tuple) else value


def formula(formula: Formula) -> dict[str, JSON]:
    """Returns a formula as lists: a function's name and its arguments."""
    letters = [[name, value] for name, value in formula.letters]
    return {"argument": formula.argument, "letters": letters, "value": formula.value}


def describe_column(subject: Subject, index: int) -> dict[str, JSON]:
    """Returns what a column holds, and its range."""
    feature, span = subject.model.features[index], subject.ranges[index]
    column: dict[str, JSON] = {"name": feature.name}
    if feature.categories is not None:
        return {**column, "kind": "category", "categories": list(feature.categories)}
    if subject.model.image is not None:
        return {**column, "kind": "pixel"}
    assert span
    kind: dict[str, JSON] = {"kind": "number"}
    if feature.date_format is not None:
        kind = {"kind": "date", "date_format": feature.date_format}
    return {**column, **kind, "low": span.low, "high": span.high, "typical": span.typical}


def describe_example(example: Example) -> dict[str, JSON]:
    """Returns a row with its answer; as numbers only where these are others; null for no value."""
    row = list(map(_short, example.row))
    numbers = [None if math.isnan(number) else _short(number) for number in example.numbers]
    read = {} if numbers == row else {"numbers": numbers}
    return {"row": row, **read, "answer": example.answer, "values": example.values}


def _short(value: Any) -> Any:
    """Returns a whole number without its point, which a picture has hundreds of."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
