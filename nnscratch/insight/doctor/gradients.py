"""Whether the gradient vanishes or explodes on its way back through the layers."""

from collections.abc import Sequence

import numpy as np

from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import FirstPass
from nnscratch.insight.doctor.layer_scales import LayerScale
from nnscratch.insight.doctor.remedies import has_sigmoids

# The first layer's gradient as a multiple of the last's: worth a look, a problem, worth a look.
_VANISHING = 1e-3
_VANISHED = 1e-5
_EXPLODING = 1e3


def check_gradients(first: FirstPass, layers: Sequence[LayerScale]) -> Finding:
    """Compares the gradient of the first layer with that of the last."""
    front, back = layers[0], layers[-1]
    if not first.loss:
        return Finding("the loss is 0 before training, and so is the gradient")
    if not any(layer.gradient for layer in layers):
        rule = "no weight has a gradient, so nothing will be learned"
        return Finding(rule, remedy=_strengthen_gradient(first), level="problem")
    if len(layers) == 1:
        return Finding(f"the rms gradient of the only layer is {front.gradient:.2g}")
    ratio = front.gradient / back.gradient if back.gradient else np.inf
    sizes = f"its rms is {front.gradient:.2g} in {front.name}, {back.gradient:.2g} in {back.name}"
    if ratio < _VANISHING:
        rule = f"the gradient vanishes on its way back through the layers: {sizes}, so the first"
        level: Level = "problem" if ratio < _VANISHED else "look"
        remedy = _strengthen_gradient(first)
        return Finding(f"{rule} layers will hardly learn", remedy=remedy, level=level)
    if ratio > _EXPLODING:
        rule = f"the gradient explodes on its way back through the layers: {sizes}"
        remedy = "use smaller first weights (initializer: auto), fewer layers or clip_norm: 1"
        return Finding(rule, remedy=remedy, level="look")
    return Finding(f"the gradient reaches all layers: {sizes}")


def _strengthen_gradient(first: FirstPass) -> str:
    """Returns what makes the first layers' gradient larger."""
    initializer, network = first.experiment.config.initializer.name, first.network
    if initializer != "auto":
        return f"use other first weights: initializer: auto instead of {initializer}"
    remedy = "fewer layers" if network.mixes_rows else "batch_norm: true or fewer layers"
    if has_sigmoids(first.experiment.config):
        return (
            "each sigmoid passes back at most a quarter of the gradient: use activation: relu or "
            f"tanh, or else {remedy}"
        )
    return f"use {remedy}"
