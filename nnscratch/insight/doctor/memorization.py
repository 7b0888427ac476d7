"""Whether a network can memorize one small batch, and if not, which other setting lets it.

The optimizer and the learning rate are the config's. Regularization, schedules and averages, which
would only be in the way, are left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from time import perf_counter

import numpy as np

from nnscratch.errors import DivergedError
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import number, plural
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import (
    FirstPass,
    copy_network,
    guessing_loss,
    shrink_outputs,
)
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.registry import create
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit

_MAX_ROWS = 32
_MIN_ROWS = 4
# For each other setting that is tried.
_MAX_SECONDS_OF_OTHERS = 2.0
# The largest learning rate that a config may have.
_MAX_LEARNING_RATE = 1e6
# Rows are memorized when the loss is at most this share of the first one, and of that of guessing.
_MEMORIZED = 0.1
_MEMORIZED_OF_GUESSING = 0.5
# Hardly anything is learned if more than this share of the first loss is left.
_STUCK = 0.9
# The loss got worse if it is more than this many times the first one.
_WORSE = 2.0
# The loss has stopped if its fall in the second half is at most this share of that in the first.
_STOPPED = 0.01
_MIN_STEPS = 1_000
_MAX_SECONDS = 5.0


@dataclass(frozen=True)
class Memorization:
    """An attempt to memorize a few rows.

    Attributes:
        first: The loss before the first step.
        middle: The loss half-way.
        last: The loss before the last step.
        steps: The number of steps.
        succeeded: Whether the rows are memorized.
        diverged: Whether the loss is not finite any more.
    """

    first: float
    middle: float
    last: float
    steps: int
    succeeded: bool = False
    diverged: bool = False

    @property
    def stuck(self) -> bool:
        """Whether hardly anything has been learned."""
        return self.diverged or self.last > _STUCK * self.first

    @property
    def stopped(self) -> bool:
        """Whether more steps would hardly change anything."""
        return self.middle - self.last <= _STOPPED * abs(self.first - self.middle)


def check_memorization(first: FirstPass, suggested_rate: float | None = None) -> Iterator[Finding]:
    """Has copies of the untrained network memorize a few rows, with the config's optimizer.

    Args:
        first: Has the rows to choose from.
        suggested_rate: A learning rate in proportion to the weights.
    """
    x, y = choose_batch(first)
    if first.network.mixes_rows and len(x) < 2:
        return
    result = memorize(first.experiment, x, y)
    rule = _describe(result, plural(len(x), "row"), first.config.learning_rate)
    if result.succeeded:
        yield Finding(rule)
        return
    others = {
        setting: memorize(other, x, y, seconds=_MAX_SECONDS_OF_OTHERS)
        for setting, other in _vary(first, suggested_rate).items()
    }
    got_worse = result.diverged or result.last > _WORSE * result.first
    is_problem = got_worse or all(attempt.stuck for attempt in (result, *others.values()))
    remedy = _advise(first, result, others)
    yield Finding(rule, remedy=remedy, level="problem" if is_problem else "look")


def choose_batch(first: FirstPass) -> tuple[Array, Targets]:
    """Returns inputs and targets of a few rows that a network should be able to memorize.

    All differ in their inputs, so that no two contradict each other, and there are at least two
    parameters for each number to be learned, or only a few rows.
    """
    parameters, outputs = first.network.params.flat.size, first.network.outputs
    most = max(_MIN_ROWS, min(_MAX_ROWS, parameters // (2 * outputs)))
    _, chosen = np.unique(first.x[: 4 * _MAX_ROWS], axis=0, return_index=True)
    chosen = np.sort(chosen)[:most]
    return first.x[chosen], first.y[chosen]


def _vary(first: FirstPass, suggested_rate: float | None) -> dict[str, Experiment]:
    """Returns the experiment with each setting that may do better, by what a config has."""
    config, rate = first.config, first.config.learning_rate
    if OPTIMIZERS[config.optimizer.name].line_search:
        return {}
    changes: list[tuple[str, float]] = []
    norm = float(f"{first.gradient_norm:.0e}")
    if config.clip_norm and norm > config.clip_norm:
        changes.append(("clip_norm", norm))
    rates = (rate / 10, rate * 10, suggested_rate or rate)
    changes += [("learning_rate", other) for other in rates if 0 < other <= _MAX_LEARNING_RATE]
    # By text, so that no rate is tried twice, and the config's own not again.
    variants = {}
    for key, value in changes:
        other = config.model_copy(update={key: value})
        variants[f"{key}: {value:g}"] = replace(first.experiment, config=other)
    variants.pop(f"learning_rate: {rate:g}", None)
    return variants


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
    if first.has_large_targets:
        return shrink_outputs(first)
    successes = {setting: other.steps for setting, other in others.items() if other.succeeded}
    if successes:
        quickest = min(successes, key=lambda setting: successes[setting])
        return f"{quickest} memorizes them in {plural(successes[quickest], 'step')}"
    finite = {setting: other for setting, other in others.items() if not other.diverged}
    if finite:
        best, other = min(finite.items(), key=lambda item: item[1].last)
        loss, steps = other.last, plural(other.steps, "step")
        if result.diverged or loss < 0.5 * result.last:
            return f"{best} does better: the loss is {number(loss)} after {steps}"
    if not first.config.architecture:
        return "without a hidden layer a network is linear; for curves, try architecture: [16]"
    ideas = ", ".join(_list_ideas(first))
    return (
        f"not memorized with {', '.join(others)} either; try {ideas}" if others else f"try {ideas}"
    )


def _list_ideas(first: FirstPass) -> Iterator[str]:
    if first.has_sigmoids:
        yield "activation: tanh or relu"
    if not first.config.use_bias:
        yield "use_bias: true"
    if first.config.initializer.name != "auto":
        yield "initializer: auto"
    yield "a wider architecture"


def memorize(
    experiment: Experiment,
    x: Array,
    y: Targets,
    *,
    steps: int | None = None,
    seconds: float = _MAX_SECONDS,
) -> Memorization:
    """Trains a copy of the untrained network on some rows, until it knows them or time is up.

    Args:
        experiment: Its network is copied; its config has the optimizer and the learning rate.
        x: Inputs, (rows, inputs).
        y: Targets, as the loss takes them.
        steps: The most steps; by default as many as the config asks for, but at least a thousand.
        seconds: The longest that it may take.
    """
    config, model = experiment.config, experiment.model
    optimizer = config.optimizer.model_dump()
    if "weight_decay" in optimizer:
        optimizer["weight_decay"] = 0.0
    # The loss without label smoothing and class weights, which config has as keys of their own.
    network = copy_network(model.network, loss=config.loss.model_dump())
    rows = len(experiment.dataset.splits["train"])
    steps_per_epoch = ceil(rows / config.batch_rows(rows))
    records = fit(
        network,
        x,
        y,
        optimizer=create(OPTIMIZERS, optimizer),
        learning_rate=config.learning_rate,
        epochs=steps or max(_MIN_STEPS, config.epochs * steps_per_epoch),
        batch_size=None,
        clip_norm=config.clip_norm,
        metric=model.encoding.metric(),
        measure_before=True,
    )
    return _follow(records, _MEMORIZED_OF_GUESSING * guessing_loss(network, y), seconds)


def _follow(records: Iterator[EpochRecord], highest: float, seconds: float) -> Memorization:
    """Trains until the loss is low enough, which above `highest` it never is, or time is up."""
    started = perf_counter()
    losses: list[float] = []
    succeeded, diverged_in = False, 0
    try:
        with np.errstate(all="ignore"):
            for record in records:
                losses.append(record.scores["loss"])
                # Where the first loss is far above that of guessing, a tenth of it is not enough.
                low = losses[-1] <= min(_MEMORIZED * losses[0], highest or losses[0])
                correct = losses[-1] <= highest and record.scores.get("accuracy") == 1
                succeeded = low or correct
                if low or perf_counter() - started > seconds:
                    break
    except DivergedError as error:
        diverged_in = error.step
    losses = losses or [0.0]
    return Memorization(
        first=losses[0],
        middle=losses[len(losses) // 2],
        last=losses[-1],
        steps=diverged_in or len(losses),
        succeeded=succeeded and not diverged_in,
        diverged=bool(diverged_in),
    )
