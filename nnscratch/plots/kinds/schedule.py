"""Learning rate over the epochs, for a run or any config."""

from nnscratch.config.contradictions import refuse_contradictions
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create
from nnscratch.nn.training.schedules import SCHEDULES
from nnscratch.plots.figures.learning_rate import draw_learning_rate
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.plotted_run import PlottedRun


def _unavailable(run: PlottedRun) -> str:
    config = run.config
    refuse_contradictions(config)
    schedule = create(SCHEDULES, config.schedule.model_dump())
    reason = "finds the learning rate during training, so it cannot be drawn before"
    if schedule.counters:  # it has a state, which what happens in training changes
        return f"{config.schedule.name} {reason}"
    if OPTIMIZERS[config.optimizer.name].line_search:
        return f"{config.optimizer.name} {reason}"
    return ""


def _draw(run: PlottedRun) -> Drawing:
    config = run.config
    schedule = create(SCHEDULES, config.schedule.model_dump())
    return draw_learning_rate(config.name, schedule, config.learning_rate, config.epochs)


KIND = PlotKind(_draw, _unavailable, needs="config")
