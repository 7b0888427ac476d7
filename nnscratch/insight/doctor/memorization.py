"""Whether a network can memorize a few rows, and if not, which other setting lets it."""

from collections.abc import Iterator, Sequence

from nnscratch.formatting import number, plural
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import FirstPass, widen
from nnscratch.insight.doctor.memorizing import Memorization
from nnscratch.insight.doctor.trials import Trials
from nnscratch.nn.optimizers import OPTIMIZERS

# The largest learning rate that a config may have.
_MAX_LEARNING_RATE = 1e6
# The loss got worse if it is more than this many times the first one.
_WORSE = 2.0


def check_memorization(
    trials: Trials, suggested_rate: float | None = None, ideas: Sequence[str] = ()
) -> Iterator[Finding]:
    """Has copies of the untrained network memorize a few rows, with the config's optimizer.

    Args:
        trials: On the rows to memorize.
        suggested_rate: A learning rate in proportion to the weights.
        ideas: Other settings that may help.
    """
    first = trials.first
    if not trials.possible:
        return
    result = trials.base
    rule = _describe(result, trials.name_rows(), first.config.learning_rate)
    if result.succeeded:
        yield Finding(rule)
        return
    steps = [*vary_steps(first, suggested_rate)]
    attempts = [result, *filter(None, map(trials.attempt, steps))]
    got_worse = result.diverged or result.last > _WORSE * result.first
    is_problem = got_worse or all(attempt.stuck for attempt in attempts)
    ideas = [*ideas, *_list_ideas(first)]
    remedy = trials.advise(steps) or trials.advise(ideas)
    if not remedy:
        tried = [change for change in dict.fromkeys([*steps, *ideas]) if trials.attempt(change)]
        remedy = f"tried without success: {', '.join(tried)}" if tried else "use other inputs"
    yield Finding(rule, remedy=remedy, level="problem" if is_problem else "look")


def vary_steps(first: FirstPass, suggested_rate: float | None) -> Iterator[str]:
    """Yields other sizes of the steps, as settings."""
    config, rate = first.config, first.config.learning_rate
    if OPTIMIZERS[config.optimizer.name].line_search:
        return
    norm = float(f"{first.gradient_norm:.0e}")
    if config.clip_norm and norm > config.clip_norm:
        yield f"clip_norm: {norm:g}"
    # By text, so that no rate is tried twice, and the config's own not again.
    rates = [
        r for r in (rate / 10, rate * 10, suggested_rate or rate) if 0 < r <= _MAX_LEARNING_RATE
    ]
    yield from dict.fromkeys(f"learning_rate: {r:g}" for r in rates if f"{r:g}" != f"{rate:g}")


def _describe(result: Memorization, rows: str, learning_rate: float) -> str:
    steps, at = plural(result.steps, "step"), f"at learning_rate {learning_rate:g}"
    first, last = number(result.first), number(result.last)
    if result.succeeded:
        return f"{rows} can be memorized: the loss falls from {first} to {last} in {steps}"
    if result.diverged:
        return f"training on {rows} {at} diverges in step {result.steps:,}"
    change = f"falls from {first} only to {last}"
    if result.fell_short:
        change = f"{change}, while guessing costs {number(result.guessing)} on these rows,"
    if result.last > result.first:
        change = f"rises from {first} to {last}"
    if result.stopped:
        return f"{rows} cannot be memorized {at}: the loss {change} in {steps}"
    return f"training for {steps} {at} does not memorize {rows}: the loss {change}"


def _list_ideas(first: FirstPass) -> Iterator[str]:
    config = first.config
    if first.has_large_targets:
        yield "dataset.target_scaling: standardize"
    if first.has_sigmoids:
        yield "activation: tanh"
        yield "activation: relu"
    if not config.use_bias:
        yield "use_bias: true"
    if config.initializer.name != "auto":
        yield "initializer: auto"
    yield from widen(first, 2, least=16)
