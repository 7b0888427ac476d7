"""Responses on a plane of known values, shared by the tests of what is drawn there."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from nnscratch.plots.figures.response import DataPoints, Response
from nnscratch.plots.figures.response_panels import draw_response_panels
from nnscratch.plots.figures.varied_inputs import InputPlane

LINE = np.linspace(-1.0, 1.0, 5)
PLANE = InputPlane(("x1", "x2"), LINE, LINE)
ROWS = DataPoints(
    np.array([[-0.5, 0.5], [0.0, 0.25]]), np.array([0, 1]), "training", "training rows"
)


def shares(classes: int, likeliest: int, share: float) -> np.ndarray:
    """The same shares all over the plane."""
    rest = (1 - share) / (classes - 1)
    values = np.full((5, 5, classes), rest)
    values[:, :, likeliest] = share
    return values


def draw(
    answers: Response, *points: DataPoints, units: Any = None, plane: InputPlane = PLANE
) -> Figure:
    return draw_response_panels("run\nresult", plane, answers, points or [ROWS], units or {})


def named(count: int) -> tuple[str, ...]:
    return tuple(f"c{k}" for k in range(count))


def scatters(axes: Axes) -> list[PathCollection]:
    return [c for c in axes.collections if isinstance(c, PathCollection)]
