"""Where a share of the way through a range is, which points a grid has, and how many there are."""

from math import isclose
from typing import Any

import pytest

from nnscratch.config.settings.search import RangeSettings
from nnscratch.search.space import Space, grid_values, identity, value_at


def spread(**settings: Any) -> RangeSettings:
    return RangeSettings(**settings)


@pytest.mark.parametrize(
    ("settings", "share", "expected"),
    [
        ({"uniform": [2.0, 4.0]}, 0.0, 2.0),
        ({"uniform": [2.0, 4.0]}, 0.25, 2.5),
        ({"log_uniform": [1e-4, 1.0]}, 0.5, 1e-2),  # the middle of the exponents -4 and 0
        ({"log_uniform": [1e-4, 1.0]}, 0.75, 1e-1),
        ({"integers": [3, 6]}, 0.0, 3),
        ({"integers": [3, 6]}, 0.2499, 3),  # each of four whole numbers has a quarter
        ({"integers": [3, 6]}, 0.25, 4),
        ({"integers": [3, 6]}, 0.9999, 6),
        ({"choice": ["a", [1], None]}, 0.5, [1]),
        ({"choice": ["a", [1], None]}, 0.99, None),
    ],
)
def test_a_share_of_a_range(settings: dict[str, Any], share: float, expected: Any) -> None:
    value = value_at(spread(**settings), share)
    assert isclose(value, expected) if isinstance(expected, float) else value == expected


@pytest.mark.parametrize("kind", ["uniform", "log_uniform"])
def test_no_share_leaves_the_range(kind: str) -> None:
    limits = [0.1, 0.3]
    for share in (0.0, 1 - 2**-53, 1.0):
        assert limits[0] <= value_at(spread(**{kind: limits}), share) <= limits[1]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"choice": ["a", "b"]}, ["a", "b"]),
        ({"integers": [1, 4]}, [1, 2, 3, 4]),
        ({"integers": [10, 20], "points": 3}, [10, 15, 20]),
        ({"uniform": [0.0, 1.0]}, [0.0, 0.25, 0.5, 0.75, 1.0]),
        ({"log_uniform": [1e-3, 1e-1], "points": 3}, [1e-3, 1e-2, 1e-1]),
        ({"uniform": [0.0, 1.0], "points": 1}, [0.5]),
    ],
)
def test_the_values_of_a_grid(settings: dict[str, Any], expected: list[Any]) -> None:
    found = list(grid_values(spread(**settings)))
    assert found == pytest.approx(expected) if isinstance(expected[0], float) else found == expected


CONDITIONAL = {
    "optimizer.momentum": spread(choice=[0.5, 0.9], when={"optimizer": "sgd"}),
    "optimizer": spread(choice=["adam", "sgd"]),
    "epochs": spread(integers=[1, 3]),
}


def test_a_grid_has_a_value_only_where_it_counts() -> None:
    points = list(Space(CONDITIONAL).grid())
    # adam with three epochs, and sgd with three epochs and two momenta.
    assert len(points) == 9 == len({identity(point) for point in points})
    assert all(("optimizer.momentum" in p) == (p["optimizer"] == "sgd") for p in points)
    assert Space(CONDITIONAL).size(100) == 9
    assert Space(CONDITIONAL).size(5) == 5


def test_continuous_numbers_have_no_count() -> None:
    assert Space({"dropout": spread(uniform=[0.0, 0.5])}).size(10) is None


def test_fewer_points_of_whole_numbers_leave_all_of_them_to_other_samplers() -> None:
    assert Space({"epochs": spread(integers=[1, 10], points=2)}).size(100) == 10


def test_a_condition_is_decided_before_what_depends_on_it() -> None:
    space = Space(CONDITIONAL)
    assert space.keys.index("optimizer") < space.keys.index("optimizer.momentum")
    shares = {"optimizer": 0.6, "optimizer.momentum": 0.6, "epochs": 0.0}
    point = space.point_at([shares[key] for key in space.keys])
    assert point == {"optimizer": "sgd", "optimizer.momentum": 0.9, "epochs": 1}


def test_points_are_the_same_in_any_order_of_their_keys() -> None:
    assert identity({"a": 1, "b": [2]}) == identity({"b": [2], "a": 1})
    assert identity({"a": 1}) != identity({"a": 1.5})
