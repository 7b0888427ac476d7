"""From a model and two columns of its data to what is drawn on the plane that they span."""

import shlex
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import join_values
from nnscratch.data.dataset import Split
from nnscratch.data.preprocessing import middle
from nnscratch.drawing.subject import Subject
from nnscratch.errors import UsageError
from nnscratch.model import Model
from nnscratch.nn.blocks import trace_hidden
from nnscratch.nn.parameters import Array
from nnscratch.plots.plane import Answers, Plane, Points
from nnscratch.wording import label_text, some, some_names

# Places along an edge; hidden units are small pictures.
FINE, COARSE = 200, 60
_MARGIN = 0.15
_MOST_POINTS = 1000


def refuse_plane(subject: Subject) -> str:
    """Returns why a model has no plane to draw on; nothing if it has."""
    features, encoding = subject.model.features, subject.model.encoding
    if encoding.multi_label or (encoding.classes is None and encoding.numbers > 1):
        return f"a plane shows one answer; this network gives {encoding.outputs}"
    known = {feature.name: feature for feature in features}
    names = subject.columns or list(known)
    if not subject.columns and len(names) != 2:
        numbers = [feature.name for feature in features if feature.words is None]
        example = shlex.quote(join_values(numbers[:2]))
        chosen = f"; choose two: --columns {example}" if len(numbers) > 1 else ""
        return f"a plane has two columns; these rows have {len(names)}{chosen}"
    if len(set(names)) != 2 or len(names) != 2:
        return f"a plane has two columns; got --columns {label_text(join_values(names))}"
    absent = [name for name in names if name not in known]
    if absent:
        there = some_names([join_values([name]) for name in known])
        return f"no column {some_names(absent)}; there are {there}"
    words = [name for name in names if known[name].words is not None]
    return f"a plane needs numbers; column {some_names(words)} has words" if words else ""


class View:
    """The plane of a subject, and what is to be seen on it.

    Args:
        subject: One that `refuse_plane` does not refuse.

    Raises:
        UsageError: It does.
    """

    def __init__(self, subject: Subject) -> None:
        refusal = refuse_plane(subject)
        if refusal:
            raise UsageError(refusal)
        names = [feature.name for feature in subject.model.features]
        self._subject = subject
        self._axes = [names.index(name) for name in subject.columns or names]
        rows = subject.dataset.splits["train"].inputs.astype(np.float64)
        features = enumerate(subject.model.features)
        self._middle = np.array([middle(rows[:, i], feature) for i, feature in features])
        self._ranges = [_range(rows[:, axis]) for axis in self._axes]

    @property
    def title(self) -> str:
        """The run; and its result, where the plane shows all that rows differ in."""
        return self._subject.name if self._describe_others() else self._subject.title

    def plane(self, places: int = FINE) -> Plane:
        """Returns the plane, with so many places along an edge."""
        x, y = (np.linspace(*ends, places) for ends in self._ranges)
        note = self._describe_others()
        features = self._subject.model.features
        first, second = (label_text(features[axis].name) for axis in self._axes)
        return Plane((first, second), x, y, note)

    def _describe_others(self) -> str:
        """Returns what the other columns are held at, a few by name."""
        others = [
            f"{feature.name} {value:.4g}" if feature.words is None else feature.words[int(value)]
            for i, (feature, value) in enumerate(
                zip(self._subject.model.features, self._middle, strict=True)
            )
            if i not in self._axes
        ]
        held = f"others at their median or commonest word ({some(others, shown=3)})"
        return f"{held}, which rows need not have" if others else ""

    def answers(self, model: Model, plane: Plane) -> Answers:
        """Returns what a model answers on the plane."""
        outputs, encoding = model.outputs(self._table(plane)), model.encoding
        shape = len(plane.y), len(plane.x)
        if encoding.classes is None:
            targets = self._subject.dataset.splits["train"].targets
            limits = float(targets.min()), float(targets.max())
            return Answers(encoding.decide(outputs).reshape(shape), limits=limits)
        if encoding.probabilities:
            shares = encoding.spread(outputs)
        else:  # plain numbers say which class, but not how surely
            shares = np.eye(len(encoding.classes))[encoding.decide(outputs)]
        return Answers(shares.reshape(*shape, -1), tuple(map(label_text, encoding.classes)))

    def units(self, model: Model) -> dict[str, Array]:
        """Returns what the units of each hidden layer give, by its name.

        They are (height, width, units), on a plane of `COARSE` places.
        """
        x = model.transform(self._table(self.plane(COARSE)))
        with np.errstate(all="ignore"):
            hidden = trace_hidden(model.network, x)
        return {name: output.reshape(COARSE, COARSE, -1) for name, output in hidden.items()}

    def points(self) -> list[Points]:
        """Returns the rows trained on, and those that the model is judged by if they are others."""
        splits = {"train": self._subject.dataset.splits["train"]}
        splits |= dict([self._subject.judged])
        return [*self._points(splits)]

    def _points(self, splits: dict[str, Split]) -> Iterator[Points]:
        for name, split in splits.items():
            step = -(-len(split) // _MOST_POINTS)
            x, y = (split.inputs[::step, axis].astype(np.float64) for axis in self._axes)
            targets = split.targets[::step].reshape(len(x), -1)[:, 0]
            what = "training" if name == "train" else name
            yield Points(x, y, targets, f"{what} rows")

    def _table(self, plane: Plane) -> NDArray[np.float64]:
        """Returns a row (columns,) for each place, line by line from below."""
        x, y = np.meshgrid(plane.x, plane.y)
        table = np.tile(self._middle, (x.size, 1))
        table[:, self._axes[0]], table[:, self._axes[1]] = x.reshape(-1), y.reshape(-1)
        return table


def _range(column: NDArray[np.float64]) -> tuple[float, float]:
    """Returns where an axis begins and ends: a little outside the data."""
    known = column[np.isfinite(column)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    margin = _MARGIN * (high - low) or abs(high) / 2 or 0.5
    return low - margin, high + margin
