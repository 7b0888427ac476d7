"""The rows with which an exported file tests itself, and what the model answers.

The rows are made up from what the model knows of its columns. They are no rows of the data, which
may be nobody else's business.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.data.dataset import Feature
from nnscratch.data.dates import date_text
from nnscratch.errors import NNScratchError
from nnscratch.export.ranges import Range
from nnscratch.export.subject import Subject, in_float64
from nnscratch.model.predictor import Predictor

ROWS = 10
_TRIES = 3
_ALIKE = 1e-2
_SEED = 20261130
_DIGITS = 4
_FEW = 0.15
_UNSEEN = "(a category that training did not have)"


@dataclass(frozen=True)
class Example:
    """A row and what is predicted for it.

    Attributes:
        row: A value for each column, None where it is missing.
        numbers: The row as numbers: a category's index, nan where a value is missing.
        answer: A class; or numbers, or 0 and 1 for labels.
        values: What the answer is made from.
    """

    row: list[Any]
    numbers: list[float]
    answer: Any
    values: list[float]


def make_examples(subject: Subject, count: int = ROWS) -> list[Example]:
    """Returns rows with what the model, computing in float64, predicts for them.

    A row whose answer depends on the precision is left out, as is one whose answer overflows.
    """
    twin = in_float64(subject.model)
    examples: list[Example] = []
    for row in make_rows(subject, _TRIES * count):
        try:
            example, other = _predict(twin, row), _predict(subject.model, row)
        except NNScratchError:
            continue
        if np.allclose(example.values, other.values, rtol=_ALIKE, atol=_ALIKE):
            examples.append(example)
        if len(examples) == count:
            break
    return examples


def _predict(model: Predictor, row: list[Any]) -> Example:
    table = model.as_table([row])
    values = values_of(model, table)
    return Example(row, table[0].tolist(), model.predict(table).tolist()[0], values[0].tolist())


def values_of(model: Predictor, rows: Any) -> Any:
    """Returns what a model's answers are made from, (rows, values), computed by the model."""
    if model.encoding.probabilities:
        return model.predict_proba(rows)
    return model.predict(rows) if model.encoding.classes is None else model.outputs(rows)


def make_rows(subject: Subject, count: int) -> list[list[Any]]:
    """Returns rows like those that the model was trained on, with missing values if it takes them.

    The same subject gives the same rows.
    """
    rng = np.random.default_rng(_SEED)
    image = subject.model.image
    if image is not None:
        return [_draw(rng, image.height, image.width, image.largest) for _ in range(count)]
    pairs = list(zip(subject.model.features, subject.ranges, strict=True))
    rows = [[_make_value(rng, *pair) for pair in pairs] for _ in range(count)]
    if subject.may_be_missing:
        for row in rows[1:]:
            for column in np.flatnonzero(rng.random(len(row)) < _FEW).tolist():
                row[column] = None
    return rows


def _make_value(rng: np.random.Generator, feature: Feature, span: Range | None) -> Any:
    if feature.categories is not None:
        known = feature.categories or (_UNSEEN,)
        return _UNSEEN if rng.random() < _FEW else known[int(rng.integers(len(known)))]
    assert span
    value = float(rng.triangular(span.low, min(max(span.typical, span.low), span.high), span.high))
    if feature.date_format is not None:
        return date_text(value, feature.date_format)
    return float(f"{value:.{_DIGITS}g}")


def _draw(rng: np.random.Generator, height: int, width: int, largest: float) -> list[float]:
    """Returns a picture of a few bars, whose pixels are whole numbers if there are enough."""
    page = np.zeros((height, width))
    for _ in range(4):
        top, left = int(rng.integers(height)), int(rng.integers(width))
        tall, wide = int(rng.integers(1, height + 1)), int(rng.integers(1, width + 1))
        bar = page[top : top + tall, left : left + max(1, wide // 6)]
        np.maximum(bar, rng.random() * largest, out=bar)
    whole = np.round(page) if largest > 1 else np.round(page, _DIGITS)
    return [float(x) for x in whole.ravel()]
