"""Halving: the rungs, and who is promoted, worked out by hand."""

from math import inf

import pytest

from nnscratch.search.halving import find_promotion, rungs
from nnscratch.search.trial import Result, Trial


def trial(number: int, *costs: float) -> Trial:
    results = {
        rung: Result(order=0, epochs=3**rung, cost=cost, is_whole=rung == 2)
        for rung, cost in enumerate(costs)
    }
    return Trial(number=number, point={"epochs": number}, told=0, results=results)


@pytest.mark.parametrize(
    ("epochs", "expected"),
    [(81, [9, 27, 81]), (60, [7, 20, 60]), (10, [2, 4, 10]), (2, [1, 2]), (1, [1])],
)
def test_a_rung_is_a_third_of_the_next_rounded_up(epochs: int, expected: list[int]) -> None:
    assert rungs(epochs) == expected


def test_of_three_the_best_goes_on() -> None:
    trials = [trial(1, 0.3), trial(2, 0.1), trial(3, 0.2)]
    assert find_promotion(trials[:2], 2, [], is_filling=True) is None
    assert find_promotion(trials, 2, [], is_filling=True) == (trials[1], 1)
    assert find_promotion(trials, 2, [2], is_filling=True) is None  # it trains already


def test_nobody_goes_on_twice_to_the_same_rung() -> None:
    trials = [trial(1, 0.3), trial(2, 0.1, 0.09), trial(3, 0.2)]
    assert find_promotion(trials, 2, [], is_filling=True) is None
    more = [*trials, trial(4, 0.4), trial(5, 0.5), trial(6, 0.15)]
    assert find_promotion(more, 2, [], is_filling=True) == (more[5], 1)


def test_the_higher_rung_comes_first() -> None:
    trials = [trial(n, 0.1 * n, 0.1 * n) for n in (1, 2, 3)] + [trial(n, 0.01) for n in (4, 5, 6)]
    # Six at rung 0, of which 4 and 5 are among the best two; three at rung 1, of which 1 is best.
    assert find_promotion(trials, 2, [], is_filling=True) == (trials[0], 2)
    assert find_promotion(trials, 2, [1], is_filling=True) == (trials[3], 1)


def test_equal_trials_go_on_in_their_order() -> None:
    trials = [trial(3, 0.1), trial(1, 0.1), trial(2, 0.1)]
    assert find_promotion(trials, 2, [], is_filling=True) == (trials[1], 1)


def test_a_trial_that_failed_never_goes_on() -> None:
    trials = [trial(n, inf) for n in (1, 2, 3)]
    assert find_promotion(trials, 2, [], is_filling=True) is None
    assert find_promotion(trials, 2, [], is_filling=False) is None


def test_at_least_one_trains_to_the_end() -> None:
    trials = [trial(1, 0.2), trial(2, 0.1)]
    assert find_promotion(trials, 2, [], is_filling=True) is None
    assert find_promotion(trials, 2, [], is_filling=False) == (trials[1], 1)
    trials[1] = trial(2, 0.1, 0.05)
    assert find_promotion(trials, 2, [], is_filling=False) == (trials[1], 2)
    trials[1] = trial(2, 0.1, 0.05, 0.01)
    assert find_promotion(trials, 2, [], is_filling=False) is None


def test_if_the_best_fails_on_the_way_the_next_is_tried() -> None:
    trials = [trial(1, 0.2), trial(2, 0.1, inf)]
    assert find_promotion(trials, 2, [], is_filling=False) == (trials[0], 1)
