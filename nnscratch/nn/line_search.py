"""Line search: the length of a step along a direction at which loss and slope have fallen enough.

Nocedal & Wright 2006, "Numerical Optimization", algorithms 3.5 and 3.6, with the safeguards of
Schmidt's minFunc (2005), which PyTorch's L-BFGS has too.
"""

from collections.abc import Callable
from math import inf, isfinite, sqrt
from typing import NamedTuple

# The loss must fall by this share of what its slope promises (Armijo), and the slope must flatten
# to this share of what it was (curvature): together the strong Wolfe conditions.
_ARMIJO, _CURVATURE = 1e-4, 0.9
_TRIALS = 25
# An interval in which no parameter moves by more than this is not searched further.
_SMALLEST = 1e-9


class Point(NamedTuple):
    """A step length that was tried, the loss there, and the loss's slope along the direction."""

    length: float
    loss: float
    slope: float


class LineSearch:
    """One search along one direction.

    Args:
        evaluate: Returns the point at a length.
        start: The point at length 0, where the slope is negative.
        extent: The largest change of any parameter at length 1.
    """

    def __init__(self, evaluate: Callable[[float], Point], start: Point, extent: float) -> None:
        self._evaluate, self._start, self._extent = evaluate, start, extent
        self._trials = 0

    def search(self, length: float) -> float:
        """Returns a length that fulfils the strong Wolfe conditions; the best found, failing that.

        Args:
            length: What to try first.
        """
        before, here = self._start, self._try(length)
        while self._trials <= _TRIALS:
            no_lower = self._trials > 2 and here.loss >= before.loss
            if no_lower or not self._has_fallen(here):
                return self._zoom(before, here)
            if self._is_flat(here):
                return here.length
            if here.slope >= 0:
                return self._zoom(before, here)
            gone = here.length - before.length
            further = _minimum(before, here, here.length + 0.01 * gone, here.length * 10.0)
            before, here = here, self._try(further)
        return min(before, here, key=_loss).length

    def _zoom(self, one: Point, other: Point) -> float:
        """Narrows an interval that holds a good length down to it.

        One end of it, `low`, has fallen enough, and has the smallest loss of those that have.
        """
        low, high = (one, other) if not self._has_fallen(other) else sorted((one, other), key=_loss)
        stuck = False
        while self._trials <= _TRIALS:
            left, right = sorted((low.length, high.length))
            if (right - left) * self._extent < _SMALLEST:
                break
            length, stuck = _well_inside(_minimum(low, high, left, right), left, right, stuck)
            here = self._try(length)
            if here.loss >= low.loss or not self._has_fallen(here):
                high = here
                continue
            if self._is_flat(here):
                return here.length
            if here.slope * (high.length - low.length) >= 0:
                high = low
            low = here
        return min(low, high, key=_loss).length

    def _try(self, length: float) -> Point:
        self._trials += 1
        point = self._evaluate(length)
        # The search could not continue from a point whose slope is not finite.
        return point if isfinite(point.slope) else point._replace(loss=inf)

    def _has_fallen(self, point: Point) -> bool:
        return point.loss <= self._start.loss + _ARMIJO * point.length * self._start.slope

    def _is_flat(self, point: Point) -> bool:
        return abs(point.slope) <= -_CURVATURE * self._start.slope


def _loss(point: Point) -> float:
    return point.loss


def _minimum(one: Point, other: Point, least: float, most: float) -> float:
    """Returns where the cubic through two points and their slopes is least; equation 3.59."""
    a, b = sorted((one, other))
    middle = (least + most) / 2.0
    if not all(map(isfinite, (a.loss, b.loss, a.slope, b.slope))):
        return middle
    d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.length - b.length)
    square = d1 * d1 - a.slope * b.slope
    if not 0.0 <= square < inf:
        return middle
    d2 = sqrt(square)
    below = b.slope - a.slope + 2.0 * d2
    if below == 0.0:
        return middle
    length = b.length - (b.length - a.length) * ((b.slope + d2 - d1) / below)
    return min(max(length, least), most)


def _well_inside(length: float, left: float, right: float, stuck: bool) -> tuple[float, bool]:
    """Moves a length away from the ends of its interval if it is near them twice in a row.

    Returns:
        The length, and whether it is near an end and was left there.
    """
    margin = 0.1 * (right - left)
    if min(right - length, length - left) >= margin:
        return length, False
    if not stuck and left < length < right:
        return length, True
    nearer_right = right - length < length - left
    return (right - margin if nearer_right else left + margin), False
