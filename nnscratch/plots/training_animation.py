"""The animation of a run's training, from the snapshots that it kept."""

from typing import TYPE_CHECKING

from nnscratch.model.evaluation import evaluate_split
from nnscratch.model.model import Model
from nnscratch.model.scores import scores_text
from nnscratch.plots.figures.gif import Frame, draw_frames
from nnscratch.plots.slice import Slice, count_axes, refuse_slice
from nnscratch.plots.subject import NO_RUN, Subject
from nnscratch.training.snapshots import find_snapshots, load_snapshot

if TYPE_CHECKING:
    from PIL.Image import Image

_PLACES = 120
# More would play for too long.
_MOST_FRAMES = 100


def refuse_animation(subject: Subject) -> str:
    """Returns why a run has no animation; nothing if it has."""
    if subject.found.directory is None or not subject.names_data:
        return NO_RUN
    if not find_snapshots(subject.run):
        return "has no snapshots to animate; a config keeps them with `snapshots: 40`"
    return refuse_slice(subject, count_axes(subject))


def draw_animation(subject: Subject) -> "list[Image]":
    """Returns the frames that show how the answers on a line or a plane changed in the training.

    Args:
        subject: One that `refuse_animation` does not refuse.

    Raises:
        FileFormatError: A snapshot is damaged, or none of this run's.
    """
    cut = Slice(subject, count_axes(subject))
    span = cut.span(_PLACES)
    frames = [
        Frame(epoch, _caption(subject, epoch, model), cut.answers(model, span.places))
        for epoch, model in _choose(subject).items()
    ]
    return list(draw_frames(subject.name, span, frames, cut.points(), subject.history))


def _caption(subject: Subject, epoch: int, model: Model) -> str:
    """Returns the epoch and what its model reaches."""
    name, split = subject.judged
    figures = evaluate_split(model, name, split).scores
    metric = next(figure for figure in figures if figure != "loss")
    kept = ", the one kept" if epoch == subject.record.kept_epoch else ""
    return f"epoch {epoch:,}{kept}: {subject.judged_rows} {scores_text({metric: figures[metric]})}"


def _choose(subject: Subject) -> dict[int, Model]:
    """Returns the models to show by their epochs; among them the one that was kept."""
    paths, model = find_snapshots(subject.run), subject.model
    every = -(-len(paths) // _MOST_FRAMES)
    # Counted from the end, so that the last is always there.
    models = {epoch: paths[epoch] for epoch in list(paths)[::-every]}
    kept = subject.record.kept_epoch
    own = {kept: model} if isinstance(kept, int) else {}
    found = {epoch: load_snapshot(path, model) for epoch, path in models.items()} | own
    return dict(sorted(found.items()))
