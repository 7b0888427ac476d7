"""trials.csv has a row for each trial, and is made again from the trials."""

import csv
from pathlib import Path

from tests.searching import finish, resumed, small, start


def rows_of(path: Path) -> list[dict[str, str]]:
    with (path / "trials.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_it_has_a_row_for_each_trial_with_its_values(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "trials: 3; prune: halving"), tmp_path / "runs"))
    rows = rows_of(search.directory.path)
    assert [row["trial"] for row in rows] == ["0", "1", "2", "3"]
    assert {row["status"] for row in rows} == {"completed", "pruned"}
    for row, trial in zip(rows, search.ledger.trials, strict=True):
        assert trial.last
        assert float(row["val_loss"]) == trial.last.cost
        assert row["optimizer"] == trial.point.get("optimizer", "")
        rate = trial.point.get("learning_rate")
        assert row["learning_rate"] == ("" if rate is None else repr(rate))


def test_it_is_made_again_from_the_trials(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path), tmp_path / "runs"))
    file = search.directory.path / "trials.csv"
    before = file.read_bytes()
    file.unlink()
    finish(resumed(search))
    assert file.read_bytes() == before
