"""What trains next: the config itself, what has begun, was promoted or is new, and then nothing."""

from pathlib import Path

from nnscratch.search.ledger import Ledger
from nnscratch.search.strategy import Strategy
from nnscratch.search.trial import Result, Trial
from tests.searching import small

FOUR = "\n  space: {architecture: {choice: [[1], [2]]}, optimizer: {choice: [adam, sgd]}}\n"


def end(ledger: Ledger, trial: Trial, rung: int = 0, *, cost: float = 1.0) -> None:
    order = ledger.results
    ledger.add(trial, rung, Result(order=order, epochs=1, cost=cost, is_whole=True))


def run(strategy: Strategy, ledger: Ledger) -> list[tuple[int, int]]:
    """Returns the numbers and rungs of all steps, one after the other."""
    steps = []
    while step := strategy.next_step(ledger, []):
        steps.append((step[0].number, step[1]))
        end(ledger, *step, cost=step[0].number)
    return steps


def test_the_config_itself_comes_first_and_then_as_many_trials_as_there_are(tmp_path: Path) -> None:
    strategy, ledger = Strategy(small(tmp_path, "trials: 3")), Ledger(tmp_path)
    assert run(strategy, ledger) == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert ledger.trials[0].point == {}


def test_what_has_begun_goes_on_first_unless_it_trains(tmp_path: Path) -> None:
    strategy, ledger = Strategy(small(tmp_path, "trials: 3")), Ledger(tmp_path)
    for number in range(3):
        step = strategy.next_step(ledger, range(number))
        assert step
        assert step[0].number == number
    # As after the process was killed: none trains.
    again = Strategy(small(tmp_path, "trials: 3")).next_step(Ledger(tmp_path), [])
    assert again
    assert again[0].number == 0
    other = strategy.next_step(ledger, [0, 2])
    assert other
    assert other[0].number == 1


def test_it_ends_when_the_space_is_exhausted(tmp_path: Path) -> None:
    for sampler in ("grid", "random", "sobol"):
        folder = tmp_path / sampler
        folder.mkdir()
        config = small(folder, f"sampler: {sampler}; trials: 500", space=FOUR)
        strategy, ledger = Strategy(config), Ledger(folder)
        assert len(run(strategy, ledger)) == 5
        assert len({str(trial.point) for trial in ledger.own}) == 4
        # A point that comes again is a trial too, but not one that trains.
        assert strategy.skipped == [t for t in ledger.searched if t.same_as is not None]


def test_points_that_come_again_count(tmp_path: Path) -> None:
    config = small(tmp_path, "sampler: random; trials: 6", space=FOUR)
    strategy, ledger = Strategy(config), Ledger(tmp_path)
    run(strategy, ledger)
    assert len(ledger.searched) <= 6


def test_the_best_third_goes_on(tmp_path: Path) -> None:
    config = small(tmp_path, "prune: halving; trials: 9")  # six epochs: rungs of 1, 2 and 6
    strategy, ledger = Strategy(config), Ledger(tmp_path)
    steps = run(strategy, ledger)
    assert strategy.rungs == [1, 2, 6]
    # The first of three is the best, and among the best two of six, and of three of nine, too.
    assert steps[:5] == [(0, 0), (1, 0), (2, 0), (3, 0), (1, 1)]
    assert steps.count((1, 2)) == 1
    reached = [sum(rung == r for _, r in steps[1:]) for rung in range(3)]
    assert reached == [9, 3, 1]
