"""Whether the best is surely better, by arithmetic done by hand."""

from math import inf, isclose, sqrt
from pathlib import Path

import pytest

from nnscratch.runs import read_record
from nnscratch.search.confirmation import judge
from tests.searching import finish, small, start


def test_the_interval_is_that_of_the_corrected_t_test() -> None:
    # Mean 3, standard deviation √(10/4); t of 95 % and 4 degrees of freedom: 2.776445.
    verdict = judge([1.0, 2.0, 3.0, 4.0, 5.0], held_out_share=0.25)
    assert verdict.mean == 3.0
    assert isclose(verdict.margin, 2.776445 * sqrt(2.5) * sqrt(0.2 + 0.25), rel_tol=1e-6)


@pytest.mark.parametrize(
    ("gains", "word"),
    [
        ([0.10, 0.11, 0.12], "surely better"),
        ([-0.10, -0.11, -0.12], "surely worse"),
        ([0.10, -0.11, 0.12], "not surely better"),
        ([0.1], "not surely better"),  # a single pair says nothing of chance
        ([0.0, 0.0], "not surely better"),
    ],
)
def test_a_plain_word(gains: list[float], word: str) -> None:
    assert judge(gains, 0.2).word == word


def test_a_single_pair_has_no_interval() -> None:
    assert judge([0.1], 0.2).margin == inf


def test_both_are_trained_with_other_seeds(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "trials: 3; confirm: 2"), tmp_path / "runs"))
    best = search.ledger.best
    assert best
    folder = search.directory.path / "confirm"
    names = {f"{number:04d}-seed-{seed}" for number in (0, best.number) for seed in (43, 44)}
    assert {path.name for path in folder.iterdir()} == names

    def loss(number: int, seed: int) -> float:
        record = read_record(folder / f"{number:04d}-seed-{seed}")
        value = (record.best or {})["val_loss"]
        assert value is not None
        return value

    verdict = search.confirmation.verdict(0.3)
    assert verdict
    assert verdict.gains == [loss(0, seed) - loss(best.number, seed) for seed in (43, 44)]


def test_without_seeds_there_is_no_verdict(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "trials: 2; confirm: 0"), tmp_path / "runs"))
    assert search.confirmation.verdict(0.3) is None
