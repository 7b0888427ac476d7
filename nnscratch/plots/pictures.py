"""Which pictures there are, which of them a run has, and drawing them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnscratch.errors import DataError, UsageError
from nnscratch.formatting import label_text
from nnscratch.plots import views
from nnscratch.plots.figures import curves, style
from nnscratch.plots.slice import refuse_slice
from nnscratch.plots.subject import NO_RUN, Subject
from nnscratch.plots.training_animation import draw_animation, refuse_animation
from nnscratch.runs import PLOTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _refuse_never(_: Subject) -> str:
    return ""


def _refuse_curves(subject: Subject) -> str:
    return "" if subject.found.directory else NO_RUN


def _draw_curves(subject: Subject) -> "Figure":
    return draw_curves([subject])


@dataclass(frozen=True)
class Kind:
    """A kind of picture.

    Attributes:
        draw: Draws it: a figure, or the frames of an animation.
        refuse: Returns why a subject has no such picture; nothing if it has.
        needs_data: Whether it shows what a network does with its data.
        suffix: Of its file, unless another is asked for.
    """

    draw: Callable[[Subject], Any]
    refuse: Callable[[Subject], str] = _refuse_never
    needs_data: bool = True
    suffix: str = "png"


KINDS = {
    "curves": Kind(_draw_curves, _refuse_curves, needs_data=False),
    "boundary": Kind(partial(views.draw_answers, axes=2), partial(refuse_slice, axes=2)),
    "function": Kind(partial(views.draw_answers, axes=1), partial(refuse_slice, axes=1)),
    "diagram": Kind(views.draw_diagram, views.refuse_diagram, needs_data=False),
    "confusion": Kind(views.draw_confusion, views.refuse_confusion),
    "mistakes": Kind(views.draw_mistakes, views.refuse_mistakes),
    "kernels": Kind(views.draw_kernels, views.refuse_kernels, needs_data=False),
    "regression": Kind(views.draw_regression, views.refuse_regression),
    "histograms": Kind(views.draw_histograms),
    "training": Kind(draw_animation, refuse_animation, suffix="gif"),
}


def draw(subject: Subject, name: str) -> Any:
    """Draws a picture of a kind: a figure, or the frames of an animation.

    Raises:
        UsageError: The subject has none; it says why, and which it has.
        NNScratchError: What is to be drawn cannot be read.
    """
    refusal = _refuse(subject, name)
    if refusal:
        # Wrong columns are no reason to leave a plane out.
        plain = replace(subject, columns=()) if subject.columns else subject
        there = ", ".join(applicable(plain)) or "no pictures"
        without = "without --columns " if subject.columns else ""
        raise UsageError(f"{subject.name}: {refusal}\n{without}it has {there}")
    return KINDS[name].draw(subject)


def _refuse(subject: Subject, name: str) -> str:
    """Returns why a subject has no picture of a kind; nothing if it has."""
    kind = KINDS[name]
    if kind.needs_data and not subject.names_data:
        return "has no config beside it that names its data; name a run"
    return kind.refuse(subject)


def applicable(subject: Subject) -> Iterator[str]:
    """Yields the kinds of pictures that a subject has."""
    lost = find_data_trouble(subject)
    for name, kind in KINDS.items():
        if not (lost and kind.needs_data) and not _refuse(subject, name):
            yield name


def find_data_trouble(subject: Subject) -> str:
    """Returns why a subject's data cannot be read any more; nothing if they can, or are unknown."""
    try:
        if subject.names_data:
            subject.dataset  # noqa: B018 - whether it can be read
    except (DataError, UsageError) as error:
        return str(error)
    return ""


def own_pictures(subject: Subject) -> list[str]:
    """Returns what a run has in its plots/ by itself: its curves one by one, and other figures."""
    drawn_once = (subject.run / PLOTS / "curves.png").exists()
    names = [name for name in applicable(subject) if name != "curves" or drawn_once]
    figures = [name for name in names if KINDS[name].suffix == "png"]
    return [*curves.metric_columns(subject.history), *figures]


def forget_pictures(subject: Subject) -> None:
    """Takes away all pictures of what a run knew before it went on; its curves only grow.

    Raises:
        OSError: One cannot be removed.
    """
    for name, kind in KINDS.items():
        if name != "curves":
            (subject.run / PLOTS / f"{name}.{kind.suffix}").unlink(missing_ok=True)


def draw_own(subject: Subject, name: str) -> Path:
    """Draws one of a run's own pictures, anew if it is there.

    Args:
        subject: The run.
        name: One of `own_pictures`.

    Returns:
        The file.

    Raises:
        NNScratchError: What is to be drawn cannot be read.
        OSError: The picture cannot be written.
    """
    path = subject.run / PLOTS / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    figure = KINDS[name].draw(subject) if name in KINDS else draw_curves([subject], [name])
    style.save(figure, path)
    return path


def draw_curves(subjects: list[Subject], columns: list[str] | None = None) -> "Figure":
    """Draws the curves of one run or of several.

    Args:
        subjects: The runs.
        columns: What to draw; all that any has unless given.
    """
    same_name = len({subject.name for subject in subjects}) < len(subjects)
    named = {label_text(s.run) if same_name else s.name: s for s in subjects}
    histories = {name: subject.history for name, subject in named.items()}
    every = dict.fromkeys(c for h in histories.values() for c in curves.metric_columns(h))
    kept = {name: subject.record.kept_epoch for name, subject in named.items()}
    return curves.draw_curves(histories, columns or list(every), kept)
