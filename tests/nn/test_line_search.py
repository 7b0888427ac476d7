"""The line search against the strong Wolfe conditions themselves, on functions kind and unkind."""

from collections.abc import Callable
from itertools import pairwise
from math import copysign, cosh, exp, inf, isfinite, log, nan, pi, sin, sinh, sqrt
from math import cos as cosine
from typing import NamedTuple

import pytest

from nnscratch.nn.line_search import LineSearch, Point

ARMIJO, CURVATURE = 1e-4, 0.9
MOST_EVALUATIONS = 30

# Returns the value and the slope.
Function = Callable[[float], tuple[float, float]]


class Outcome(NamedTuple):
    length: float
    tried: list[float]


def search(function: Function, first: float, extent: float = 1.0) -> Outcome:
    tried: list[float] = []

    def evaluate(length: float) -> Point:
        tried.append(length)
        return Point(length, *function(length))

    length = LineSearch(evaluate, Point(0.0, *function(0.0)), extent).search(first)
    assert len(tried) <= MOST_EVALUATIONS
    assert length == 0.0 or length in tried
    return Outcome(length, tried)


def assert_strong_wolfe(function: Function, length: float) -> None:
    (value, slope), (there, slope_there) = function(0.0), function(length)
    assert length > 0
    assert there <= value + ARMIJO * length * slope
    assert abs(slope_there) <= CURVATURE * abs(slope)


def rational(x: float) -> tuple[float, float]:
    return -x / (x * x + 2), (x * x - 2) / (x * x + 2) ** 2


def quintic(x: float) -> tuple[float, float]:
    x += 0.004
    return x**5 - 2 * x**4, 5 * x**4 - 8 * x**3


def wavy(x: float) -> tuple[float, float]:
    beta, waves = 0.01, 39
    if x <= 1 - beta:
        value, slope = 1 - x, -1.0
    elif x >= 1 + beta:
        value, slope = x - 1, 1.0
    else:
        value, slope = (x - 1) ** 2 / (2 * beta) + beta / 2, (x - 1) / beta
    angle = waves * pi / 2 * x
    value += 2 * (1 - beta) / (waves * pi) * sin(angle)
    return value, slope + (1 - beta) * cosine(angle)


def yanai(one: float, two: float) -> Function:
    def scale(beta: float) -> float:
        return sqrt(1 + beta * beta) - beta

    def function(x: float) -> tuple[float, float]:
        left, right = sqrt((1 - x) ** 2 + two * two), sqrt(x * x + one * one)
        value = scale(one) * left + scale(two) * right
        return value, scale(one) * (x - 1) / left + scale(two) * x / right

    return function


# Moré & Thuente 1994, "Line search algorithms with guaranteed sufficient decrease", section 5.
MORE_THUENTE: dict[str, Function] = {
    "1": rational,
    "2": quintic,
    "3": wavy,
    "4": yanai(0.001, 0.001),
    "5": yanai(0.01, 0.001),
    "6": yanai(0.001, 0.01),
}


@pytest.mark.parametrize("first", [1e-3, 1e-1, 1e1, 1e3])
@pytest.mark.parametrize("name", MORE_THUENTE)
def test_the_published_functions_from_the_published_lengths(name: str, first: float) -> None:
    function = MORE_THUENTE[name]
    assert_strong_wolfe(function, search(function, first).length)


def parabola(minimum: float, height: float = 1.0) -> Function:
    return lambda x: (height * (x / minimum - 1) ** 2, 2 * height * (x / minimum - 1) / minimum)


def wall(edge: float, beyond: tuple[float, float]) -> Function:
    """Returns −log(edge − x) − 2 x / edge, whose minimum is at edge / 2, and nothing beyond."""

    def function(x: float) -> tuple[float, float]:
        if x >= edge:
            return beyond
        return -log(edge - x) - 2 * x / edge, 1 / (edge - x) - 2 / edge

    return function


SMOOTH: dict[str, Function] = {
    "parabola": parabola(1.0),
    "far away": parabola(1e6),
    "extremely near": parabola(1e-7),
    "flat": parabola(1.0, 1e-9),
    "steep": parabola(1.0, 1e9),
    "steeper than squares can say": parabola(3.0, 1e160),
    "quartic": lambda x: ((x - 3) ** 4, 4 * (x - 3) ** 3),
    "exponential decay": lambda x: (exp(-x), -exp(-x)),
    "cosh": lambda x: (cosh(x - 5), sinh(x - 5)) if x < 700 else (inf, inf),
    "sine": lambda x: (-sin(x), -cosine(x)),
    "wall of inf": wall(1.0, (inf, inf)),
    "wall of nan": wall(1.0, (nan, nan)),
    "wall of inf without a slope": wall(1.0, (inf, nan)),
    "near wall": wall(1e-3, (nan, nan)),
    "loss overflows to nan": lambda x: (x * x - x, 2 * x - 1) if x < 2 else (nan, inf),
}


