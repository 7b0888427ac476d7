"""Learning curves: loss and metrics over the epochs, of one run or of several in one figure."""

from collections.abc import Mapping, Sequence
from math import isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import abridge, plural
from nnscratch.model.scores import brief_scores_text
from nnscratch.nn.metrics import CALIBRATED_LOSS, METRICS
from nnscratch.plots.figures import style
from nnscratch.plots.figures.style import Axes, Figure
from nnscratch.plots.figures.texts import power_text

LABELS = {"loss": "loss", **{name: metric.label for name, metric in METRICS.items()}}
# From this ratio of the largest to the smallest loss on, the axis is logarithmic.
_LOG_RATIO = 50.0
# If no accuracy is lower than this, the axis does not begin at 0.
_HIGH_ACCURACY = 0.7
# In inches.
_LEGEND_LINE = 0.17
_LONGEST_NAME = 50
# With fewer epochs, the stretch from 0 to the first would be a large part of the figure.
_FEW_EPOCHS = 10
# Of a line of one point, and of lines in colours that have been used already.
_POINT = "o"
_MARKERS = ("", "o", "s", "^", "D")
_BEST = "best epoch"
# More would not be seen; a longer curve is drawn through its extremes.
_MOST_POINTS = 4000

# The prefix of a column, and the rows it was measured on.
SPLITS = {
    "": "training",
    "val_": "validation",
    CALIBRATED_LOSS.removesuffix("loss"): "validation, calibrated",
    "test_": "test",
}

History = Mapping[str, Sequence[float]]


def metric_columns(history: History) -> list[str]:
    """Returns the columns of metrics.csv that can be drawn, `loss` first: not if all are nan."""
    return [column for column in LABELS if any(map(isfinite, history.get(column, ())))]


def draw_learning_curves(
    histories: Mapping[str, History],
    columns: Sequence[str],
    best_epochs: Mapping[str, int | None] | None = None,
) -> Figure:
    """Draws one panel for each column, and in it one line for each run and split.

    Args:
        histories: The columns of metrics.csv by the run's name.
        columns: What to draw, such as `loss`.
        best_epochs: The epoch whose weights a run has saved, by its name, where that is known.
    """
    best_epochs = best_epochs or {}
    several = len(histories) > 1
    width = 7.0 if len(columns) == 1 else 10.0
    results = [
        _summarize(history, best_epochs.get(name), split="" if several else "training ")
        for name, history in histories.items()
    ]
    title = "\n".join([results[0].capitalize(), *histories])
    if several:
        title = f"Learning curves: {', '.join(LABELS[column] for column in columns)}"
    figure = style.new_figure(width, 4.2 + _LEGEND_LINE * (len(histories) - 1), title)
    panels = figure.subplots(1, len(columns), squeeze=False)[0]
    for axes, column in zip(panels, columns, strict=True):
        for i, (name, history) in enumerate(histories.items()):
            run = i if several else None
            _draw_run(axes, history, column, best_epochs.get(name), run)
        _finish_panel(axes, column, legend=not several)
    if several:
        names = [abridge(name, _LONGEST_NAME) for name in histories]
        labels = [f"{name}: {result}" for name, result in zip(names, results, strict=True)]
        _add_run_legend(figure, panels[0], labels)
    return figure


def draw_loss(axes: Axes, history: History, epoch: int) -> None:
    """Draws the loss of a run: in colour until an epoch, and in grey after it."""
    _draw_run(axes, history, "loss", None)
    _finish_panel(axes, "loss", legend=True)
    for line in list(axes.lines):
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        past = x <= epoch
        color = line.get_color()
        line.set_color("0.85")
        if past.any():
            axes.plot(x[past], y[past], line.get_linestyle(), color=color)
            axes.plot(x[past][-1:], y[past][-1:], _POINT, color=color)


