"""An untrained network's first answers: how far from guessing, and which units are of no use."""

from collections.abc import Iterator
from math import isclose, isfinite, log

import numpy as np
from numpy.typing import NDArray

from nnscratch.config import Config
from nnscratch.config.settings.datasets import PreparedSettings
from nnscratch.formatting import number, plural, some
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import Rehearsal, guessing_loss
from nnscratch.nn.inspection.blocks import Block, group
from nnscratch.nn.parameters import Targets

# A first loss may be so many times that of guessing, and this much more, since logits of an
# ordinary size, about 1, cost something.
_MUCH, _ORDINARY = 1.5, 1.0
# Of other losses, which are about the spread of the targets; outputs of about 1 cost more there.
_MUCH_OF_NUMBERS, _ORDINARY_NUMBERS = 4.0, 2.0
_LARGE_INPUT, _LARGE_TARGET = 10.0, 3.0
# Where a slope is below this part of the largest, on this share of the rows, a unit is saturated.
_FLAT, _MOSTLY = 0.01, 0.9
_DEAD_SLOPE, _ROUNDING = 1e-6, 1e-6
# From this share of a layer's units on, it is worth a word that they are of no use.
_MANY = 0.4


def check_first_loss(config: Config, first: Rehearsal) -> Finding:
    """Compares the loss before training with that of guessing."""
    guess = guessing_loss(first.network, first.y)
    if not first.finite:
        return Finding(
            "problem",
            "the loss before training, or its gradient, is not finite",
            tame(config, first),
        )
    k = first.network.outputs
    is_ln = first.network.loss.takes_indices and isclose(guess, log(k), rel_tol=1e-5)
    known = f"{number(guess)}{f', ln {k},' if is_ln else ''}"
    limit = _MUCH_OF_NUMBERS * guess + _ORDINARY_NUMBERS
    if first.network.loss.output_activation != "linear":
        limit = _MUCH * guess + _ORDINARY
    if guess and first.loss > limit:
        return Finding(
            "look",
            f"the loss before training is {number(first.loss)}, far above the {known} of guessing",
            tame(config, first),
        )
    return Finding(
        "fine",
        f"the loss before training is {number(first.loss)}; guessing gives {known}".rstrip(","),
    )


def is_large(targets: Targets) -> bool:
    """Says whether numbers to predict are far from those that a network begins with."""
    return float(np.abs(targets).max()) > _LARGE_TARGET


def tame(config: Config, first: Rehearsal) -> str:
    """Returns what to do about logits that are too large."""
    largest, scaled = float(np.abs(first.x).max()), isinstance(config.dataset, PreparedSettings)
    if largest > _LARGE_INPUT:
        way = ", as dataset.scaling=standardize does" if scaled else " to about -1 to 1"
        return f"the inputs go up to {largest:.4g}: scale them{way}"
    if config.initializer.name not in ("auto", "zeros"):
        return f"the first weights are too large: initializer: auto, not {config.initializer.name}"
    if first.y.dtype.kind == "f" and is_large(first.y):
        way = ", as dataset.target_scaling=standardize does" if scaled else " to about -1 to 1"
        return f"the targets are large: scale them{way}"
    return "make the first weights smaller, or the layers narrower"


def check_units(first: Rehearsal) -> Iterator[Finding]:
    """Looks for units that are dead, saturated, constant, or all the same."""
    rows = plural(len(first.x), "row")
    twins = _find_twins(first)
    if twins:
        yield Finding(
            "problem",
            f"all units of {', '.join(twins)} begin with equal weights, so they will all learn the "
            "same",
            "draw the first weights at random: initializer: auto",
        )
        return
    # For one row, about half of all relu units are 0, which says nothing about them.
    units = sum(block.layer.units for block in _units(first))
    if not units or len(first.x) < 2:
        return
    idle, told = _find_idle(first), False
    for kind, counts in idle.items():
        worst = max(counts, key=lambda name: counts[name][0] / counts[name][1], default=None)
        if worst is not None and counts[worst][0] / counts[worst][1] >= _MANY:
            layers = some([f"{n:,} of {of:,} in {name}" for name, (n, of) in counts.items()])
            none_left = counts[worst][0] == counts[worst][1]
            yield Finding(
                "problem" if none_left else "look",
                f"many units {_MEANINGS[kind]} {rows}: {layers}",
                _REMEDIES[kind],
            )
            told = True
    if told:
        return
    few = {kind: sum(n for n, _ in counts.values()) for kind, counts in idle.items()}
    said = ", ".join(
        f"{count:,} {'is' if count == 1 else 'are'} {kind}" for kind, count in few.items() if count
    )
    of = plural(units, "unit")
    none = f"none of {of} is dead, saturated or constant"
    yield Finding("fine", f"of {of} {said} on {rows}" if said else none)


_MEANINGS = {
    "dead": "are dead: they pass no gradient back for any of",
    "saturated": "are saturated: their output hardly changes with their input on",
    "constant": "give the same for each of",
}
_REMEDIES = {
    "dead": "leaky_relu or elu instead of relu, or other first weights: initializer: auto, seed",
    "saturated": "smaller inputs (dataset.scaling) or first weights (initializer: auto)",
    "constant": "larger first weights: initializer: auto",
}


def _find_idle(first: Rehearsal) -> dict[str, dict[str, tuple[int, int]]]:
    """Returns how many units are of no use, by kind and layer, and of how many."""
    idle: dict[str, dict[str, tuple[int, int]]] = {kind: {} for kind in _MEANINGS}
    for block in _units(first):
        name, output = block.name, block.output
        kind, useless = _find_flat(block)
        still = np.ptp(output, axis=0) <= _ROUNDING * np.abs(output).max(axis=0)
        still &= ~useless
        for found, mask in ((kind, useless), ("constant", still)):
            if mask.any():
                idle[found][name] = (int(mask.sum()), mask.size)
    return idle


def _units(first: Rehearsal) -> list[Block]:
    """Returns the blocks of hidden units, and of outputs if the loss does not imply what is f."""
    *hidden, output = group(first.layers)
    return [*hidden, *([output] if output.activation else [])]


def _find_flat(block: Block) -> tuple[str, NDArray[np.bool_]]:
    """Says of each unit whether it passes hardly any gradient back, and what that is called."""
    function, slope = block.function, block.slopes
    if not all(map(isfinite, function.bounds)):
        dead: NDArray[np.bool_] = np.abs(slope).max(axis=0) < _DEAD_SLOPE
        return "dead", dead
    # Functions with two bounds are steepest in the middle, at 0.
    steepest, middle = np.ones(1, slope.dtype), np.zeros(1, slope.dtype)
    function.backward(middle, function(middle), steepest)
    flat: NDArray[np.bool_] = (slope < _FLAT * steepest).mean(axis=0) >= _MOSTLY
    return "saturated", flat


def _find_twins(first: Rehearsal) -> list[str]:
    """Returns the hidden layers of more than one unit whose units all have equal weights."""
    return [
        f"dense_{i}"
        for i, dense in enumerate(first.network.dense[:-1], start=1)
        if dense.units > 1 and (dense.kernel == dense.kernel[:, :1]).all()
    ]
