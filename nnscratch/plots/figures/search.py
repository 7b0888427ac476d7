"""A search: the objective from trial to trial, against each setting, and which settings matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnscratch.formatting import abridge, number, plural
from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import COLORS, Axes, Figure, new_figure

_COLUMNS = 3
_LONGEST_NAME = 32
_LONGEST_CHOICE = 18
# Choices that as many trials have in common are spread so far, that all are seen.
_SPREAD = 0.24
_GOLDEN = 0.618034


@dataclass(frozen=True)
class Point:
    """A trial as figures show it.

    Attributes:
        trial: Its number.
        value: The objective; None if it failed.
        is_whole: Whether it trained to its end.
    """

    trial: int
    value: float | None
    is_whole: bool


@dataclass(frozen=True)
class Setting:
    """A setting that varied.

    Attributes:
        name: Its path.
        values: For each trial; None where it did not count.
        choices: All values there were, as texts, if they are no numbers; then `values` are indices.
        is_log: Whether its axis is logarithmic.
    """

    name: str
    values: Sequence[Any]
    choices: Sequence[str] = ()
    is_log: bool = False


def draw_progress(
    title: str,
    objective: str,
    points: Sequence[Point],
    default: float | None,
    *,
    higher_is_better: bool,
) -> Figure:
    """Draws the objective of each trial, and the best so far.

    Args:
        title: The search and its result.
        objective: The name of the figure.
        points: The trials, in order.
        default: The objective of the config itself, if it is known.
        higher_is_better: Whether a larger value is better.
    """
    figure = new_figure(7.0, 4.4, title)
    axes = figure.subplots()
    _draw_points(axes, [point.trial for point in points], points)
    best: float | None = None
    steps: list[tuple[int, float]] = []
    for point in points:
        if point.value is not None and point.is_whole:
            is_better = best is None or (point.value > best) == higher_is_better
            best = point.value if is_better else best
        if best is not None:
            steps.append((point.trial, best))
    if steps:
        axes.step(*zip(*steps, strict=True), where="post", color=COLORS[1], label="best so far")
    if default is not None:
        axes.axhline(default, color="0.5", linestyle="--", linewidth=1.0, label="config itself")
    failed = [point.trial for point in points if point.value is None]
    for i, trial in enumerate(failed):
        label = "failed" if i == 0 else None
        axes.axvline(trial, color=COLORS[3], linewidth=1.0, alpha=0.5, label=label)
    style.show_grid(axes)
    _scale(axes, points, default)
    style.show_counts(axes, "trial")
    axes.set_ylabel(objective)
    style.add_legend(figure, axes.get_legend_handles_labels()[0], 5)
    return figure


def draw_parameters(
    title: str, objective: str, points: Sequence[Point], settings: Sequence[Setting], best: int
) -> Figure:
    """Draws the objective against each setting that varied, a panel for each.

    Args:
        title: The search and its result.
        objective: The name of the figure.
        points: The trials.
        settings: What varied, with a value for each trial.
        best: The number of the best trial.
    """
    columns = min(_COLUMNS, len(settings))
    height = 3.2 * -(-len(settings) // columns) + 0.8
    figure = new_figure(4.0 * columns + 0.4, height, title)
    for axes, setting in zip(style.panels(figure, len(settings), columns), settings, strict=True):
        pairs = [
            (value, point)
            for value, point in zip(setting.values, points, strict=True)
            if value is not None and point.value is not None
        ]
        if setting.choices:
            # Spread by the number of the trial, the same each time.
            pairs = [(v + _SPREAD * _offset(point.trial), point) for v, point in pairs]
        _draw_points(axes, [value for value, _ in pairs], [point for _, point in pairs])
        for value, point in pairs:
            if point.trial == best and point.value is not None:
                axes.plot(value, point.value, "o", ms=12, mfc="none", mec=COLORS[1])
        style.show_grid(axes)
        if setting.choices:
            names = [abridge(choice, _LONGEST_CHOICE) for choice in setting.choices]
            axes.set_xticks(range(len(names)), names, parse_math=False)
            axes.set_xlim(-0.5, len(names) - 0.5)
        elif setting.is_log:
            axes.set_xscale("log")
        _scale(axes, points, None)
        axes.set_xlabel(abridge(setting.name, _LONGEST_NAME), parse_math=False)
        axes.set_ylabel(objective)
    return figure


def draw_importances(title: str, names: Sequence[str], shares: Sequence[float]) -> Figure:
    """Draws how much each setting mattered as a bar, the longest above.

    Args:
        title: The search, and what the bars show.
        names: Of the settings.
        shares: For each, adding up to 1.
    """
    from matplotlib.ticker import PercentFormatter

    ordered = sorted(zip(shares, names, strict=True), reverse=True)
    figure = new_figure(7.0, 0.36 * len(names) + 1.5, title)
    axes = figure.subplots()
    rows = range(len(names))
    axes.barh(rows, [share for share, _ in ordered], color=COLORS[0], height=0.6)
    labels = [abridge(name, _LONGEST_NAME) for _, name in ordered]
    style.show_grid(axes)
    axes.set_yticks(rows, labels, parse_math=False)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_xlabel("share of what the settings explain")
    return figure


def describe(name: str, objective: str, trials: int, best: int, value: float) -> str:
    """Returns a title: the search and its result."""
    return f"{name}: {plural(trials, 'trial')}, best {objective} {number(value)} in trial {best}"


def _draw_points(axes: Axes, xs: Sequence[Any], points: Sequence[Point]) -> None:
    for is_whole, color, label in ((False, "0.75", "stopped early"), (True, COLORS[0], "trained")):
        chosen = [
            (x, point.value)
            for x, point in zip(xs, points, strict=True)
            if point.value is not None and point.is_whole == is_whole
        ]
        if chosen:
            across, up = zip(*chosen, strict=True)
            axes.scatter(across, up, s=22, color=color, lw=0, label=label, zorder=3)


def _scale(axes: Axes, points: Sequence[Point], default: float | None) -> None:
    """Makes the upper axis logarithmic where the figures span more than a factor of twenty."""
    values = [point.value for point in points if point.value is not None]
    values += [] if default is None else [default]
    if values and min(values) > 0 and max(values) / min(values) > 20:
        axes.set_yscale("log")


def _offset(trial: int) -> float:
    return 2 * ((trial * _GOLDEN) % 1.0) - 1
