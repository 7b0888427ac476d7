"""Loss and metric over the epochs, of one run or of several on one picture."""

from collections.abc import Mapping, Sequence
from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np

from nnscratch.formatting import plural
from nnscratch.model.scores import brief_scores_text
from nnscratch.nn.metrics import METRICS
from nnscratch.plots.figures.style import COLORS, abridge, calm, entitle, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABELS = {"loss": "loss", **{name: metric.label for name, metric in METRICS.items()}}
# Past this ratio a linear axis shows a hockey stick.
_LOG_RATIO = 50.0
# As much of the axis, at least, lies below the lowest percentage.
_LEAST = 0.05
_HIGH = 0.7
# The names of more runs than this stand side by side, if they are short enough.
_FEW_LINES, _SHORT_NAME = 4, 40
_LONG_NAME = 50
# Of so few, the stretch before the first would be a large part of the picture.
_FEW_EPOCHS = 10
_MARKERS = ("", "o", "s", "^", "D")
# Labels that begin so are in no legend.
_HIDDEN = "_"
_KEPT = "the epoch kept"

# The prefix of a column, the rows it was measured on, and their line.
_PARTS = (("", "training", "-"), ("val_", "validation", "--"), ("test_", "test", ":"))

History = Mapping[str, Sequence[float]]


def metric_columns(history: History) -> list[str]:
    """Returns the columns of metrics.csv that can be drawn, `loss` first."""
    return [column for column in LABELS if column in history]


def draw_curves(
    histories: Mapping[str, History],
    columns: Sequence[str],
    kept: Mapping[str, int | None] | None = None,
) -> "Figure":
    """Draws one panel for each column, one line for each history; others for its held-out rows.

    Args:
        histories: The columns of metrics.csv by the run's name.
        columns: What to draw, such as `loss`.
        kept: The epoch whose weights a run has saved, by its name, where that is known.
    """
    kept = kept or {}
    figure = new_figure(width=7.0 if len(columns) == 1 else 10.0)
    panels = figure.subplots(1, len(columns), squeeze=False)[0]
    for axes, column in zip(panels, columns, strict=True):
        _draw_panel(axes, histories, column, kept)
    if len(histories) == 1:
        ((name, history),) = histories.items()
        entitle(figure, _result(name, history, kept.get(name), of="training "))
    else:
        _name_runs(figure, panels[0])
    return figure


