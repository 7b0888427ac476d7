"""A part of axes that a small plot is drawn into: axes for each would take longer than all else."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.transforms import Transform


@dataclass(frozen=True)
class Cell:
    """A rectangle of an axes that is shared by many small plots, in the axes' own units."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The edges: left, right, bottom, top."""
        return self.left, self.left + self.width, self.bottom, self.bottom + self.height

    @property
    def outline(self) -> list[tuple[float, float]]:
        """The corners, the first of them again at the end."""
        left, right, bottom, top = self.extent
        return [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]

    def scaling(self, x: tuple[float, float], y: tuple[float, float]) -> "Transform":
        """Returns what moves the range of x and that of y into it."""
        from matplotlib.transforms import Bbox, BboxTransform

        left, right, bottom, top = self.extent
        ranges = Bbox.from_extents(x[0], y[0], x[1], y[1])
        return BboxTransform(ranges, Bbox.from_extents(left, bottom, right, top))
