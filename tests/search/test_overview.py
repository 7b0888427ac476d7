"""What is known of a search as one object, like that of a run."""

from pathlib import Path

from nnscratch.runs.summary import summarize
from nnscratch.search.overview import summarize_search
from tests.searching import finish, small, start


def test_it_has_the_names_that_a_run_has_and_its_own(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "trials: 3"), tmp_path / "runs"))
    best = search.ledger.best
    assert best
    assert best.last
    summary = summarize_search(search.directory.path)
    assert {*summarize(search.run_of(best))} < {*summary}
    assert summary["best"] == {"val_loss": best.last.cost}
    assert (summary["trials"], summary["best_trial"]) == (3, best.number)
    assert summary["point"] == best.point
    assert summary["status"] == "completed"


def test_one_that_has_no_best_yet(tmp_path: Path) -> None:
    search = start(small(tmp_path), tmp_path / "runs")
    summary = summarize_search(search.directory.path)
    assert (summary["status"], summary["best"], summary["trials"]) == ("running", None, 0)
    search.directory.close()
