"""How large gradients and steps are in each layer, and whether they vanish or explode."""

from collections.abc import Iterator, Sequence

import numpy as np

from nnscratch.config import Config
from nnscratch.insight.doctor.finding import Finding, LayerScale
from nnscratch.insight.doctor.first_pass import Rehearsal
from nnscratch.nn.activations.sigmoids import Sigmoid
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.parameters import root_mean_square
from nnscratch.nn.registry import create
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.step import first_step

# The first layer's gradient as a share of the last's.
_VANISHING, _GONE, _EXPLODING = 1e-3, 1e-5, 1e3
# A step as a share of the weights: too large, too small, and what a good one is about.
_LARGE_STEP, _SMALL_STEP, _GOOD_STEP = 0.3, 1e-4, 0.01


def measure_layers(config: Config, first: Rehearsal) -> list[LayerScale]:
    """Returns the root mean square of weights, gradient and first step of each dense layer.

    Args:
        config: Says how the step is made; max_norm is left out, which would shorten weights that
            are too long at once, whatever the step.
        first: Its network takes the step, and is then as it was.
    """
    network = first.network
    # Squares of what vanishes would underflow in float32.
    before = {f"dense_{i}": d.kernel.astype(float) for i, d in enumerate(network.dense, start=1)}
    gradients = [root_mean_square(dense.kernel_grad) for dense in network.dense]
    steps: list[float | None] = [None] * len(before)
    optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
    if not isinstance(optimizer, LBFGS):
        weights, grads = network.weights.copy(), network.grads.flat.copy()
        with np.errstate(all="ignore"):
            first_step(
                network,
                optimizer,
                config.learning_rate,
                penalty=Penalty(config.l1, config.l2),
                clip_norm=config.clip_norm,
            )
        moved = zip(network.dense, before.values(), strict=True)
        steps = [root_mean_square(dense.kernel - kernel) for dense, kernel in moved]
        network.weights[:], network.grads.flat[:] = weights, grads
    return [
        LayerScale(name, size, gradient, step / size if step is not None and size else None)
        for (name, kernel), gradient, step in zip(before.items(), gradients, steps, strict=True)
        for size in [root_mean_square(kernel)]
    ]


def check_gradients(config: Config, first: Rehearsal, layers: Sequence[LayerScale]) -> Finding:
    """Compares the gradient of the first layer with that of the last."""
    begin, end = layers[0], layers[-1]
    if not first.loss:
        return Finding("fine", "the loss is 0 before training, and so is the gradient")
    if not any(layer.gradient for layer in layers):
        what = "no weight has a gradient, so nothing will be learnt"
        return Finding("problem", what, _revive(config, first))
    if len(layers) == 1:
        return Finding("fine", f"the gradient of the only layer is {begin.gradient:.2g}")
    ratio = begin.gradient / end.gradient if end.gradient else np.inf
    sizes = f"{begin.gradient:.2g} in {begin.name}, {end.gradient:.2g} in {end.name}"
    if ratio < _VANISHING:
        return Finding(
            "problem" if ratio < _GONE else "look",
            f"the gradient vanishes on its way back through the layers: it is {sizes}, so the "
            "first layers will hardly learn",
            _revive(config, first),
        )
    if ratio > _EXPLODING:
        return Finding(
            "look",
            f"the gradient grows on its way back through the layers: it is {sizes}",
            "smaller first weights (initializer: auto) or fewer layers keep it even; clip_norm: 1 "
            "bounds it",
        )
    return Finding("fine", f"the gradient reaches all layers: it is {sizes}")


def check_steps(
    config: Config, layers: Sequence[LayerScale], *, advised: bool = False
) -> Iterator[Finding]:
    """Looks whether the first step is in proportion to the weights.

    Args:
        config: Of the training.
        layers: As measured.
        advised: Whether what does better has been tried, and is said after this.
    """
    steps = {layer.name: layer.step for layer in layers if layer.step is not None}
    largest = max(steps, key=lambda name: steps[name], default="")
    size = steps.get(largest, 0.0)
    if not size:
        return
    if _SMALL_STEP <= size <= _LARGE_STEP:
        low, high = (f"{100 * step:.2g}%" for step in (min(steps.values()), size))
        span = high if low == high else f"{low} to {high}"
        yield Finding("fine", f"the first step changes the weights by {span} of their size")
        return
    what = f"the first step changes the weights of {largest} by {_of_size(size)}"
    if size < _SMALL_STEP:
        what = f"the first step changes no weights by more than {_of_size(size)}"
    advice = "what does better is said below"
    if not advised:
        way = f"learning_rate: {fitting_rate(config, layers):g} instead of {config.learning_rate:g}"
        advice = f"{way} would change them by about a hundredth"
    yield Finding("look", what, advice)


def fitting_rate(config: Config, layers: Sequence[LayerScale]) -> float | None:
    """Returns a learning rate of the right order; None where there is no step to tell it by.

    The first step with it changes the weights of some layer by a hundredth, and of none by more.
    """
    size = max((layer.step for layer in layers if layer.step is not None), default=0.0)
    return float(f"{config.learning_rate * _GOOD_STEP / size:.0e}") if size else None


def _revive(config: Config, first: Rehearsal) -> str:
    """Returns what brings a gradient back."""
    if config.initializer.name != "auto":
        return f"other first weights: initializer: auto, not {config.initializer.name}"
    hidden, ways = first.network.hidden, ["fewer layers"]
    if not first.network.mixes_rows:
        ways.insert(0, "batch_norm: true")
    if not any(isinstance(layer.activation, Sigmoid) for layer in hidden):
        return " or ".join(ways)
    ways.insert(0, "activation: relu or tanh")
    return (
        f"each sigmoid lets at most a quarter of it through: {', '.join(ways[:-1])} or {ways[-1]}"
    )


def _of_size(share: float) -> str:
    return f"{share:.3g} times their size" if share >= 1 else f"{100 * share:.2g}% of their size"
