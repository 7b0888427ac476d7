"""Useless units of an untrained network: dead, saturated, constant, all the same, or too few."""

from collections.abc import Iterator
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from nnscratch.formatting import plural, some
from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import FirstPass, widen
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

# What a defect means, what may help, and which settings do.
_DEFECTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "dead": (
        "passing back no gradient",
        "another seed",
        ("activation: leaky_relu", "activation: elu", "initializer: auto"),
    ),
    "saturated": (
        "hardly changing with their inputs",
        "smaller inputs or first weights",
        ("initializer: auto", "dataset.scaling: standardize", "activation: relu"),
    ),
    "constant": (
        "always giving the same output",
        "larger first weights",
        ("initializer: auto", "batch_norm: true"),
    ),
}


def check_units(first: FirstPass) -> Iterator[Finding]:
    """Looks for units that are dead, saturated, constant, or all the same."""
    identical = [
        f"dense_{i}"
        for i, dense in enumerate(first.network.dense[:-1], start=1)
        if dense.units > 1 and (dense.kernel == dense.kernel[:, :1]).all()
    ]
    if identical:
        rule = f"all units of {', '.join(identical)} have equal first weights, so they will all"
        yield Finding(
            f"{rule} learn the same",
            remedy="first weights that are drawn at random",
            level="problem",
            changes=("initializer: auto",),
        )
        return
    *hidden, output = group(first.traces)
    # The output layer has an activation here only if the loss does not imply it.
    blocks = [*hidden, output] if output.activation else hidden
    # On one row about half of all relu units are 0, which is no defect.
    if not blocks or len(first.x) < 2:
        return
    rows = plural(len(first.x), "row")
    found = {defect: _find(defect, blocks) for defect in _DEFECTS}
    many = [d for d, masks in found.items() if any(m.mean() >= _MANY for m in masks.values())]
    for defect in many:
        meaning, remedy, changes = _DEFECTS[defect]
        masks = found[defect].items()
        layers = some([f"{mask.sum():,} of {mask.size:,} in {name}" for name, mask in masks])
        rule = f"many units are {defect} on {rows}, {meaning}: {layers}"
        is_problem = any(mask.all() for _, mask in masks)
        level: Level = "problem" if is_problem else "look"
        yield Finding(rule, remedy=remedy, level=level, changes=changes)
    if many:
        return
    units = plural(sum(block.layer.units for block in blocks), "unit")
    counts = {defect: sum(map(np.sum, masks.values())) for defect, masks in found.items()}
    few = ", ".join(f"{count:,} {defect}" for defect, count in counts.items() if count)
    if few:
        yield Finding(f"only a few of {units} are useless on {rows}: {few}")
    else:
        yield Finding(f"no unit is dead, saturated or constant ({units})")


def check_widths(first: FirstPass) -> Iterator[Finding]:
    """Looks for hidden layers with fewer units than there are classes."""
    classes, hidden = first.experiment.dataset.classes or (), first.network.dense[:-1]
    narrow = [
        f"dense_{i} has {plural(dense.units, 'unit')}"
        for i, dense in enumerate(hidden, start=1)
        if dense.units < len(classes)
    ]
    if narrow:
        rule = f"hidden layers narrower than the {len(classes)} classes: {some(narrow)}"
        rule = f"{rule}, through which all that tells them apart must pass"
        changes = widen(first, 1, least=4 * len(classes))
        yield Finding(rule, remedy="wider layers", level="look", changes=changes)


def _find(defect: str, blocks: list[Block]) -> dict[str, NDArray[np.bool_]]:
    """Returns which units have a defect, (units,), by the name of their layer, if any have."""
    masks = {block.name: _find_in_block(block).get(defect) for block in blocks}
    return {name: mask for name, mask in masks.items() if mask is not None and mask.any()}


def _find_in_block(block: Block) -> dict[str, NDArray[np.bool_]]:
    """Returns whether each unit of a layer has a defect, (units,)."""
    function, slopes, output = block.function, block.slopes, block.output
    constant = np.ptp(output, axis=0) <= _ROUNDING * np.abs(output).max(axis=0)
    if not all(map(isfinite, function.bounds)):
        dead = np.abs(slopes).max(axis=0) < _DEAD_SLOPE
        return {"dead": dead, "constant": constant & ~dead}
    # Functions with two bounds are steepest in the middle, at 0.
    steepest, middle = np.ones(1, slopes.dtype), np.zeros(1, slopes.dtype)
    function.backward(middle, function(middle), steepest)
    saturated = (slopes < _FLAT_SLOPE * steepest).mean(axis=0) >= _FLAT_ROWS
    return {"saturated": saturated, "constant": constant & ~saturated}
