"""Whether the first step is in proportion to the weights that it changes."""

from collections.abc import Iterator, Sequence

from nnscratch.config import Config
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.layer_scales import LayerScale

# The first step as a share of the weights.
_LARGEST_STEP = 0.3
_SMALLEST_STEP = 1e-4
_GOOD_STEP = 0.01


def check_step_sizes(
    config: Config, layers: Sequence[LayerScale], *, remedy_follows: bool = False
) -> Iterator[Finding]:
    """Checks whether the first step is in proportion to the weights.

    Args:
        config: The experiment's.
        layers: As measured.
        remedy_follows: Whether the next finding names a setting that was tried and does better.
    """
    steps = {layer.name: layer.step for layer in layers if layer.step is not None}
    if not any(steps.values()):
        return
    largest = max(steps, key=lambda name: steps[name])
    low, high = min(steps.values()), steps[largest]
    if _SMALLEST_STEP <= high <= _LARGEST_STEP:
        span = " to ".join(dict.fromkeys(f"{100 * step:.2g}%" for step in (low, high)))
        yield Finding(f"the first step changes the weights by {span} of their size")
        return
    size = f"{high:.3g} times" if high >= 1 else f"{100 * high:.2g}% of"
    rule = f"the first step changes the weights of {largest} by {size} their size"
    if high < _SMALLEST_STEP:
        rule = f"the first step changes the weights of no layer by more than {size} their size"
    remedy = "the next finding shows what does better"
    if not remedy_follows:
        remedy = (
            f"learning_rate: {suggest_learning_rate(config, layers):g} instead of "
            f"{config.learning_rate:g} would change them by about {_GOOD_STEP:.0%}"
        )
    yield Finding(rule, remedy=remedy, level="look")


def suggest_learning_rate(config: Config, layers: Sequence[LayerScale]) -> float | None:
    """Returns a learning rate of the right order, or None where no layer takes a step.

    The first step with it changes the weights of one layer by a hundredth, and of none by more.
    """
    largest = max((layer.step for layer in layers if layer.step is not None), default=0.0)
    return float(f"{config.learning_rate * _GOOD_STEP / largest:.0e}") if largest else None