@pytest.mark.parametrize("first", [1e-3, 1.0, 10.0])
@pytest.mark.parametrize("name", SMOOTH)
def test_the_strong_wolfe_conditions_hold(name: str, first: float) -> None:
    assert_strong_wolfe(SMOOTH[name], search(SMOOTH[name], first).length)


@pytest.mark.parametrize("depth", [1e-6, 1e-5, 1e-3])
@pytest.mark.parametrize("first", [1.0, 100.0])
def test_a_first_length_far_out_on_a_plateau_comes_back(depth: float, first: float) -> None:
    # −d (1 − exp(−x / d)) falls with slope −1 and is soon as low as it gets: everything beyond
    # 10⁴ d is too far for so small a gain, though it is lower than the start.
    def plateau(x: float) -> tuple[float, float]:
        return -depth * (1 - exp(-x / depth)), -exp(-x / depth)

    assert_strong_wolfe(plateau, search(plateau, first).length)


def test_a_good_first_length_is_taken_without_another_trial() -> None:
    # 0.2 → (0.8)² = 0.64 and slope −1.6, of −2: flat enough
    assert search(parabola(1.0), 0.2) == (0.2, [0.2])


def test_a_length_with_too_steep_a_slope_is_not_taken() -> None:
    # Armijo holds at 0.01, but the slope is −1.98, more than 0.9 of −2.
    outcome = search(parabola(1.0), 0.01)
    assert outcome.tried[0] == 0.01
    assert outcome.length > 0.05


@pytest.mark.parametrize("first", [2.0, 4.0])
def test_the_second_trial_on_a_cubic_is_its_minimum(first: float) -> None:
    # x³ / 3 − x has its minimum at 1; the cubic through two of its points is itself.
    outcome = search(lambda x: (x**3 / 3 - x, x * x - 1), first)
    assert outcome.tried == pytest.approx([first, 1.0], rel=1e-12)
    assert outcome.length == pytest.approx(1.0, rel=1e-12)


def test_it_goes_at_most_ten_times_further_at_once() -> None:
    *tried, last = search(parabola(1000.0), 0.01).tried
    assert len(tried) > 2
    assert all(a < b <= 10.000001 * a for a, b in pairwise([*tried, last]))


@pytest.mark.parametrize("first", [1e-6, 1e-3, 1.0, 10.0, 1e3])
@pytest.mark.parametrize(
    "function",
    [
        lambda _: (0.0, -1e-12),  # flat, whatever its slope says
        lambda x: (x, -1.0),  # rises, and its slope lies
        lambda x: (0.0, -1.0) if x == 0 else (nan, nan),
        lambda x: (0.0, -1.0) if x == 0 else (inf, -inf),
        lambda x: (1.0, -1.0) if x == 0 else (2.0, nan),
    ],
    ids=["flat", "lie", "nan", "inf", "no slope"],
)
def test_where_nothing_is_to_be_gained_nothing_is_changed(function: Function, first: float) -> None:
    assert search(function, first).length == 0.0


def test_an_interval_too_small_to_matter_is_not_searched() -> None:
    # No parameter would move by more than 1e-12, so the first trial is the last.
    assert search(lambda x: (x, -1.0), 1.0, extent=1e-12) == (0.0, [1.0])


@pytest.mark.parametrize("first", [0.3, 1.0, 7.0, 1e3])
def test_a_kink_ends_near_its_bottom(first: float) -> None:
    # |x − 1| has no point with a flat slope; the lowest found is good enough.
    outcome = search(lambda x: (abs(x - 1), copysign(1.0, x - 1)), first)
    assert outcome.length == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("cliff", [0.5, 2.0, 1e3, 1e9, 4e18, 1e30])
@pytest.mark.parametrize("beyond", [inf, nan])
def test_without_a_flat_point_the_best_found_is_taken(cliff: float, beyond: float) -> None:
    def function(x: float) -> tuple[float, float]:
        return (-x, -1.0) if x <= cliff else (beyond, nan)

    outcome = search(function, 1.0)
    assert outcome.length == max(x for x in outcome.tried if x <= cliff)


@pytest.mark.parametrize("first", [0.01, 1.0, 10.0])
def test_a_point_whose_gradient_is_not_finite_is_not_taken(first: float) -> None:
    # The loss overflows later than its gradient: from there no step could follow.
    def function(x: float) -> tuple[float, float]:
        return (x - 3) ** 2, 2 * (x - 3) if x < 1 else nan

    length = search(function, first).length
    assert isfinite(function(length)[1])
    assert_strong_wolfe(function, length)


@pytest.mark.parametrize("first", [1e-3, 0.1, 1.0, 30.0, 1e4])
@pytest.mark.parametrize("frequency", [3.0, 50.0, 1000.0])
def test_it_never_ends_higher_than_it_began(frequency: float, first: float) -> None:
    def ragged(x: float) -> tuple[float, float]:
        value = 0.01 * x * x + sin(frequency * x + 2.0)
        return value, 0.02 * x + frequency * cosine(frequency * x + 2.0)

    assert ragged(search(ragged, first).length)[0] < ragged(0.0)[0]
