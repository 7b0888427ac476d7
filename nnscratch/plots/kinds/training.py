"""Animation of the predictions during training, from snapshots."""

from nnscratch.formatting import typed
from nnscratch.model.evaluation import evaluate_split
from nnscratch.model.predictor import Predictor
from nnscratch.model.scores import scores_text
from nnscratch.plots import cross_section
from nnscratch.plots.cross_section import CrossSection, count_axes
from nnscratch.plots.figures.animation import Frame, draw_frames
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import NO_RUN, PlottedRun
from nnscratch.plots.resolution import affordable_points
from nnscratch.runs.members import list_leaves
from nnscratch.training.snapshots import find_snapshots, load_snapshot

# Points along each axis.
_POINTS = 120
# More frames would play for too long.
_MOST_FRAMES = 100


def _unavailable(run: PlottedRun) -> str:
    if not run.has_directory:
        return NO_RUN
    if not find_snapshots(run.directory):
        kept = [leaf for leaf in list_leaves(run.directory) if find_snapshots(leaf)]
        if kept:
            return f"each of its runs has snapshots of its own, such as {typed(kept[0])}"
        return "has no snapshots to animate; a config keeps them with `snapshots: 40`"
    return cross_section.unavailable(run, count_axes(run))


def _suggest_columns(run: PlottedRun) -> list[str]:
    if not run.has_directory or not find_snapshots(run.directory):
        return []
    return cross_section.suggest_columns(run, count_axes(run))


def _draw(run: PlottedRun) -> Drawing:
    """Raises FileFormatError if a snapshot is damaged, or of another run."""
    section = CrossSection(run, count_axes(run))
    models = _choose_models(run)
    points = affordable_points(run.model, _POINTS, count_axes(run), len(models))
    inputs = section.inputs(points)
    frames = [
        Frame(epoch, _caption(run, epoch, model), section.response(model, points))
        for epoch, model in models.items()
    ]
    title = f"{section.what} during training\n{run.name}"
    drawn = draw_frames(title, inputs, frames, section.points(), run.history)
    images = []
    for number, image in enumerate(drawn, start=1):
        run.progress(f"drawing frame {number} of {len(frames)}")
        images.append(image)
    return images


def _caption(run: PlottedRun, epoch: int, model: Predictor) -> str:
    """Returns the epoch and the metric of its model."""
    figures = evaluate_split(model, *run.evaluated).scores
    metric = next(name for name in figures if name != "loss")
    best = ", the best" if epoch == run.best_epoch else ""
    return f"epoch {epoch:,}{best}: {run.evaluated_rows} {scores_text({metric: figures[metric]})}"


def _choose_models(run: PlottedRun) -> dict[int, Predictor]:
    """Returns the models to show by their epochs, among them the run's own."""
    paths = find_snapshots(run.directory)
    step = -(-len(paths) // _MOST_FRAMES)
    # Counted from the end, so that the last is always shown.
    chosen = list(paths)[::-step]
    models: dict[int, Predictor] = {
        epoch: load_snapshot(paths[epoch], run.single) for epoch in chosen
    }
    if run.best_epoch is not None:
        models[run.best_epoch] = run.model
    return dict(sorted(models.items()))


KIND = PlotKind(_draw, _unavailable, suffix="gif", suggest_columns=_suggest_columns)
