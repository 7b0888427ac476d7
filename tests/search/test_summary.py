"""The summary of several runs: which rows they are judged by, and the numbers by hand."""

from math import isnan, nan, sqrt
from pathlib import Path
from typing import Any

import pytest

from nnscratch.runs import RunRecord
from nnscratch.search.summary import (
    RunScores,
    Summary,
    count_solved,
    is_better_score,
    summarize_scores,
)


def scores(name: str = "a", **record: Any) -> RunScores:
    return RunScores.of(name, Path(name), RunRecord(**record))


def test_a_run_is_judged_by_the_rows_that_it_saw_least_of() -> None:
    final = {"loss": 0.1, "accuracy": 0.9, "val_loss": 0.3}
    best = {"loss": 0.2, "val_loss": 0.25, "val_accuracy": 0.8}
    rows = {"train": 80, "validation": 10, "test": 20}
    tested = scores(final=final, best=best, test={"loss": 0.4}, rows=rows)
    assert (tested.part, tested.scores, tested.test_share) == ("test", {"loss": 0.4}, 0.25)
    validated = scores(final=final, best=best, rows=rows)
    assert (validated.part, validated.test_share) == ("validation", 0.125)
    assert validated.scores == {"loss": 0.25, "accuracy": 0.8}
    trained = scores(final={"loss": 0.1, "accuracy": 0.9}, best={"loss": 0.05}, rows={"train": 4})
    assert (trained.part, trained.test_share) == ("training", 0)
    assert trained.scores == {"loss": 0.1, "accuracy": 0.9}


def test_the_validation_loss_of_a_calibrated_run_is_that_of_the_saved_network() -> None:
    best = {"loss": 0.2, "val_loss": 0.75, "val_accuracy": 0.8, "val_calibrated_loss": 0.25}
    validated = scores(best=best, rows={"train": 80, "validation": 10})
    assert [*validated.scores.items()] == [("loss", 0.25), ("accuracy", 0.8)]
    unknown = scores(best={**best, "val_calibrated_loss": None}).scores
    assert isnan(unknown["loss"])
    assert scores(best=best, test={"loss": 0.5}).scores == {"loss": 0.5}


def held_out(*values: float, name: str = "accuracy") -> list[RunScores]:
    rows = {"train": 50, "test": 50}
    return [scores(test={"loss": 1.0, name: value}, rows=rows) for value in values]


def test_mean_deviation_best_and_worst_by_hand() -> None:
    accuracy = next(s for s in summarize_scores(held_out(0.5, 0.8, 0.5)) if s.name == "accuracy")
    assert (accuracy.runs, accuracy.mean, accuracy.best, accuracy.worst) == (3, 0.6, 0.8, 0.5)
    assert accuracy.sd == pytest.approx(sqrt(0.03))
    # 4.30265 · √((1/3 + 1) · 0.03), as for the interval of the t-test with two degrees of freedom.
    assert (accuracy.low, accuracy.high) == (0.0, 1.0)  # 0.6 ± 0.86, and no share is beyond these


def test_the_best_loss_is_the_smallest_and_the_best_r2_the_largest() -> None:
    (_, mae) = summarize_scores(held_out(2.0, 3.0, name="mae"))
    assert (mae.best, mae.worst) == (2.0, 3.0)
    assert mae.low == 0.0  # an error is not below 0
    (_, r2) = summarize_scores(held_out(-0.5, 0.5, name="r2"))
    assert (r2.best, r2.worst) == (0.5, -0.5)
    assert r2.low < -1
    assert is_better_score("r2", 0.5, 0.4)
    assert is_better_score("loss", 0.3, 0.4)


def test_no_interval_holds_for_the_same_rows_or_a_single_run() -> None:
    for summaries in (
        summarize_scores(held_out(0.5, 0.6), interval=False),
        summarize_scores(held_out(0.5)),
    ):
        assert all(isnan(summary.low) and isnan(summary.high) for summary in summaries)
    (_, single) = summarize_scores(held_out(0.5))
    assert isnan(single.sd)
    assert single.to_figures() == {
        "runs": 1, "mean": 0.5, "sd": None, "best": 0.5, "worst": 0.5, "low": None, "high": None,
    }  # fmt: skip


def test_a_score_that_was_not_finite_makes_the_mean_unknown() -> None:
    runs = [scores(test={"loss": value}) for value in (None, 1.0)]
    (loss,) = summarize_scores(runs)
    assert isnan(loss.mean)
    assert isnan(loss.sd)
    assert (loss.best, isnan(loss.worst)) == (1.0, True)


def test_solved_runs_are_counted_where_no_rows_are_held_out() -> None:
    right, wrong = ({"loss": 0.1, "accuracy": share} for share in (1.0, 0.75))
    runs = [scores(final=right), scores(final=wrong), scores(final=right)]
    assert count_solved(runs) == 2
    assert count_solved([scores(final={"loss": 0.1, "mae": 0.0})]) is None
    assert count_solved(held_out(1.0, 1.0)) is None


def test_a_summary_is_a_plain_object() -> None:
    summary = Summary("loss", 2, 0.5, nan, 0.4, 0.6, nan, nan)
    assert summary.to_figures()["sd"] is None
