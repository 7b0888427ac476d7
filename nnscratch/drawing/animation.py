"""The animation of a run's training, from the snapshots that it kept."""

from pathlib import Path

from nnscratch.drawing.plane import View, refuse_plane
from nnscratch.drawing.subject import NO_RUN, Subject
from nnscratch.errors import UsageError
from nnscratch.plots.animation import check_gif, draw_frames, save_gif
from nnscratch.runs import SNAPSHOTS
from nnscratch.snapshots import load_snapshots

_PLACES = 120


def refuse_animation(subject: Subject) -> str:
    """Returns why a run has no animation; nothing if it has."""
    if subject.found.directory is None:
        return NO_RUN
    if not (subject.run / SNAPSHOTS).is_dir():
        return "has no snapshots to animate; a config keeps them with `snapshots: 40`"
    return refuse_plane(subject)


def save_animation(subject: Subject, path: Path, *, exclusive: bool) -> None:
    """Writes how the answers on a plane changed in the course of the training, as a GIF.

    Raises:
        UsageError: The run has no such animation, or the path does not end in .gif.
        FileFormatError: A snapshot is damaged.
        OSError: The file cannot be written; FileExistsError: `exclusive`, and it is there.
    """
    check_gif(path)
    refusal = refuse_animation(subject)
    if refusal:
        raise UsageError(f"{subject.name}: {refusal}")
    view = View(subject)
    plane = view.plane(_PLACES)
    answers = [
        (epoch, view.answers(model, plane)) for epoch, model in load_snapshots(subject.run).items()
    ]
    frames = draw_frames(subject.name, plane, answers, view.points(), subject.history)
    save_gif(frames, path, exclusive=exclusive)
