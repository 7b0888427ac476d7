"""Cross sections of what a network has learned: one or two columns vary, the others are fixed."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import join_values
from nnscratch.data.dataset import Feature
from nnscratch.data.decoding import value_text
from nnscratch.data.preprocessing import typical_value
from nnscratch.data.sampling import thin
from nnscratch.errors import UsageError
from nnscratch.formatting import label_text, some, some_names
from nnscratch.model.predictor import Predictor
from nnscratch.nn.inspection.blocks import trace_hidden
from nnscratch.nn.parameters import Array
from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.varied_inputs import InputLine, InputPlane, VariedInputs
from nnscratch.plots.plotted_run import PlottedRun

_SHAPES = {1: ("a line", "one column"), 2: ("a plane", "two columns")}
_MOST_ROWS = 1000
# A coarser plane could not show more.
_MOST_CLASSES = 10_000
# Of a table, so that thousands of columns need little memory.
_NUMBERS_AT_ONCE = 10_000_000
# Of a larger training set, the middle is that of a sample.
_NUMBERS_FOR_MIDDLE = 50_000_000
# How far an axis goes beyond the data, as a share of their range.
_MARGIN = 0.1


def count_axes(run: PlottedRun) -> int:
    """Returns 1 for a line, if the columns that vary are a single one, or 2 for a plane."""
    return 1 if len(run.columns or run.model.features) == 1 else 2


def suggest_columns(run: PlottedRun, axes: int) -> list[str]:
    """Returns numeric columns to vary, as an example, if some must be chosen; else none."""
    features = run.model.features
    if run.columns or len(features) == axes or _predicts_several(run.model):
        return []
    numeric = [feature.name for feature in features if feature.categories is None]
    return numeric[:axes] if len(numeric) >= axes else []


def unavailable(run: PlottedRun, axes: int) -> str:
    """Returns why a run has no cross section; an empty string if it has.

    Args:
        run: Its `columns` are those that vary, or all of the model's if it names none.
        axes: 1 for a line, 2 for a plane.
    """
    shape, columns = _SHAPES[axes]
    too_many = _predicts_too_much(run.model, shape)
    if too_many:
        return too_many
    features = {feature.name: feature for feature in run.model.features}
    if not run.columns and len(features) != axes:
        return f"{shape} has {columns}; these rows have {len(features)}"
    names = run.columns or list(features)
    if len(set(names)) != axes or len(names) != axes:
        return f"{shape} has {columns}; got {label_text(join_values(names))}"
    unknown = [name for name in names if name not in features]
    if unknown:
        known = some_names([join_values([name]) for name in features])
        return f"has no column {some_names(unknown)}; it has {known}"
    categorical = [name for name in names if features[name].categories is not None]
    if categorical:
        return f"{shape} needs numbers; column {some_names(categorical)} has categories"
    return ""


def _predicts_too_much(model: Predictor, shape: str) -> str:
    """Returns why no line or plane, the `shape`, could show all that is predicted, or nothing."""
    count = model.encoding.outputs
    if _predicts_several(model):
        return f"{shape} shows one prediction; this network makes {count}"
    if count > _MOST_CLASSES:
        return f"{shape} shows at most {_MOST_CLASSES:,} classes; this network has {count:,}"
    return ""


def _predicts_several(model: Predictor) -> bool:
    encoding = model.encoding
    return encoding.multi_label or (encoding.classes is None and encoding.numbers > 1)


class CrossSection:
    """A line or a plane through the inputs: some columns vary, the others stay in the middle.

    Args:
        run: The run.
        axes: How many columns vary: 1 or 2.

    Attributes:
        names: The labels of the columns that vary.
        note: What the other columns are held at, a few by name; empty if there are none.

    Raises:
        UsageError: It is `unavailable`.
    """

    def __init__(self, run: PlottedRun, axes: int) -> None:
        reason = unavailable(run, axes)
        if reason:
            raise UsageError(reason)
        features = run.model.features
        names = [feature.name for feature in features]
        split = run.dataset.splits["train"]
        rows = thin(split, max(_MOST_ROWS, _NUMBERS_FOR_MIDDLE // len(names))).inputs
        self._run = run
        self._varied = [names.index(name) for name in run.columns or names]
        self._middle = np.array(
            [typical_value(rows[:, i].astype(np.float64), f) for i, f in enumerate(features)]
        )
        self._ranges = [_find_range(split.inputs[:, column]) for column in self._varied]
        self.names = [label_text(names[column]) for column in self._varied]
        self.note = self._describe_fixed()

    def _describe_fixed(self) -> str:
        fixed = [
            f"{feature.name} {_describe_value(feature, self._middle[i])}"
            for i, feature in enumerate(self._run.model.features)
            if i not in self._varied
        ]
        if not fixed:
            return ""
        note = "other columns at their median or most common category"
        return f"{note}: {some(fixed, shown=3)} (points keep theirs)"

    @property
    def title(self) -> str:
        """What it shows and the run; with its result, if it shows all that rows differ in."""
        return self._run.heading(self.what, result=not self.note)

    @property
    def what(self) -> str:
        """What it shows."""
        if self._run.predicts == "classes" and len(self.names) == 2:
            return "Decision boundary"
        return f"Prediction along {' and '.join(self.names)}"

    def inputs(self, count: int) -> VariedInputs:
        """Returns the line or the plane, with `count` points along each axis."""
        x, *others = self._values(count)
        if not others:
            return InputLine(self.names[0], x, self.note)
        return InputPlane((self.names[0], self.names[1]), x, others[0], self.note)

    def response(self, model: Predictor, count: int) -> Response:
        """Returns what a model predicts at all points: along the line, or (height, width)."""
        outputs = np.concatenate([model.outputs(table) for table in self._tables(count)])
        shape = (count,) * len(self._varied)
        encoding = model.encoding
        if encoding.classes is None:
            targets = self._run.dataset.splits["train"].targets
            limits = float(targets.min()), float(targets.max())
            name = label_text(encoding.names[0]) if encoding.names else "target"
            return Response(encoding.decode(outputs).reshape(shape), (), limits, name)
        classes = tuple(map(label_text, encoding.classes))
        if encoding.probabilities:
            shares = encoding.to_probabilities(outputs)
            name = f"p({classes[1]})" if len(classes) == 2 else "probability"
        else:  # outputs that are no probabilities say which class, but not how surely
            shares = np.zeros((len(outputs), len(classes)), np.float32)
            np.put_along_axis(shares, encoding.decode(outputs)[:, np.newaxis], 1.0, axis=1)
            name = "class"
        return Response(shares.reshape(*shape, -1), classes, name=name)

    def units(self, model: Predictor, count: int, member: int = 1) -> dict[str, Array]:
        """Returns the outputs of each hidden layer's units at all points, (…, units), by name."""
        shape = (count,) * len(self._varied)
        own, several = model.members[member - 1], len(model.members) > 1
        which = f" of member {member}" if several else ""
        tables = (model.table_for(member - 1, table) for table in self._tables(count))
        with np.errstate(all="ignore"):
            pieces = [trace_hidden(own.network, own.transform(table)) for table in tables]
        return {
            name + which: np.concatenate([piece[name] for piece in pieces]).reshape(*shape, -1)
            for name in pieces[0]
        }

    def points(self) -> list[DataPoints]:
        """Returns some rows of each part of the data."""
        points = []
        for name, split in self._run.dataset.splits.items():
            shown = thin(split, _MOST_ROWS)
            part = "training" if name == "train" else name
            label = f"{part} rows"
            if len(shown) < len(split):
                label = f"{len(shown):,} of {len(split):,} {label}"
            places = shown.inputs[:, self._varied].astype(np.float64).T
            targets = shown.targets.reshape(len(shown), -1)[:, 0]
            points.append(DataPoints(places, targets, part, label))
        return points

    def _values(self, count: int) -> list[NDArray[np.float64]]:
        """Returns `count` values along each axis, which goes a little beyond the data."""
        return [np.linspace(*ends, count) for ends in self._ranges]

    def _tables(self, count: int) -> Iterator[NDArray[np.float64]]:
        """Yields a row (columns,) for each point, of a plane line by line from below."""
        grid = np.meshgrid(*self._values(count))
        places = np.stack([values.reshape(-1) for values in grid], axis=1)
        at_once = max(1, _NUMBERS_AT_ONCE // len(self._middle))
        for start in range(0, len(places), at_once):
            piece = places[start : start + at_once]
            table = np.tile(self._middle, (len(piece), 1))
            table[:, self._varied] = piece
            yield table


def _find_range(column: NDArray[Any]) -> tuple[float, float]:
    """Returns where an axis begins and ends: a little outside of the known values."""
    known = column[np.isfinite(column)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    margin = _MARGIN * (high - low) or abs(high) / 2 or 0.5
    return low - margin, high + margin


def _describe_value(feature: Feature, value: float) -> str:
    return f"{value:.4g}" if feature.is_number else value_text(feature, value)
