"""The learning rate over the epochs, as a schedule sets it."""

from nnscratch.nn.training.schedules import Schedule
from nnscratch.plots.figures.style import COLORS, Figure, new_figure, show_counts, show_grid

_POINTS = 2000


def draw_learning_rate(name: str, schedule: Schedule, learning_rate: float, epochs: int) -> Figure:
    """Draws the learning rate of a training run, which need not exist yet.

    Args:
        name: What the title calls it.
        schedule: Gives the factor of the learning rate for each step; it depends on nothing else.
        learning_rate: The configured learning rate.
        epochs: How many epochs the training run takes.
    """
    steps_per_epoch = max(1, _POINTS // epochs)
    steps = range(0, epochs * steps_per_epoch, max(1, epochs // _POINTS))
    rates = [learning_rate * schedule.factor(step, steps_per_epoch, epochs) for step in steps]
    figure = new_figure(7.0, 4.2, f"{_summarize(rates).capitalize()}\n{name}")
    axes = figure.subplots()
    axes.plot([step / steps_per_epoch for step in steps], rates, color=COLORS[0], linewidth=1.6)
    show_grid(axes)
    show_counts(axes, "epoch")
    axes.set_xlim(0, epochs)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("learning rate")
    return figure


def _summarize(rates: list[float]) -> str:
    if len(set(rates)) == 1:
        return f"constant learning rate {rates[0]:.3g}"
    highest = max(rates)
    peak = f"over {highest:.3g} " if highest > max(rates[0], rates[-1]) else ""
    return f"learning rate from {rates[0]:.3g} {peak}to {rates[-1]:.3g}"
