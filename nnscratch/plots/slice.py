"""Slices through what a network has learnt: one or two columns vary, the others stay."""

import shlex
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import join_values
from nnscratch.data.dataset import Split
from nnscratch.data.preprocessing import typical_value
from nnscratch.data.sampling import thin
from nnscratch.errors import UsageError
from nnscratch.formatting import label_text, some, some_names
from nnscratch.model.model import Model
from nnscratch.nn.inspection.blocks import trace_hidden
from nnscratch.nn.parameters import Array
from nnscratch.plots.figures.answers import Answers, Points
from nnscratch.plots.figures.line import Line
from nnscratch.plots.figures.plane import Plane
from nnscratch.plots.subject import Subject

_WORDS = {1: ("a line", "one column", "one"), 2: ("a plane", "two columns", "two")}
_MARGIN = 0.15
_MOST_POINTS = 1000


def count_axes(subject: Subject) -> int:
    """Returns how many axes are meant: one for a single column, else two."""
    return 1 if len(subject.columns or subject.model.features) == 1 else 2


def refuse_slice(subject: Subject, axes: int) -> str:
    """Returns why a model has no slice of so many columns; nothing if it has.

    Args:
        subject: Its `columns` are those that vary, or all if it names none.
        axes: 1 for a line, 2 for a plane.
    """
    what, so_many, number = _WORDS[axes]
    features, encoding = subject.model.features, subject.model.encoding
    if encoding.multi_label or (encoding.classes is None and encoding.numbers > 1):
        return f"{what} shows one answer; this network gives {encoding.outputs}"
    known = {feature.name: feature for feature in features}
    names = subject.columns or list(known)
    if not subject.columns and len(names) != axes:
        numbers = [feature.name for feature in features if feature.categories is None]
        example = shlex.quote(join_values(numbers[:axes]))
        chosen = f"; choose {number}: --columns {example}" if len(numbers) >= axes else ""
        return f"{what} has {so_many}; these rows have {len(names)}{chosen}"
    if len(set(names)) != axes or len(names) != axes:
        return f"{what} has {so_many}; got --columns {label_text(join_values(names))}"
    absent = [name for name in names if name not in known]
    if absent:
        there = some_names([join_values([name]) for name in known])
        return f"no column {some_names(absent)}; there are {there}"
    words = [name for name in names if known[name].categories is not None]
    return f"{what} needs numbers; column {some_names(words)} has words" if words else ""


class Slice:
    """Rows in which some columns vary as far as the data reach, and the others stay in the middle.

    Args:
        subject: One that `refuse_slice` does not refuse.
        axes: How many columns vary.

    Attributes:
        names: Of the columns that vary, as labels.
        note: What the other columns are held at, a few by name.

    Raises:
        UsageError: It does.
    """

    def __init__(self, subject: Subject, axes: int) -> None:
        refusal = refuse_slice(subject, axes)
        if refusal:
            raise UsageError(refusal)
        names = [feature.name for feature in subject.model.features]
        self._subject = subject
        self._axes = [names.index(name) for name in subject.columns or names]
        rows = subject.dataset.splits["train"].inputs.astype(np.float64)
        features = enumerate(subject.model.features)
        self._middle = np.array([typical_value(rows[:, i], feature) for i, feature in features])
        self._ranges = [_range(rows[:, axis]) for axis in self._axes]
        self.names = [label_text(names[axis]) for axis in self._axes]
        self.note = self._describe_others()

    def _describe_others(self) -> str:
        features = zip(self._subject.model.features, self._middle, strict=True)
        others = [
            f"{feature.name} {f'{value:.4g}' if words is None else words[int(value)]}"
            for i, (feature, value) in enumerate(features)
            if i not in self._axes
            for words in [feature.categories]
        ]
        held = f"others held at their median or commonest word: {some(others, shown=3)}"
        return f"{held}; rows have their own" if others else ""

    @property
    def title(self) -> str:
        """The run; and its result, where the slice shows all that rows differ in."""
        return self._subject.name if self.note else self._subject.title

    def places(self, count: int) -> list[NDArray[np.float64]]:
        """Returns so many values along each axis, a little farther than the data reach."""
        return [np.linspace(*ends, count) for ends in self._ranges]

    def span(self, count: int) -> Line | Plane:
        """Returns the line or the plane, with so many places along each axis."""
        if len(self.names) == 2:
            (first, second), (x, y) = self.names, self.places(count)
            return Plane((first, second), x, y, self.note)
        (name,), (x,) = self.names, self.places(count)
        return Line(name, x, self.note)

    def answers(self, model: Model, places: list[NDArray[np.float64]]) -> Answers:
        """Returns what a model answers at all places: along a line, or (height, width)."""
        table, shape = self._table(places)
        outputs, encoding = model.outputs(table), model.encoding
        if encoding.classes is None:
            targets = self._subject.dataset.splits["train"].targets
            limits = float(targets.min()), float(targets.max())
            what = label_text(encoding.names[0]) if encoding.names else "target"
            return Answers(encoding.decode(outputs).reshape(shape), (), limits, what)
        classes = tuple(map(label_text, encoding.classes))
        if encoding.probabilities:
            shares = encoding.to_probabilities(outputs)
            what = f"p({classes[1]})" if len(classes) == 2 else "probability"
        else:  # plain numbers say which class, but not how surely
            shares, what = np.eye(len(classes))[encoding.decode(outputs)], "class"
        return Answers(shares.reshape(*shape, -1), classes, name=what)

    def units(self, model: Model, places: list[NDArray[np.float64]]) -> dict[str, Array]:
        """Returns what the units of each hidden layer give, (..., units), by its name."""
        table, shape = self._table(places)
        with np.errstate(all="ignore"):
            hidden = trace_hidden(model.network, model.transform(table))
        return {name: output.reshape(*shape, -1) for name, output in hidden.items()}

    def points(self) -> list[Points]:
        """Returns the rows trained on, and those that the model is judged by if they are others."""
        splits = {"train": self._subject.dataset.splits["train"]}
        splits |= dict([self._subject.judged])
        return [*self._points(splits)]

    def _points(self, splits: dict[str, Split]) -> Iterator[Points]:
        for name, split in splits.items():
            shown = thin(split, _MOST_POINTS)
            places = shown.inputs[:, self._axes].astype(np.float64).T
            targets = shown.targets.reshape(len(shown), -1)[:, 0]
            of = f"{len(shown):,} of {len(split):,} " if len(shown) < len(split) else ""
            yield Points(places, targets, f"{of}{'training' if name == 'train' else name} rows")

    def _table(
        self, places: list[NDArray[np.float64]]
    ) -> tuple[NDArray[np.float64], tuple[int, ...]]:
        """Returns a row (columns,) for each place, of a plane line by line from below."""
        grid = np.meshgrid(*places)
        table = np.tile(self._middle, (grid[0].size, 1))
        for axis, values in zip(self._axes, grid, strict=True):
            table[:, axis] = values.reshape(-1)
        return table, grid[0].shape


def _range(column: NDArray[np.float64]) -> tuple[float, float]:
    """Returns where an axis begins and ends: a little outside the data."""
    known = column[np.isfinite(column)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    margin = _MARGIN * (high - low) or abs(high) / 2 or 0.5
    return low - margin, high + margin
