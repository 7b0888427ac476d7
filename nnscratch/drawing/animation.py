"""The animation of a run's training, from the snapshots that it kept."""

from typing import TYPE_CHECKING

from nnscratch.drawing.section import Section, count_axes, refuse_section
from nnscratch.drawing.subject import NO_RUN, Subject
from nnscratch.model import Model
from nnscratch.plots.animation import draw_frames
from nnscratch.runs import SNAPSHOTS
from nnscratch.snapshots import load_snapshots

if TYPE_CHECKING:
    from PIL.Image import Image

_PLACES = 120
# More would play for too long.
_MOST_FRAMES = 100


def refuse_animation(subject: Subject) -> str:
    """Returns why a run has no animation; nothing if it has."""
    if subject.found.directory is None or not subject.names_data:
        return NO_RUN
    if not any((subject.run / SNAPSHOTS).glob("*.npz")):
        return "has no snapshots to animate; a config keeps them with `snapshots: 40`"
    return refuse_section(subject, count_axes(subject))


def draw_animation(subject: Subject) -> "list[Image]":
    """Returns the frames that show how the answers on a line or a plane changed in the training.

    Args:
        subject: One that `refuse_animation` does not refuse.

    Raises:
        FileFormatError: A snapshot is damaged, or none of this run's.
    """
    section = Section(subject, count_axes(subject))
    span = section.span(_PLACES)
    answers = [
        (epoch, section.answers(model, span.places)) for epoch, model in _choose(subject).items()
    ]
    kept = subject.record.get("kept_epoch")
    titles = {epoch: f"epoch {epoch:,}{', the one kept' * (epoch == kept)}" for epoch, _ in answers}
    points, history = section.points(), subject.history
    return list(draw_frames(section.title, span, answers, titles, points, history))


def _choose(subject: Subject) -> dict[int, Model]:
    """Returns the models to show by their epochs; among them the one that was kept."""
    models = load_snapshots(subject.run, subject.model)
    kept = subject.record.get("kept_epoch")
    if isinstance(kept, int):
        models[kept] = subject.model
    every = -(-len(models) // _MOST_FRAMES)
    # Counted from the end, so that the last is always there.
    epochs = sorted(models, reverse=True)[::every]
    return {epoch: models[epoch] for epoch in reversed(epochs)}
