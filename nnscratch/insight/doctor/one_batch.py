"""Whether a network can memorize one small batch, and if not, which other setting lets it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from nnscratch.config import Config
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import number, plural
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import FirstPass
from nnscratch.insight.doctor.memorization import Memorization, memorize
from nnscratch.insight.doctor.remedies import has_large_targets, has_sigmoids, shrink_outputs
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.parameters import Array, Targets, euclidean_norm

_MAX_ROWS = 32
_MIN_ROWS = 4
# For each other setting that is tried.
_MAX_SECONDS = 2.0
# The largest learning rate that a config may have.
_MAX_LEARNING_RATE = 1e6


def check_one_batch(first: FirstPass, suggested_rate: float | None = None) -> Iterator[Finding]:
    """Has copies of the untrained network memorize a few rows, with the config's optimizer.

    Args:
        first: Has the rows to choose from.
        suggested_rate: A learning rate in proportion to the weights.
    """
    x, y = choose_batch(first)
    if first.network.mixes_rows and len(x) < 2:
        return
    result = memorize(first.experiment, x, y)
    rule = _describe(result, plural(len(x), "row"), first.experiment.config.learning_rate)
    if result.succeeded:
        yield Finding(rule)
        return
    others = {
        setting: memorize(other, x, y, seconds=_MAX_SECONDS)
        for setting, other in _vary(first, suggested_rate).items()
    }
    all_stuck = result.stuck and all(other.stuck for other in others.values())
    level: Level = "problem" if result.got_worse or all_stuck else "look"
    yield Finding(rule, remedy=_advise(first, result, others), level=level)


def choose_batch(first: FirstPass) -> tuple[Array, Targets]:
    """Returns inputs and targets of a few rows that a network should be able to memorize.

    All differ in their inputs, so that no two contradict each other, and there are at least two
    parameters for each number to be learned, or only a few rows.
    """
    parameters, outputs = first.network.params.flat.size, first.network.outputs
    most = max(_MIN_ROWS, min(_MAX_ROWS, parameters // (2 * outputs)))
    few = slice(None, 4 * _MAX_ROWS)
    _, chosen = np.unique(first.x[few], axis=0, return_index=True)
    chosen = np.sort(chosen)[:most]
    return first.x[chosen], first.y[chosen]


def _vary(first: FirstPass, suggested_rate: float | None) -> dict[str, Experiment]:
    """Returns the experiment with each setting that may do better, by what a config has."""
    config, rate = first.experiment.config, first.experiment.config.learning_rate
    if OPTIMIZERS[config.optimizer.name].line_search:
        return {}
    changes: list[tuple[str, float]] = []
    norm = float(f"{euclidean_norm(first.network.grads.flat):.0e}")
    if config.clip_norm and norm > config.clip_norm:
        changes.append(("clip_norm", norm))
    rates = (rate / 10, rate * 10, suggested_rate or rate)
    changes += [("learning_rate", other) for other in rates if 0 < other <= _MAX_LEARNING_RATE]
    # By text, so that no rate is tried twice, and the config's own not again.
    updates = {f"{key}: {value:g}": {key: value} for key, value in changes}
    updates.pop(f"learning_rate: {rate:g}", None)
    return {
        setting: replace(first.experiment, config=config.model_copy(update=update))
        for setting, update in updates.items()
    }


def _describe(result: Memorization, rows: str, learning_rate: float) -> str:
    steps, at = plural(result.steps, "step"), f"at learning_rate {learning_rate:g}"
    first, last = number(result.first), number(result.last)
    if result.succeeded:
        return f"{rows} can be memorized: the loss falls from {first} to {last} in {steps}"
    if result.diverged:
        return f"training on {rows} {at} diverges in step {result.steps:,}"
    change = f"falls from {first} only to {last}"
    if result.last > result.first:
        change = f"rises from {first} to {last}"
    if result.stopped:
        return f"{rows} cannot be memorized {at}: the loss {change} in {steps}"
    return f"training for {steps} {at} does not memorize {rows}: the loss {change}"


def _advise(first: FirstPass, result: Memorization, others: Mapping[str, Memorization]) -> str:
    """Returns what does better, or may; `others` are the results of other settings."""
    if has_large_targets(first):
        return shrink_outputs(first)
    successes = {setting: other.steps for setting, other in others.items() if other.succeeded}
    if successes:
        quickest = min(successes, key=lambda setting: successes[setting])
        return f"{quickest} memorizes them in {plural(successes[quickest], 'step')}"
    finite = {setting: other for setting, other in others.items() if not other.diverged}
    if finite:
        best = min(finite, key=lambda setting: finite[setting].last)
        loss, steps = finite[best].last, plural(finite[best].steps, "step")
        if result.diverged or loss < 0.5 * result.last:
            return f"{best} does better: the loss is {number(loss)} after {steps}"
    if not first.experiment.config.architecture:
        return "without a hidden layer a network is linear; for curves, try architecture: [16]"
    ideas = ", ".join(_list_ideas(first.experiment.config))
    if not others:
        return f"try {ideas}"
    return f"not memorized with {', '.join(others)} either; try {ideas}"


def _list_ideas(config: Config) -> Iterator[str]:
    if has_sigmoids(config):
        yield "activation: tanh or relu"
    if not config.use_bias:
        yield "use_bias: true"
    if config.initializer.name != "auto":
        yield "initializer: auto"
    yield "a wider architecture"
