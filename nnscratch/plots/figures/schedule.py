"""The learning rate over the epochs, as a schedule will have it."""

from typing import TYPE_CHECKING

from nnscratch.nn.training.schedules import Schedule
from nnscratch.plots.figures.style import COLORS, calm, entitle, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_POINTS = 2000


def draw_schedule(name: str, schedule: Schedule, learning_rate: float, epochs: int) -> "Figure":
    """Draws the rate of a training; nothing need be trained, for it depends on the step alone.

    Args:
        name: The config's name.
        schedule: Gives the factors.
        learning_rate: What they are factors of.
        epochs: Of the training.
    """
    steps_per_epoch = max(1, _POINTS // epochs)
    steps = range(0, epochs * steps_per_epoch, max(1, epochs // _POINTS))
    rates = [learning_rate * schedule.factor(step, steps_per_epoch, epochs) for step in steps]
    figure = new_figure(width=7.0)
    axes = figure.subplots()
    axes.plot([step / steps_per_epoch for step in steps], rates, color=COLORS[0], linewidth=1.6)
    calm(axes)
    axes.set_xlim(0, epochs)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("epoch")
    axes.set_ylabel("learning rate")
    ends, highest = {rates[0], rates[-1]}, max(rates)
    over = f" over {highest:.3g}" if highest > max(ends) else ""
    way = f"from {rates[0]:.3g}{over} to {rates[-1]:.3g}" if len(set(rates)) > 1 else "constant"
    entitle(figure, f"{name}: {way}")
    return figure
