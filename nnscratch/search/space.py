"""The space of a search: from numbers between 0 and 1 to values of settings, and its grid."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import exp, log
from typing import Any

from nnscratch.config.reading.search_space import Values, in_order, is_active
from nnscratch.config.settings.search import GRID_POINTS, RangeSettings


def value_at(spread: RangeSettings, share: float) -> Any:
    """Returns the value at a share of the way through a range, from 0 to just below 1."""
    limits = spread.limits
    match spread.kind:
        case "choice":
            return limits[min(int(share * len(limits)), len(limits) - 1)]
        case "integers":
            count = limits[1] - limits[0] + 1
            return limits[0] + min(int(share * count), count - 1)
        case "log_uniform":
            low, high = map(log, limits)
            return min(max(exp(low + share * (high - low)), limits[0]), limits[1])
    return min(limits[0] + share * (limits[1] - limits[0]), limits[1])


def grid_values(spread: RangeSettings) -> Sequence[Any]:
    """Returns the values of a range in a grid, in its order."""
    limits, points = spread.limits, spread.points
    if spread.kind == "choice":
        return limits
    if spread.kind == "integers":
        whole = range(limits[0], limits[1] + 1)
        if points is None or points >= len(whole):
            return whole
        steps = [round(i * (len(whole) - 1) / max(points - 1, 1)) for i in range(points)]
        return [whole[step] for step in steps]
    count = points or GRID_POINTS
    if count == 1:
        return [value_at(spread, 0.5)]
    # The ends themselves, which computing them may miss by a digit.
    inner = [value_at(spread, i / (count - 1)) for i in range(1, count - 1)]
    return [limits[0], *inner, limits[1]]


def identity(point: Values) -> str:
    """Returns a text that two points have in common only if they are the same."""
    return json.dumps(point, sort_keys=True)


class Space:
    """All sets of values, called points, that a search can try.

    A point has a value for each range that counts beside the others.

    Args:
        ranges: By the paths of the settings.

    Attributes:
        keys: The paths, each after those that decide whether it counts.
    """

    def __init__(self, ranges: Mapping[str, RangeSettings]) -> None:
        self.ranges = ranges
        self.keys = in_order(ranges)

    def is_active(self, key: str, chosen: Values) -> bool:
        """Returns whether a range counts beside the values chosen so far."""
        return is_active(self.ranges, key, chosen)

    def point_at(self, shares: Sequence[float]) -> dict[str, Any]:
        """Returns the point at a share of the way through each range; those are not all used."""
        point: dict[str, Any] = {}
        for key, share in zip(self.keys, shares, strict=True):
            if self.is_active(key, point):
                point[key] = value_at(self.ranges[key], share)
        return point

    def grid(self) -> Iterator[dict[str, Any]]:
        """Yields each point of the grid, the last range varying fastest."""
        yield from self._extend({}, 0)

    def size(self, most: int) -> int | None:
        """Returns how many points there are, up to a number; None if numbers vary continuously."""
        if any(spread.kind in ("uniform", "log_uniform") for spread in self.ranges.values()):
            return None
        return sum(1 for _ in islice(self._extend({}, 0, all_integers=True), most))

    def _extend(
        self, point: dict[str, Any], depth: int, *, all_integers: bool = False
    ) -> Iterator[dict[str, Any]]:
        if depth == len(self.keys):
            yield point
            return
        key = self.keys[depth]
        if not self.is_active(key, point):
            yield from self._extend(point, depth + 1, all_integers=all_integers)
            return
        spread = self.ranges[key]
        low, high = spread.limits[0], spread.limits[-1]
        is_whole = all_integers and spread.kind == "integers"
        for value in range(low, high + 1) if is_whole else grid_values(spread):
            yield from self._extend({**point, key: value}, depth + 1, all_integers=all_integers)
