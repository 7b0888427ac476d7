"""Confusion matrix of a classifier: actual and predicted classes."""

from nnscratch.plots.figures.predicted_against_actual import draw_confusion_matrix
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun

_MOST_CLASSES = 100


def _unavailable(run: PlottedRun) -> str:
    classes = run.model.encoding.classes
    if classes is None:
        return f"a confusion matrix needs classes; this network predicts {run.predicts}"
    count = len(classes)
    if count > _MOST_CLASSES:
        return f"a confusion matrix has at most {_MOST_CLASSES} classes; this network has {count:,}"
    return run.unjudged


def _draw(run: PlottedRun) -> Drawing:
    evaluation = run.evaluation
    assert evaluation.confusion is not None
    return draw_confusion_matrix(
        run.heading("Confusion matrix"), evaluation.confusion, evaluation.classes
    )


KIND = PlotKind(_draw, _unavailable, of_all=True)
