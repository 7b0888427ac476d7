"""Predicted against actual numbers, for regression."""

from nnscratch.data.sampling import thin
from nnscratch.formatting import label_text
from nnscratch.plots.figures.predicted_against_actual import draw_predicted_against_actual
from nnscratch.plots.figures.texts import first_of
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun

_MOST_POINTS = 5000
_MOST_TARGETS = 24


def _unavailable(run: PlottedRun) -> str:
    if run.predicts != "numbers":
        return f"predicted against actual needs numbers; this network predicts {run.predicts}"
    return run.unjudged


def _draw(run: PlottedRun) -> Drawing:
    model = run.model
    _, split = run.evaluated
    shown = thin(split, _MOST_POINTS)
    predicted = model.encoding.decode(model.outputs(shown.inputs))
    names = [label_text(name) for name in model.encoding.target_names]
    title = run.heading("Predicted against actual")
    if len(shown) < len(split):
        title += f"\n{len(shown):,} of {len(split):,} rows"
    if len(names) > _MOST_TARGETS:
        title += f"\n{first_of(_MOST_TARGETS, len(names), 'targets')}"
        names = names[:_MOST_TARGETS]
    return draw_predicted_against_actual(title, shown.targets, predicted, names, run.evaluated_rows)


KIND = PlotKind(_draw, _unavailable, of_all=True)
