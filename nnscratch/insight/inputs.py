"""The first step of an explanation: from the values of a row to the numbers the network takes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import label_text, number, plural
from nnscratch.insight.example import Example
from nnscratch.insight.section import MAX_UNITS, Section, tabulate
from nnscratch.model.model import Model
from nnscratch.model.operation import Scale
from nnscratch.model.operations import operations
from nnscratch.model.predictions import list_labels
from nnscratch.nn.parameters import Array


def input_names(model: Model) -> tuple[str, ...]:
    """Returns the names of the network's inputs."""
    return tuple(map(label_text, model.preprocessing.output_names))


def explain_inputs(model: Model, example: Example, x: Array) -> Section:
    """Returns what the network predicts, and how a row becomes its inputs x (1, inputs)."""
    lines = [f"the network predicts {_text(model, model.predict(example.inputs))}"]
    if example.target is not None:
        target = model.encoding.to_labels(example.target)
        lines.append(f"the target is {_text(model, target)}")
    if model.network.draws:
        lines.append("dropout is off, as it is whenever the network predicts")
    missing = int(np.isnan(example.inputs).sum())
    if missing:
        values = plural(missing, "missing value")
        lines.append(f"{values}: numbers are filled in with the column's median")
    names = input_names(model)
    scaling = next((step for step in operations(model) if isinstance(step, Scale)), None)
    if len(names) > MAX_UNITS or not (scaling or missing):
        return tabulate(example.name, lines, "input", names, {"network input": x[0]})
    formula = "(value − shift) · scale" if scaling else "value"
    categories = "; categories as 0 and 1" if model.preprocessing.has_categories else ""
    lines.append(f"network input: {formula}{categories}")
    columns = {"shift": scaling.shift, "scale": scaling.factor} if scaling else {}
    header = ("input", "value", *columns, "network input")
    rows = _rows(model, example, x, list(columns.values()))
    return Section(example.name, tuple(lines), header, tuple(rows))


def _rows(
    model: Model, example: Example, x: Array, scaling: list[NDArray[np.float64]]
) -> Iterator[tuple[Any, ...]]:
    """Yields a row for each input of the network: one for a number, one for each category."""
    preprocessing = model.preprocessing
    inputs = iter(zip(input_names(model), x[0].tolist(), strict=True))
    columns = [np.broadcast_to(array, preprocessing.columns).tolist() for array in scaling]
    values = preprocessing.widen(example.inputs)[0].tolist()
    missing = np.isnan(example.inputs[0]).tolist()
    for i, count in enumerate(preprocessing.category_counts):
        is_missing = i < len(missing) and missing[i]
        if count is None:
            name, given = next(inputs)
            shown = f"{values[i]:.5g}, filled in" if is_missing else values[i]
            yield name, shown, *(column[i] for column in columns), given
        else:
            # A missing category is not filled in where it is one of its own.
            is_filled = is_missing and not preprocessing.marks_missing(i)
            for code in range(count):
                name, given = next(inputs)
                shown = "" if code != values[i] else "yes, filled in" if is_filled else "yes"
                yield name, shown, *("" for _ in columns), given


def _text(model: Model, labels: NDArray[Any]) -> str:
    """Returns the classes, the labels or the numbers of one row as text."""
    if model.encoding.multi_label:
        (names,) = list_labels(model.encoding.target_names, labels)
        return "no label" if names == "-" else label_text(names)
    show = label_text if model.encoding.classes else number
    return ", ".join(map(show, labels.reshape(-1).tolist()))
