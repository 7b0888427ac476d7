"""The trials in memory are those on disk, in the order in which they became known."""

from math import inf
from pathlib import Path

from nnscratch.search.ledger import Ledger
from nnscratch.search.trial import Result


def result(order: int, cost: float, *, is_whole: bool = True) -> Result:
    return Result(order=order, epochs=3, cost=cost, is_whole=is_whole)


def filled(path: Path) -> Ledger:
    ledger = Ledger(path)
    for point in ({}, {"l1": 1}, {"l1": 2}, {"l1": 3}, {"l1": 1}):
        ledger.begin(point)
    ledger.add(ledger.trials[0], 0, result(0, 0.01))
    ledger.add(ledger.trials[2], 0, result(1, 0.5))
    ledger.add(ledger.trials[1], 0, result(2, 0.7))
    ledger.add(ledger.trials[3], 0, result(3, 0.1, is_whole=False))
    return ledger


def test_a_new_process_reads_the_same(tmp_path: Path) -> None:
    ledger, read = filled(tmp_path), Ledger(tmp_path)
    assert read.trials == ledger.trials
    assert read.observations() == ledger.observations()
    assert read.begin({"l1": 3}).same_as == 3


def test_the_sampler_is_told_in_the_order_of_the_results(tmp_path: Path) -> None:
    # Not of the config itself, which it did not suggest, nor twice of one point.
    told = filled(tmp_path).observations()
    assert [observation.point for observation in told] == [{"l1": 2}, {"l1": 1}, {"l1": 3}]


def test_the_best_has_trained_to_its_end(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    assert ledger.best is ledger.trials[2]
    ledger.add(ledger.trials[3], 1, result(4, 0.4))
    assert ledger.best is ledger.trials[3]
    ledger.add(ledger.trials[3], 2, result(5, inf))
    assert ledger.best is ledger.trials[2]


def test_the_same_point_has_the_same_result(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    same = ledger.trials[4]
    assert same.same_as == 1
    assert ledger.result_of(same) == ledger.trials[1].last
    assert same not in ledger.own


def test_a_trial_says_how_many_results_were_known(tmp_path: Path) -> None:
    assert filled(tmp_path).begin({"l1": 9}).told == 4


def test_the_config_itself_is_no_earlier_trial(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.begin({})
    assert ledger.begin({}).same_as is None  # a space of which nothing counts
