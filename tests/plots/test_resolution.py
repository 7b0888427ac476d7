"""How many points a picture has: all that are wanted, or as many as a second is enough for."""

from pathlib import Path

import pytest

from nnscratch.plots.resolution import affordable_points
from tests.plots.example_runs import TWO_COLUMNS, XOR, inline, prepared


def test_a_small_network_is_asked_everywhere(tmp_path: Path) -> None:
    model = prepared(tmp_path, XOR).model
    assert affordable_points(model, 200, 2) == 200
    assert affordable_points(model, 200, 1) == 200


def test_a_large_one_at_fewer_points_and_at_fewer_yet_in_each_of_many_frames(
    tmp_path: Path,
) -> None:
    text = inline("[1.0, 2.0, 3.0, 4.0]", TWO_COLUMNS) + "architecture: [2000, 2000]\n"
    model = prepared(tmp_path, text).model
    # 4,010,001 weights, 2 columns, 4,001 units and an output: 4,410,701 a point, of 10^10 in all,
    # which are 2,267 points, or 47 times 47; and 22 points for each of 100 frames.
    assert affordable_points(model, 200, 2) == 47
    assert affordable_points(model, 3000, 1) == 2267
    assert affordable_points(model, 200, 1, frames=100) == 22
    assert affordable_points(model, 200, 2, frames=100) == 20  # never fewer


@pytest.mark.parametrize("axes", [1, 2])
def test_it_is_never_more_than_wanted(tmp_path: Path, axes: int) -> None:
    assert affordable_points(prepared(tmp_path, XOR).model, 25, axes) == 25
