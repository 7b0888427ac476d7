"""JSON: the operations with their weights, which the page reads; json_schema.json describes it."""

import json
from collections.abc import Iterable
from functools import singledispatch

import numpy as np

from nnscratch.export.formats import Export, refuse
from nnscratch.export.formula_reader import date_formulas, formula_of, sigmoid_formula
from nnscratch.export.json_values import (
    JSON,
    describe_column,
    describe_example,
    formula,
    plain,
)
from nnscratch.export.self_test import make_examples
from nnscratch.export.subject import Subject
from nnscratch.model import operation as op

FORMAT, VERSION = "nnscratch export", 1
MOST_NUMBERS = 20_000_000


def write(subject: Subject) -> Export:
    """Returns a JSON file.

    Raises:
        NNScratchError: The network is too large.
    """
    return Export({".json": as_bytes(describe(subject))})


def as_bytes(description: dict[str, JSON]) -> bytes:
    """Returns what `describe` returned as the text of a file, with a line for each operation."""
    parts = [f"{_text(key)}: {_lines(value)}" for key, value in description.items()]
    text = ",\n".join(parts)
    # Names may hold half a character, which UTF-8 has not; JSON has escapes for it.
    return f"{{\n{text}\n}}\n".encode(errors="backslashreplace")


def describe(subject: Subject) -> dict[str, JSON]:
    """Returns a model as JSON values.

    Raises:
        NNScratchError: The network is too large.
    """
    subject.check_size(MOST_NUMBERS, "JSON")
    model = subject.model
    encoding = model.encoding
    kind = "class" if encoding.classes is not None else "numbers"
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": subject.name,
        "about": {
            "maker": subject.maker,
            "trained": subject.trained,
            "data": subject.data,
            "figures": subject.figures,
            "numbers": subject.size,
        },
        "columns": [describe_column(subject, i) for i in range(len(model.features))],
        "missing": subject.may_be_missing,
        "notation": {
            "missing_values": list(model.notation.missing_values),
            "decimal": model.notation.decimal,
            "thousands": model.notation.thousands_marks,
            "strip": list(model.notation.strip),
        },
        "image": model.image
        and {
            "height": model.image.height,
            "width": model.image.width,
            "largest": model.image.largest,
        },
        "answer": {
            "kind": "labels" if encoding.multi_label else kind,
            "names": list(subject.value_names),
            "probabilities": encoding.probabilities,
        },
        "operations": _encode_all(subject.operations),
        "self_test": [describe_example(each) for each in make_examples(subject)],
    }


def _text(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _lines(value: JSON) -> str:
    """Returns a value as text, a list of objects with each of them in a line."""
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return _text(value)
    items = ",\n  ".join(map(_text, value))
    return f"[\n  {items}\n]"


def _encode_all(operations: Iterable[op.Operation]) -> list[JSON]:
    """Returns operations that follow each other."""
    dtype = ""
    values = []
    for each in operations:
        dtype = each.dtype if isinstance(each, op.Cast) else dtype
        values.append({"operation": type(each).__name__, **encode(each, dtype)})
    return values


@singledispatch
def encode(operation: op.Operation, dtype: str) -> dict[str, JSON]:
    """Returns an operation's settings and weights as JSON values.

    Args:
        operation: The operation.
        dtype: The precision that the network computes in.

    Raises:
        NNScratchError: It is not known to this format.
    """
    raise refuse(operation, "json")


@encode.register
def _(operation: op.ReadColumns, dtype: str) -> dict[str, JSON]:
    return {"count": len(operation.features)}


@encode.register
def _(operation: op.DateParts, dtype: str) -> dict[str, JSON]:
    parts = [list(date_formulas(names).values()) for names in operation.parts]
    return {
        "columns": list(operation.columns),
        "parts": [list(names) for names in operation.parts],
        "formulas": [[formula(each) for each in formulas] for formulas in parts],
    }


@encode.register
def _(operation: op.Cast, dtype: str) -> dict[str, JSON]:
    return {"dtype": operation.dtype, "largest": float(np.finfo(operation.dtype).max)}


@encode.register
def _(operation: op.Activate, dtype: str) -> dict[str, JSON]:
    function = operation.function
    return {
        "name": operation.name,
        "function": type(function).name,
        "formula": formula(formula_of(function, dtype)),
    }


@encode.register
def _(operation: op.Sigmoid, dtype: str) -> dict[str, JSON]:
    return {"formula": formula(sigmoid_formula(dtype))}


@encode.register(op.Recode)
@encode.register(op.FlagMissing)
@encode.register(op.Impute)
@encode.register(op.Scale)
@encode.register(op.EncodeCategories)
@encode.register(op.EmbedNumbers)
@encode.register(op.EncodePieces)
@encode.register(op.ScaleInputs)
@encode.register(op.Dense)
@encode.register(op.Normalize)
@encode.register(op.Softmax)
@encode.register(op.Complement)
@encode.register(op.ArgMax)
@encode.register(op.Threshold)
@encode.register(op.DecodeLabels)
@encode.register(op.Unscale)
@encode.register(op.Exp)
@encode.register(op.Expm1)
@encode.register(op.NameOutputs)
def _(operation: op.Operation, dtype: str) -> dict[str, JSON]:
    return {name: plain(value) for name, value in vars(operation).items()}


@encode.register
def _(operation: op.Average, dtype: str) -> dict[str, JSON]:
    return {"members": [_encode_all(each) for each in operation.members]}