def _name_runs(figure: "Figure", panel: "Axes") -> None:
    """Says whose each colour is, and in grey what lines and dots are in any colour."""
    from matplotlib.lines import Line2D

    lines, names = panel.get_legend_handles_labels()
    shown = {line.get_linestyle() for line in panel.lines}
    styles = {part: style for _, part, style in _PARTS if style in shown}
    samples = [Line2D([], [], color="0.4", ls=style) for style in styles.values()]
    if any(line.get_label() == _HIDDEN + _KEPT for line in panel.lines):
        styles[_KEPT] = ""
        samples.append(Line2D([], [], color="0.4", ls="", marker="o", mec="black"))
    runs = len(names)
    if len(samples) > 1:
        lines, names = [*lines, *samples], [*names, *styles]
    legend = figure.legend(
        lines,
        names,
        loc="outside upper center",
        frameon=False,
        fontsize="small",
        ncols=1 if runs <= _FEW_LINES or max(map(len, names)) > _SHORT_NAME else 2,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
        text.set_text(text.get_text().strip())


def _draw_panel(
    axes: "Axes",
    histories: Mapping[str, History],
    column: str,
    kept: Mapping[str, int | None],
) -> None:
    values: list[float] = []
    for i, (name, history) in enumerate(histories.items()):
        for prefix, part, style in _PARTS:
            key = prefix + column
            label = part
            if len(histories) > 1:
                label = _HIDDEN + part if prefix else _result(name, history, kept.get(name))
            if key not in history:
                continue
            # Where not every epoch was validated, the line goes from one that was to the next.
            pairs = zip(history["epoch"], history[key], strict=True)
            known = [(epoch, value) for epoch, value in pairs if not isnan(value)]
            if not known:
                continue
            values += [value for _, value in known]
            axes.plot(
                *zip(*known, strict=True),
                style,
                # A line of one point would be invisible, and colours come again after a while.
                marker="o" if len(known) == 1 else _MARKERS[i // len(COLORS) % len(_MARKERS)],
                markevery=max(1, len(known) // 8),
                color=COLORS[i % len(COLORS)],
                linewidth=1.6,
                label=label,
            )
            told = len(histories) == 1 and _KEPT not in axes.get_legend_handles_labels()[1]
            _mark(axes, dict(known), kept.get(name), COLORS[i % len(COLORS)], prefix, told=told)
    _scale(axes, column, values)
    if len(histories) == 1 and len(axes.lines) > 1:
        axes.legend(frameon=False, fontsize="small")


def _scale(axes: "Axes", column: str, values: Sequence[float]) -> None:
    """Labels the axes, and chooses from where to where they go."""
    from matplotlib.ticker import MaxNLocator

    calm(axes)
    axes.set_xlabel("epoch")
    if axes.get_xlim()[1] > _FEW_EPOCHS:
        axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    axes.set_ylabel(LABELS[column])
    if column in METRICS and METRICS[column].percent:
        # From 0 on, unless the lines would lie on the upper edge.
        lowest = min(values)
        bottom = lowest - 0.2 * max(1 - lowest, _LEAST) if lowest > _HIGH else -0.03
        axes.set_ylim(bottom, 1.0 + 0.03 * (1.0 - bottom))
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.4g}%")
    elif min((v for v in values if v > 0), default=1) < max(values) / _LOG_RATIO:
        axes.set_yscale("log")
        axes.set_ylabel(f"{LABELS[column]} (logarithmic)")


def _mark(
    axes: "Axes",
    known: Mapping[float, float],
    kept: int | None,
    color: str,
    prefix: str,
    *,
    told: bool,
) -> None:
    """Marks the epoch whose weights were saved, where they need not be the last.

    `told` says whether the panel's own legend is to name the mark.
    """
    if (
        kept is not None
        and kept in known
        and (prefix == "val_" or (not prefix and kept != max(known)))
    ):
        axes.plot(
            [kept],
            [known[kept]],
            "o",
            color=color,
            markeredgecolor="black",
            zorder=3,
            label=_KEPT if told else _HIDDEN + _KEPT,
        )


def _result(name: str, history: History, kept: int | None, *, of: str = "") -> str:
    """Returns a run's name and what it reached in the epoch whose weights it saved.

    `of` stands before its figures, the first of which is the training rows' loss.
    """
    # matplotlib hides what begins with a line below.
    name = abridge(f" {name}" if name.startswith("_") else name, _LONG_NAME)
    epochs = list(history["epoch"])
    until = epochs.index(kept) + 1 if kept in epochs else len(epochs)
    last = {
        column: next((value for value in reversed(values[:until]) if not isnan(value)), nan)
        for column, values in history.items()
    }
    shown = [prefix + column for prefix, _, _ in _PARTS for column in metric_columns(history)]
    figures = {column: last[column] for column in shown if column in last}
    result = of + brief_scores_text(figures)
    if until == len(epochs):
        return f"{name}: {result} after {plural(len(epochs), 'epoch')}"
    return f"{name}: {result} in epoch {until:,} of {len(epochs):,}, which is kept"


def draw_loss(axes: "Axes", history: History, epoch: int) -> None:
    """Draws the loss in grey, and in colour until an epoch; what comes later is known already."""
    _draw_panel(axes, {"": history}, "loss", {})
    for line in list(axes.lines):
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        past, color = x <= epoch, line.get_color()
        line.set_color("0.85")
        if past.any():
            axes.plot(x[past], y[past], line.get_linestyle(), color=color)
            axes.plot(x[past][-1:], y[past][-1:], "o", color=color)
