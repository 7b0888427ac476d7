"""The first step of an explanation: from the values of a row to the numbers the network takes."""

from collections.abc import Iterator
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import label_text, number, plural
from nnscratch.insight.example import Example
from nnscratch.insight.section import MAX_UNITS, Section, tabulate
from nnscratch.model.model import Model
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
        source = "the median or the most frequent category of the training data"
        lines.append(f"{plural(missing, 'missing value')}, filled in with")
        lines.append(source)
    names = input_names(model)
    preprocessing = model.preprocessing
    is_scaled = not preprocessing.scaling.is_identity
    if len(names) > MAX_UNITS or not (is_scaled or missing):
        return tabulate(example.name, lines, "input", names, {"network input": x[0]})
    formula = "(value − shift) · scale" if is_scaled else "value"
    categories = "; categories as 0 and 1" if preprocessing.has_categories else ""
    lines.append(f"network input: {formula}{categories}")
    header = ["input", "value", "network input"]
    if is_scaled:
        header[2:2] = ["shift", "scale"]
    return Section(example.name, tuple(lines), tuple(header), tuple(_rows(model, example, x)))


def _rows(model: Model, example: Example, x: Array) -> Iterator[tuple[Any, ...]]:
    """Yields a row for each input of the network: one for a number, one for each category."""
    preprocessing = model.preprocessing
    inputs = iter(x[0].tolist())
    scaling = [] if preprocessing.scaling.is_identity else preprocessing.scaling
    columns = [np.broadcast_to(array, len(model.features)).tolist() for array in scaling]
    for i, feature in enumerate(model.features):
        name = label_text(feature.name)
        value = float(example.inputs[0, i])
        is_missing = isnan(value)
        if is_missing:
            value = float(preprocessing.fill[i])
        if feature.categories is None:
            shown = f"{value:.5g}, filled in" if is_missing else value
            yield name, shown, *(column[i] for column in columns), next(inputs)
            continue
        for code, category in enumerate(feature.categories):
            shown = ""
            if code == value:
                shown = "yes, filled in" if is_missing else "yes"
            yield f"{name} = {label_text(category)}", shown, *("" for _ in columns), next(inputs)


def _text(model: Model, labels: NDArray[Any]) -> str:
    """Returns the classes, the labels or the numbers of one row as text."""
    if model.encoding.multi_label:
        (names,) = list_labels(model.encoding.target_names, labels)
        return "no label" if names == "-" else label_text(names)
    show = label_text if model.encoding.classes else number
    return ", ".join(map(show, labels.reshape(-1).tolist()))
