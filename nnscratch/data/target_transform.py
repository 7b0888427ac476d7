"""Target transforms: what a network learns in place of a number to predict, and the way back.

Prices, incomes and counts spread over orders of magnitude; their logarithms do not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def _as_it_is(numbers: NDArray[Any]) -> NDArray[Any]:
    return numbers


@dataclass(frozen=True)
class TargetTransform:
    """A function of targets, and the function that undoes it.

    Attributes:
        name: What a config calls it.
        apply: Takes the targets (rows, outputs) and returns what the network learns.
        invert: The way back.
        domain: Which targets it takes, in words; empty if it takes all.
        accepts: Returns which targets it takes.
    """

    name: str = "none"
    apply: Callable[[NDArray[Any]], NDArray[Any]] = _as_it_is
    invert: Callable[[NDArray[Any]], NDArray[Any]] = _as_it_is
    domain: str = ""
    accepts: Callable[[NDArray[Any]], NDArray[np.bool_]] = np.isfinite


TARGET_TRANSFORMS = {
    transform.name: transform
    for transform in (
        TargetTransform(),
        TargetTransform("log", np.log, np.exp, "above 0", lambda y: y > 0),
        TargetTransform("log1p", np.log1p, np.expm1, "of at least 0", lambda y: y >= 0),
    )
}
NO_TRANSFORM = TARGET_TRANSFORMS["none"]
