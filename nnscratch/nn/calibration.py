"""Calibration: logits over a temperature, so that probabilities match how often they are right.

Guo et al. 2017, "On calibration of modern neural networks"; Berta et al. 2025, "Rethinking early
stopping: refine, then calibrate", who keep the epoch whose loss is least after calibration.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isfinite

import numpy as np

from nnscratch.nn.examples import sum_of
from nnscratch.nn.losses import Loss
from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.parameters import Array, Targets, size_of
from nnscratch.nn.registry import arguments_of

# T is from 1/64 to 64: a network that needs another one has learned nothing, or has logits of 0.
_DOUBLINGS = 6
# T need not be known better, since the loss is flat there; six steps or so are enough.
_PRECISION, _STEPS = 1e-7, 30


def has_probabilities(loss: Loss | type[Loss]) -> bool:
    """Returns whether a loss implies a sigmoid or softmax, whose logits a temperature divides."""
    return loss.output_activation in ("sigmoid", "softmax")


def find_temperature(
    loss: Loss, logits: Array, targets: Targets, weights: Array | None = None
) -> float:
    """Returns the T from 1/64 to 64 that makes the loss of logits / T least.

    Beside the n rows half a row counts that may be of any class, or have a label or not, with the
    same chance: where all rows are right, T would else be as small as it may, and the network
    overconfident in its next mistake. That is label smoothing of 1 / (2 n + 1), which changes
    nothing where rows are many; of weighted rows, n is (Σ w)² / Σ w². So the loss may be a little
    larger than with another T.

    L(z / T) is convex in β = 1 / T, and its slope is Σ z ∂L(β z)/∂(β z), whose sign changes only
    once. T is 1 where the slope is 0 or not a number.

    Args:
        loss: One with probabilities.
        logits: z (rows, outputs).
        targets: As the loss takes them.
        weights: w (rows,), of which some are above 0; all the same unless given.
    """
    rows = float(len(logits)) if weights is None else _effective_rows(weights)
    smoothed = _smoothed(loss, 1.0 / (2.0 * rows + 1.0))

    def slope(beta: float) -> float:
        total = 0.0
        for z, y, w, share in _pieces(logits, targets, weights):
            if loss.output_activation == "softmax":  # only differences count
                np.subtract(z, z.max(axis=1, keepdims=True), out=z)
            total += share * float(np.einsum("ij,ij->", smoothed(beta * z, y, w)[1], z))
        return total

    with np.errstate(all="ignore"):
        at_one = slope(1.0)
        if not isfinite(at_one) or at_one == 0.0:
            return 1.0
        is_falling = at_one < 0.0
        beta, here = 1.0, at_one
        for _ in range(_DOUBLINGS):
            further = beta * (2.0 if is_falling else 0.5)
            there = slope(further)
            if not isfinite(there):
                break
            if (there < 0.0) != is_falling:
                return 1.0 / _find_zero(slope, beta, here, further, there)
            beta, here = further, there
    return 1.0 / beta


def loss_at(
    temperature: float,
    loss: Loss,
    logits: Array,
    targets: Targets,
    weights: Array | None = None,
) -> float:
    """Returns the loss of logits / T, computed in float64."""
    with np.errstate(all="ignore"):
        pieces = _pieces(logits, targets, weights)
        return sum(share * loss(z / temperature, y, w)[0] for z, y, w, share in pieces)


def calibrated_weights(network: Network, temperature: float) -> Array:
    """Returns a copy of a network's `weights` with which its logits are divided by T.

    The network's loss is one with probabilities, so that its last layer gives the logits.
    """
    weights = network.weights.copy()
    # The kernel and the bias of the last layer come last of all parameters.
    end = network.params.flat.size
    weights[end - size_of(network.dense[-1].shapes) : end] /= temperature
    return weights


def _pieces(
    logits: Array, targets: Targets, weights: Array | None
) -> Iterator[tuple[Array, Targets, Array | None, float]]:
    """Yields logits, targets and weights in float64, and their share of the whole, by pieces."""
    total = len(logits) if weights is None else sum_of(weights)
    for start in range(0, len(logits), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        z, w = logits[rows].astype(np.float64), None
        size: float = len(z)
        if weights is not None:
            w = weights[rows].astype(np.float64)
            size = sum_of(w)
        yield z, targets[rows], w, size / total


def _effective_rows(weights: Array) -> float:
    """Returns (Σ w)² / Σ w², which no factor changes."""
    w = weights.astype(np.float64)
    # Over a power of two, which keeps every digit, so that no square is infinite or 0 for all.
    w = np.ldexp(w, -np.frexp(w.max())[1])
    return float(w.sum()) ** 2 / float(np.square(w).sum())


def _find_zero(
    function: Callable[[float], float], a: float, at_a: float, b: float, at_b: float
) -> float:
    """Returns where a function is 0 between a and b, at which its signs differ.

    Regula falsi as Dowell and Jarratt 1971 have it (Illinois): an end that stays has its value
    halved, so that both ends come near.
    """
    for _ in range(_STEPS):
        middle = b - at_b * (b - a) / (at_b - at_a)
        value = function(middle)
        if abs(middle - b) <= _PRECISION * b:
            return middle
        if (value < 0.0) == (at_b < 0.0):
            at_a *= 0.5
        else:
            a, at_a = b, at_b
        b, at_b = middle, value
    return b


def _smoothed(loss: Loss, share: float) -> Loss:
    """Returns a loss whose targets are smoothed by a further share, if it can smooth them."""
    before = arguments_of(loss).get("label_smoothing")
    if before is None:
        return loss
    smoothing = 1.0 - (1.0 - share) * (1.0 - before)
    return replace(loss, label_smoothing=smoothing)  # type: ignore[type-var]  # it is a dataclass