def _draw_run(
    axes: Axes, history: History, column: str, best: int | None, run: int | None = None
) -> None:
    """Draws a column of one run, and marks its best epoch.

    Of several runs, the `run`-th, each has its colour; the lines of a single one have those of the
    rows that they were measured on.
    """
    turn, index = divmod(run or 0, len(style.COLORS))
    marks: list[tuple[float, float, str]] = []
    for prefix, split in SPLITS.items():
        if prefix + column not in history:
            continue
        # Epochs without validation are skipped: the line goes from one with it to the next.
        epochs, values = np.asarray(history["epoch"]), np.asarray(history[prefix + column])
        known = np.isfinite(values)
        epochs, values = epochs[known], values[known]
        if not len(epochs):
            continue
        shown = _thin(values)
        color, dashes = style.LOOKS[split]
        color = color if run is None else style.COLORS[index]
        axes.plot(
            epochs[shown],
            values[shown],
            dashes,
            marker=_POINT if len(epochs) == 1 else _MARKERS[turn % len(_MARKERS)],
            markevery=max(1, len(shown) // 8),
            color=color,
            linewidth=1.6,
            label=split,
        )
        # Without validation, the last epoch needs no mark.
        if (
            best is not None
            and best in epochs
            and (prefix.startswith("val_") or (not prefix and best != epochs[-1]))
        ):
            marks.append((best, values[epochs == best][0], color))
    for i, (x, y, color) in enumerate(marks):
        label = "" if i else _BEST  # one entry in the legend
        axes.plot(x, y, _POINT, color=color, mec="black", zorder=3, label=label)


def _thin(values: NDArray[Any]) -> NDArray[np.intp]:
    """Returns which points of a long curve to draw: of each stretch the lowest and the highest."""
    count = len(values)
    if count <= _MOST_POINTS:
        return np.arange(count)
    length = -(-count // (_MOST_POINTS // 2))
    starts = range(0, count, length)
    ends = [
        start + getattr(values[start : start + length], which)()
        for start in starts
        for which in ("argmin", "argmax")
    ]
    return np.unique([0, *ends, count - 1])


def _finish_panel(axes: Axes, column: str, *, legend: bool) -> None:
    """Labels the axes, and chooses their limits."""
    from matplotlib.ticker import NullLocator

    style.show_grid(axes)
    style.show_counts(axes, "epoch")
    last = max(float(np.max(line.get_xdata())) for line in axes.lines)
    if last > _FEW_EPOCHS:
        axes.set_xlim(0, 1.01 * last)
    axes.set_ylabel(LABELS[column])
    values = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.lines])
    lowest = float(values.min())
    if column in METRICS and METRICS[column].percent:
        bottom = lowest - 0.2 * max(1 - lowest, 0.05) if lowest > _HIGH_ACCURACY else -0.03
        axes.set_ylim(bottom, 1.0 + 0.03 * (1.0 - bottom))
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
    elif values.max() > _LOG_RATIO * min(values[values > 0], default=1):
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(lambda value, _: power_text(value))
        # Small ticks would take as long as all the rest.
        axes.yaxis.set_minor_locator(NullLocator())
        axes.set_ylabel(f"{LABELS[column]} (logarithmic)")
    if legend and len(axes.lines) > 1:
        axes.legend(frameon=False, fontsize="small")


def _add_run_legend(figure: Figure, panel: Axes, results: Sequence[str]) -> None:
    """Explains the colour of each run, and in grey what lines and dots of any colour are."""
    from matplotlib.lines import Line2D

    runs = [line for line in panel.lines if line.get_label() == "training"]
    shown = {line.get_linestyle() for line in panel.lines}
    samples = [
        Line2D([], [], color="0.4", ls=look.dashes, label=split)
        for split, look in style.LOOKS.items()
        if look.dashes in shown
    ]
    if any(line.get_label() == _BEST for line in panel.lines):
        samples.append(Line2D([], [], color="0.4", ls="", marker=_POINT, mec="black", label=_BEST))
    if len(samples) == 1:  # nothing to tell apart
        samples = []
    labels = [*results, *(str(sample.get_label()) for sample in samples)]
    style.add_legend(figure, [*runs, *samples], columns=1, labels=labels)


def _summarize(history: History, best: int | None, *, split: str = "") -> str:
    """Returns a run's scores in the epoch whose weights it saved.

    `split` is written before the scores, the first of which is the loss of the training rows.
    """
    epochs = list(history["epoch"])
    count = epochs.index(best) + 1 if best in epochs else len(epochs)
    last = {
        column: next((value for value in reversed(values[:count]) if isfinite(value)), nan)
        for column, values in history.items()
    }
    shown = [prefix + column for prefix in SPLITS for column in metric_columns(history)]
    result = split + brief_scores_text({column: last[column] for column in shown if column in last})
    if count == len(epochs):
        return f"{result} after {plural(len(epochs), 'epoch')}"
    return f"{result} in epoch {count:,} of {len(epochs):,}, the best"
