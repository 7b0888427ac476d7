"""What the program knows about a kind of plot; each file in `kinds` describes one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from nnscratch.plots.figures.style import Figure
from nnscratch.plots.plotted_run import PlottedRun

if TYPE_CHECKING:
    from PIL.Image import Image

# A figure, or the frames of an animation.
Drawing: TypeAlias = "Figure | list[Image]"


@dataclass(frozen=True)
class PlotKind:
    """A kind of plot.

    Attributes:
        draw: Draws it for a run that has it.
        unavailable: Returns why a run does not have it; an empty string if it does.
        needs: What it shows: a `config`, which need not have been trained; the `history` of a run;
            the `weights`; or what the network does with its `data`.
        of_all: Whether it shows what an ensemble predicts, and none of its networks by itself.
        before_training: Whether it says something of a network that is not trained.
        suffix: Of its file, unless the user names another; `gif` for an animation.
        suggest_columns: Returns which columns to vary, as an example, if a run leaves a choice;
            None for a kind that shows no columns.
        draw_together: Draws several runs in one figure.
        parts: Returns what is drawn by itself into the plots/ of a run, by name: functions that
            draw; the plot itself unless given.
    """

    draw: Callable[[PlottedRun], Drawing]
    unavailable: Callable[[PlottedRun], str] = lambda _: ""
    needs: Literal["config", "history", "weights", "data"] = "data"
    of_all: bool = False
    before_training: bool = False
    suffix: str = "png"
    suggest_columns: Callable[[PlottedRun], list[str]] | None = None
    draw_together: Callable[[Sequence[PlottedRun]], Figure] | None = None
    parts: Callable[[PlottedRun], Mapping[str, Callable[[], Drawing]]] | None = None
