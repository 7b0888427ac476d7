"""Whether two directories of runs differ by more than chance: paired, in words, or not at all."""

from pathlib import Path

import pytest

from nnscratch.errors import UsageError
from nnscratch.runs import RunRecord
from nnscratch.search.comparison import find_differences
from nnscratch.search.summary import RunScores

ROWS = {"train": 90, "test": 10}


def runs(
    *accuracies: float, data: str = "same", name: str = "accuracy", part: str = "test"
) -> list[RunScores]:
    scored = []
    for i, value in enumerate(accuracies):
        scores: dict[str, float | None] = {"loss": 1.0, name: value}
        record = RunRecord(data_fingerprint=f"{data}{i}", rows=ROWS, final=scores)
        if part == "test":
            record.test = dict(scores)
        scored.append(RunScores.of(f"seed-{i}", Path("x"), record))
    return scored


def test_a_difference_by_hand() -> None:
    # Differences 1, 2 and 3 points: √((1/3 + 1/9) · 1) = 2/3, so t is 2 / (2/3) = 3, and with two
    # degrees of freedom p is 1 − 3 / √11.
    found = find_differences(runs(0.90, 0.91, 0.92), runs(0.91, 0.93, 0.95))["accuracy"]
    assert found.test.mean == pytest.approx(0.02)
    assert found.test.t == pytest.approx(3)
    assert found.test.p == pytest.approx(1 - 3 / 11**0.5)
    assert not found.is_significant
    assert found.describe(("A", "B")) == (
        "test accuracy: B is better than A by 2.0 points, 95 % interval -0.9 to 4.9 points, "
        "p = 0.095: no more than chance might make"
    )
    assert found.to_dict()["significant"] is False


def test_a_clear_difference_and_its_direction() -> None:
    worse, better = runs(2.0, 2.1, 1.9, 2.0, name="mae"), runs(1.0, 1.11, 0.9, 1.02, name="mae")
    found = find_differences(worse, better)["mae"]
    assert found.is_significant
    assert found.second_is_better
    assert found.describe(("A", "B")).startswith("test mae: B is better than A by 0.9925, 95 %")
    assert found.describe(("A", "B")).endswith(": more than chance")
    other_way = find_differences(better, worse)["mae"]
    assert other_way.describe(("A", "B")).startswith("test mae: A is better than B by 0.9925, 95 %")


def test_equal_runs_are_equal() -> None:
    found = find_differences(runs(0.9, 0.8), runs(0.9, 0.8))["accuracy"]
    assert found.describe(("A", "B")) == "test accuracy: A and B are equal on average"
    assert not found.is_significant


def test_what_cannot_be_paired_is_not_judged() -> None:
    with pytest.raises(UsageError, match="fewer than two runs"):
        find_differences(runs(0.9), runs(0.9, 0.8))
    with pytest.raises(UsageError, match="different rows"):
        find_differences(runs(0.9, 0.8), runs(0.9, 0.8, data="other"))
    with pytest.raises(UsageError, match="different parts"):
        find_differences(runs(0.9, 0.8), runs(0.9, 0.8, part="training"))
