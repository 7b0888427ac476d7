"""Whether a network can learn a few rows by heart, as any network that learns at all can."""

from collections.abc import Iterator

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.doctor.attempt import Attempt, overfit
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.network_checks import is_large, tame
from nnscratch.insight.doctor.rehearsal import Rehearsal
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets
from nnscratch.preparation import Experiment
from nnscratch.wording import number, plural

_MOST_ROWS, _LEAST_ROWS = 32, 4
# To try another learning rate.
_FEWER_STEPS, _FEWER_SECONDS = 500, 4.0


def check_one_batch(
    experiment: Experiment, first: Rehearsal, fitting: float | None = None
) -> Iterator[Finding]:
    """Has copies of the untrained network learn a few rows by heart, as the config says.

    They have no dropout, penalty, weight decay, label smoothing, schedule or average, which would
    all be in the way.

    Args:
        experiment: Its network is not changed.
        first: Has rows to choose from.
        fitting: A learning rate that may do better than the config's.
    """
    x, y = choose_batch(experiment.model.network, first)
    if experiment.model.network.mixes_rows and len(x) < 2:
        return
    rate = experiment.config.learning_rate
    attempt = overfit(experiment, x, y, rate)
    if attempt.succeeded:
        yield _tell(attempt, len(x), "fine")
        return
    rates = [rate / 10, rate * 10, *([] if fitting is None else [fitting])]
    if experiment.config.optimizer.name == "lbfgs":  # its line search finds its own rate
        rates = []
    others = [
        overfit(experiment, x, y, rate, steps=_FEWER_STEPS, seconds=_FEWER_SECONDS)
        for rate in rates
    ]
    hopeless = attempt.risen or (attempt.stuck and all(other.stuck for other in others))
    advice = _advise(experiment.config, first, others, attempt)
    yield _tell(attempt, len(x), "problem" if hopeless else "look", advice)


def _tell(attempt: Attempt, count: int, level: Level, advice: str = "") -> Finding:
    """Returns what became of so many rows."""
    rows, steps = plural(count, "row"), plural(attempt.steps, "step")
    begin, end, at = number(attempt.begin), number(attempt.end), f"learning_rate {attempt.rate:g}"
    if attempt.succeeded:
        what = f"{rows} can be learnt by heart: the loss falls from {begin} to {end} in {steps}"
    elif attempt.diverged:
        what = f"training on {rows} at {at} diverges in step {attempt.steps:,}"
    else:
        only = "" if attempt.end > attempt.begin else " only"
        fell = f"the loss goes from {begin}{only} to {end} in {steps}"
        what = f"{rows} cannot be learnt by heart at {at}: {fell}"
    return Finding(level, what, advice)


def choose_batch(network: Network, first: Rehearsal) -> tuple[Array, Targets]:
    """Returns inputs and targets of a few rows that a network should be able to learn by heart.

    All differ in their inputs, so that no two contradict each other, and there are two parameters
    at least for each number to be learnt, or only a few rows.
    """
    most = min(_MOST_ROWS, network.params.flat.size // (2 * network.outputs))
    few = slice(None, 4 * _MOST_ROWS)
    _, chosen = np.unique(first.x[few], axis=0, return_index=True)
    chosen = np.sort(chosen)[: max(most, _LEAST_ROWS)]
    return first.x[chosen], first.y[chosen]


def _advise(config: Config, first: Rehearsal, others: list[Attempt], attempt: Attempt) -> str:
    """Returns what would do better."""
    if first.y.dtype.kind == "f" and is_large(first.y):
        return tame(config, first)
    for other in others:
        if other.succeeded:
            return f"learning_rate: {other.rate:g} learns them in {plural(other.steps, 'step')}"
    whole = [other for other in others if not other.diverged]
    better = min(whole, key=lambda other: other.end, default=None)
    if better and (attempt.diverged or better.end < 0.5 * attempt.end):
        reached = f"{number(better.end)} in {plural(better.steps, 'step')}"
        return f"learning_rate: {better.rate:g} does better: {reached}"
    if not config.architecture:
        return "a network without a hidden layer cannot bend; if the data do, architecture: [16]"
    tried = " or ".join(f"{other.rate:g}" for other in others)
    ways = [
        *(["activation: tanh or relu"] if _has_sigmoids(config) else []),
        *(["use_bias: true"] if not config.use_bias else []),
        *(["initializer: auto"] if config.initializer.name != "auto" else []),
        "a wider architecture",
    ]
    *some, last = ways
    may = f"{', '.join(some)}{' or ' * bool(some)}{last} may"
    return f"learning_rate {tried} does not do it either; {may}" if tried else f"{may} do better"


def _has_sigmoids(config: Config) -> bool:
    functions = [layer.activation or config.activation for layer in config.architecture]
    return any(function.name == "sigmoid" for function in functions)
