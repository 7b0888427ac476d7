"""How finely a line or a plane is drawn: a large network is asked at fewer points."""

from math import sqrt

from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor

# What a second may be spent on, in multiply-adds: a larger network is asked at fewer points.
_MOST_WORK = 1e10
_FEWEST_POINTS = 20
# The work for a column, a unit and a class in one prediction, in multiply-adds.
_COLUMN_WORK, _UNIT_WORK, _CLASS_WORK = 50, 100, 500


def affordable_points(model: Predictor, wanted: int, axes: int, frames: int = 1) -> int:
    """Returns how many points along each axis can be computed in about a second.

    Args:
        model: What is asked at each of them.
        wanted: Enough for the picture.
        axes: 1 for a line, 2 for a plane.
        frames: How often the points are computed.
    """
    work = sum(_work(member) for member in model.members)
    points = _MOST_WORK / (work * frames)
    return max(_FEWEST_POINTS, min(wanted, int(sqrt(points) if axes == 2 else points)))


def _work(model: Model) -> int:
    network = model.network
    units = _UNIT_WORK * sum(dense.units for dense in network.dense)
    columns, classes = _COLUMN_WORK * len(model.features), _CLASS_WORK * network.outputs
    return network.params.flat.size + columns + units + classes
