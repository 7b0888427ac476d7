"""Whether the differences between rows reach the outputs, or shrink from layer to layer.

Each unit's output has a standard deviation over the rows. Its root mean square over the units of a
layer is the signal that is left there. With weights of about 1 / √inputs it keeps its size. Glorot
and Bengio 2010.
"""

from collections.abc import Iterator

import numpy as np

from nnscratch.insight.doctor.finding import Finding, Level
from nnscratch.insight.doctor.first_pass import FirstPass
from nnscratch.nn.inspection.blocks import group
from nnscratch.nn.parameters import Array

# What is left of the inputs' deviation in the outputs; networks that learn have a tenth or more.
_SHRUNK = 2e-3
_VANISHED = 1e-5


def check_signal(first: FirstPass, *, learns: bool = True) -> Iterator[Finding]:
    """Compares how far rows differ in the outputs with how far they do in the inputs.

    Args:
        first: The first pass.
        learns: Whether the network learns all the same, as far as it was tried.
    """
    signals = measure_signals(first)
    start, *_, end = signals.values()
    if len(signals) < 3 or len(first.x) < 2 or not 0 < end < _SHRUNK * start:
        return
    places = ", ".join(f"{size:.2g} in {name}" for name, size in signals.items())
    rule = (
        f"the signal shrinks from layer to layer, and with it the gradient: rows differ by {places}"
    )
    changes = ["batch_norm: true"]
    if first.config.initializer.name != "auto":
        changes.insert(0, "initializer: auto")
    elif first.has_sigmoids:
        rule = f"{rule}; each sigmoid passes on at most a quarter of it"
        changes = ["activation: relu", "activation: tanh", *changes]
    level: Level = "look" if learns and end >= _VANISHED * start else "problem"
    yield Finding(rule, remedy="fewer layers", level=level, changes=tuple(changes))


def measure_signals(first: FirstPass) -> dict[str, float]:
    """Returns the deviation over the rows, in the inputs and in what each layer makes of them."""
    outputs = {block.name: block.output for block in group(first.traces)}
    return {name: _deviation(values) for name, values in {"the inputs": first.x, **outputs}.items()}


def _deviation(values: Array) -> float:
    return float(np.sqrt(values.astype(np.float64).var(axis=0).mean()))
