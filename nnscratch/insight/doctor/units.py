"""Useless units of an untrained network: dead, saturated, constant, or all the same."""

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import plural, some
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import FirstPass
from nnscratch.nn.inspection.blocks import Block, group

# A unit is dead where no slope is above this.
_DEAD_SLOPE = 1e-6
# A unit is saturated if its slope is below this share of the steepest, for this share of the rows.
_FLAT_SLOPE = 0.01
_FLAT_ROWS = 0.9
# Outputs are equal if they differ by this share of the largest at most.
_ROUNDING = 1e-6
# A layer is worth a look if at least this share of its units have one defect.
_MANY = 0.4


class Defect(NamedTuple):
    """Why units are useless."""

    name: str
    meaning: str
    """Completed by a number of rows."""
    remedy: str


_DEAD = Defect(
    "dead",
    "they pass back no gradient for any of",
    "use leaky_relu or elu instead of relu, initializer: auto, or another seed",
)
_SATURATED = Defect(
    "saturated",
    "their output hardly changes with their input on",
    "use smaller inputs (dataset.scaling) or smaller first weights (initializer: auto)",
)
_CONSTANT = Defect(
    "constant",
    "their output is the same for",
    "use larger first weights (initializer: auto)",
)


def check_units(first: FirstPass) -> Iterator[Finding]:
    """Looks for units that are dead, saturated, constant, or all the same."""
    identical = _find_identical(first)
    if identical:
        rule = f"all units of {', '.join(identical)} have equal first weights, so they will all"
        remedy = "draw the first weights at random: initializer: auto"
        yield Finding(f"{rule} learn the same", remedy=remedy, level="problem")
        return
    *hidden, output = group(first.layers)
    # The output layer has an activation here only if the loss does not imply it.
    blocks = [*hidden, output] if output.activation else hidden
    # On one row about half of all relu units are 0, which says nothing about them.
    if not blocks or len(first.x) < 2:
        return
    rows = plural(len(first.x), "row")
    found = {defect: _find(defect, blocks) for defect in (_DEAD, _SATURATED, _CONSTANT)}
    many = {
        defect: masks
        for defect, masks in found.items()
        if any(mask.mean() >= _MANY for mask in masks.values())
    }
    for defect, masks in many.items():
        layers = [f"{mask.sum():,} of {mask.size:,} in {name}" for name, mask in masks.items()]
        rule = f"many units are {defect.name} ({defect.meaning} {rows}): {some(layers)}"
        level: Level = "problem" if any(mask.all() for mask in masks.values()) else "look"
        yield Finding(rule, remedy=defect.remedy, level=level)
    if many:
        return
    units = plural(sum(block.layer.units for block in blocks), "unit")
    counts = {defect.name: sum(map(np.sum, masks.values())) for defect, masks in found.items()}
    few = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    if few:
        yield Finding(f"only a few of {units} are useless on {rows}: {few}")
    else:
        yield Finding(f"no unit is dead, saturated or constant ({units})")


def _find(defect: Defect, blocks: list[Block]) -> dict[str, NDArray[np.bool_]]:
    """Returns which units have a defect, (units,), by the name of their layer, if any have."""
    masks = {block.name: _find_in_block(block).get(defect) for block in blocks}
    return {name: mask for name, mask in masks.items() if mask is not None and mask.any()}


def _find_in_block(block: Block) -> dict[Defect, NDArray[np.bool_]]:
    """Returns whether each unit of a layer has a defect, (units,)."""
    function, slopes, output = block.function, block.slopes, block.output
    constant = np.ptp(output, axis=0) <= _ROUNDING * np.abs(output).max(axis=0)
    if not all(map(isfinite, function.bounds)):
        dead = np.abs(slopes).max(axis=0) < _DEAD_SLOPE
        return {_DEAD: dead, _CONSTANT: constant & ~dead}
    # Functions with two bounds are steepest in the middle, at 0.
    steepest, middle = np.ones(1, slopes.dtype), np.zeros(1, slopes.dtype)
    function.backward(middle, function(middle), steepest)
    saturated = (slopes < _FLAT_SLOPE * steepest).mean(axis=0) >= _FLAT_ROWS
    return {_SATURATED: saturated, _CONSTANT: constant & ~saturated}


def _find_identical(first: FirstPass) -> list[str]:
    """Returns the hidden layers of several units whose units all have equal weights."""
    return [
        f"dense_{i}"
        for i, dense in enumerate(first.network.dense[:-1], start=1)
        if dense.units > 1 and (dense.kernel == dense.kernel[:, :1]).all()
    ]
