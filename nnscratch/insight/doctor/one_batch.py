"""Whether a network can learn a few rows by heart, as any network that learns at all can."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from nnscratch.config import Config
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import number, plural
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import Rehearsal
from nnscratch.insight.doctor.network_checks import is_large, tame
from nnscratch.insight.doctor.overfit import Attempt, overfit
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array, Targets

_MOST_ROWS, _LEAST_ROWS = 32, 4
# To try what may do better.
_FEWER_SECONDS = 2.0
# The largest learning rate that a config may have.
_LARGEST_RATE = 1e6


def check_one_batch(
    experiment: Experiment, first: Rehearsal, fitting: float | None = None
) -> Iterator[Finding]:
    """Has copies of the untrained network learn a few rows by heart, as the config says.

    They have no dropout, penalty, weight decay, label smoothing, schedule or average, which would
    all be in the way.

    Args:
        experiment: Its network is not changed.
        first: Has rows to choose from.
        fitting: A learning rate in proportion to the weights.
    """
    x, y = choose_batch(experiment.model.network, first)
    if experiment.model.network.mixes_rows and len(x) < 2:
        return
    rate = experiment.config.learning_rate
    attempt = overfit(experiment, x, y, rate)
    if attempt.succeeded:
        yield _tell(attempt, len(x), "fine")
        return
    others = {
        way: overfit(other, x, y, other.config.learning_rate, seconds=_FEWER_SECONDS)
        for way, other in _vary(experiment, first, fitting)
    }
    hopeless = attempt.risen or (attempt.stuck and all(other.stuck for other in others.values()))
    advice = _advise(experiment.config, first, others, attempt)
    yield _tell(attempt, len(x), "problem" if hopeless else "look", advice)


def _vary(
    experiment: Experiment, first: Rehearsal, fitting: float | None
) -> Iterator[tuple[str, Experiment]]:
    """Yields what may do better, in words, and the experiment with it."""
    config = experiment.config
    if config.optimizer.name == "lbfgs":  # its line search finds its own rate
        return
    # Squares of large gradients would overflow in float32.
    norm = np.linalg.norm(first.network.grads.flat.astype(float))
    larger = float(f"{norm:.0e}")
    changes = [("clip_norm", larger)] if config.clip_norm and larger > config.clip_norm else []
    rate = config.learning_rate
    rates = [rate / 10, rate * 10, *([] if fitting is None else [fitting])]
    changes += [("learning_rate", other) for other in rates if 0 < other <= _LARGEST_RATE]
    # By what they are called, so that none is tried twice, and the config's own not again.
    ways = {f"{key}: {value:g}": {key: value} for key, value in changes}
    ways.pop(f"learning_rate: {rate:g}", None)
    for way, change in ways.items():
        yield way, replace(experiment, config=config.model_copy(update=change))


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
        fell = f"the loss goes from {begin}{only} to {end}"
        what = f"{rows} {'was' if count == 1 else 'were'} not learnt in {steps} at {at}: {fell}"
        if attempt.stopped:
            what = f"{rows} cannot be learnt by heart at {at}: {fell} in {steps}"
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


def _advise(
    config: Config, first: Rehearsal, others: Mapping[str, Attempt], attempt: Attempt
) -> str:
    """Returns what would do better; `others` are by what was changed."""
    if first.y.dtype.kind == "f" and is_large(first.y):
        return tame(config, first)
    learnt = {way: other.steps for way, other in others.items() if other.succeeded}
    if learnt:
        quickest = min(learnt, key=lambda way: learnt[way])
        return f"{quickest} learns them in {plural(learnt[quickest], 'step')}"
    whole = {way: other for way, other in others.items() if not other.diverged}
    best = min(whole, key=lambda way: whole[way].end, default="")
    if best and (attempt.diverged or whole[best].end < 0.5 * attempt.end):
        reached = f"{number(whole[best].end)} in {plural(whole[best].steps, 'step')}"
        return f"{best} does better: {reached}"
    if not config.architecture:
        return "a network without a hidden layer cannot bend; if the data do, architecture: [16]"
    ways = [
        *(["activation: tanh or relu"] if _has_sigmoids(config) else []),
        *(["use_bias: true"] if not config.use_bias else []),
        *(["initializer: auto"] if config.initializer.name != "auto" else []),
        "a wider architecture",
    ]
    may = f"{_either(ways)} may"
    return f"{_either([*others])} does not do it either; {may}" if others else f"{may} do better"


def _either(ways: list[str]) -> str:
    *some, last = ways
    return f"{', '.join(some)}{' or ' * bool(some)}{last}"


def _has_sigmoids(config: Config) -> bool:
    functions = [layer.activation or config.activation for layer in config.architecture]
    return any(function.name == "sigmoid" for function in functions)
