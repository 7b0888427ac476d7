"""The plot of what networks predict on a line or a plane, alone or side by side."""

from collections.abc import Sequence
from functools import partial

from nnscratch.errors import UsageError
from nnscratch.plots import cross_section
from nnscratch.plots.cross_section import CrossSection
from nnscratch.plots.figures.response_panels import draw_response_panels
from nnscratch.plots.figures.responses_together import ResponsePanel, draw_responses
from nnscratch.plots.figures.style import Figure
from nnscratch.plots.kind import PlotKind
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.plots.resolution import affordable_points
from nnscratch.plots.run_labels import label_runs

# Points along each axis; hidden units are drawn small.
_POINTS = 200
_UNIT_POINTS = 60
_POINTS_TOGETHER = 120
_MOST_RUNS = 24


def kind_of_plot(axes: int) -> PlotKind:
    """Returns the kind that shows a line (`axes` 1) or a plane (2)."""
    return PlotKind(
        draw=partial(_draw, axes=axes),
        unavailable=partial(cross_section.unavailable, axes=axes),
        suggest_columns=partial(cross_section.suggest_columns, axes=axes),
        draw_together=partial(_draw_together, axes=axes),
        before_training=True,
    )


def _draw(run: PlottedRun, axes: int) -> Figure:
    """Draws what the network predicts on a line or a plane, and the outputs of its hidden units."""
    run.check_member()
    section = CrossSection(run, axes)
    points = affordable_points(run.model, _POINTS, axes)
    inputs = section.inputs(points)
    response = section.response(run.model, points)
    units = section.units(run.model, min(_UNIT_POINTS, points), run.member)
    return draw_response_panels(section.title, inputs, response, section.points(), units)


def _draw_together(runs: Sequence[PlottedRun], axes: int) -> Figure:
    """Draws what the networks of several runs predict, each on a line or a plane of its own.

    Raises:
        UsageError: There are too many.
    """
    if len(runs) > _MOST_RUNS:
        raise UsageError(f"at most {_MOST_RUNS} runs are plotted side by side; got {len(runs)}")
    shown = []
    for run, label in zip(runs, label_runs(runs), strict=True):
        section = CrossSection(run, axes)
        points = affordable_points(run.model, _POINTS_TOGETHER, axes)
        name = "\n".join(filter(None, (label, "" if section.note else run.result)))
        response = section.response(run.model, points)
        shown.append(ResponsePanel(name, section.inputs(points), response, section.points()))
    section = CrossSection(runs[0], axes)
    return draw_responses("\n".join(filter(None, (section.what, section.note))), shown)
