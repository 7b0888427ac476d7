"""Whether gradients and the first step are in proportion to the weights of each layer."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nnscratch.config import Config
from nnscratch.experiment.optimization import (
    build_optimizer,
    build_penalty,
    build_rate_factors,
)
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import FirstPass, copy_network
from nnscratch.nn.parameters import root_mean_square
from nnscratch.nn.training.step import first_step

# The first layer's gradient as a multiple of the last's: worth a look, a problem, worth a look.
_VANISHING = 1e-3
_VANISHED = 1e-5
_EXPLODING = 1e3
# The first step as a share of the weights.
_LARGEST_STEP = 0.3
_SMALLEST_STEP = 1e-4
_GOOD_STEP = 0.01


class LayerScale(NamedTuple):
    """How large the numbers of one layer are before training, each a root mean square."""

    name: str
    weights: float
    """Of the kernel."""
    gradient: float
    """Of the loss's gradient with respect to the kernel."""
    step: float | None
    """Of the kernel's change in the first step, as a share of `weights`; None if there is no step
    or all weights are zero."""


def measure_layers(first: FirstPass) -> list[LayerScale]:
    """Returns the scales of each dense layer.

    max_norm is left out: it would shorten weights that are too long at once, whatever the step.
    """
    config, network = first.config, copy_network(first.network)
    optimizer = build_optimizer(config)
    rate = config.learning_rate
    scales = []
    with np.errstate(all="ignore"):
        if not optimizer.line_search:
            network.grads.flat[:] = first.network.grads.flat
            first_step(
                network,
                optimizer,
                rate,
                penalty=build_penalty(config),
                clip_norm=config.clip_norm,
                rate_factors=build_rate_factors(config),
            )
        pairs = zip(first.network.dense, network.dense, strict=True)
        for i, (before, after) in enumerate(pairs, start=1):
            weights, step = root_mean_square(before.kernel), None
            if weights and not optimizer.line_search:
                step = root_mean_square(after.kernel - before.kernel) / weights
            gradient = root_mean_square(before.kernel_grad)
            scales.append(LayerScale(f"dense_{i}", weights, gradient, step))
    return scales


def check_gradients(first: FirstPass, layers: Sequence[LayerScale]) -> Finding:
    """Compares the gradient of the first layer with that of the last."""
    front, back = layers[0], layers[-1]
    if not first.loss:
        return Finding("the loss is 0 before training, and so is the gradient")
    if not any(layer.gradient for layer in layers):
        rule = "no weight has a gradient, so nothing will be learned"
        return _weak(first, rule, level="problem")
    if len(layers) == 1:
        return Finding(f"the rms gradient of the only layer is {front.gradient:.2g}")
    ratio = front.gradient / back.gradient if back.gradient else np.inf
    sizes = f"its rms is {front.gradient:.2g} in {front.name}, {back.gradient:.2g} in {back.name}"
    if ratio < _VANISHING:
        rule = f"the gradient vanishes on its way back through the layers: {sizes}, so the first"
        level: Level = "problem" if ratio < _VANISHED else "look"
        return _weak(first, f"{rule} layers will hardly learn", level=level)
    if ratio > _EXPLODING:
        rule = f"the gradient explodes on its way back through the layers: {sizes}"
        changes = ("initializer: auto", "clip_norm: 1")
        return Finding(rule, remedy="fewer layers", level="look", changes=changes)
    return Finding(f"the gradient reaches all layers: {sizes}")


def _weak(first: FirstPass, rule: str, *, level: Level) -> Finding:
    """Returns the finding of a gradient that is too small, with what makes it larger."""
    changes = [] if first.network.mixes_rows else ["batch_norm: true"]
    if first.has_sigmoids:
        rule = f"{rule}; each sigmoid passes back at most a quarter of it"
        changes = ["activation: relu", "activation: tanh", *changes]
    if first.config.initializer.name != "auto":
        changes.insert(0, "initializer: auto")
    return Finding(rule, remedy="fewer layers", level=level, changes=tuple(changes))


def check_step_sizes(config: Config, layers: Sequence[LayerScale]) -> Iterator[Finding]:
    """Checks whether the first step is in proportion to the weights."""
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
    changes = (f"learning_rate: {suggest_learning_rate(config, layers):g}",)
    yield Finding(rule, level="look", changes=changes)


def suggest_learning_rate(config: Config, layers: Sequence[LayerScale]) -> float | None:
    """Returns a learning rate of the right order, or None where no layer takes a step.

    The first step with it changes the weights of one layer by a hundredth, and of none by more.
    """
    largest = max((layer.step for layer in layers if layer.step is not None), default=0.0)
    return float(f"{config.learning_rate * _GOOD_STEP / largest:.0e}") if largest else None
