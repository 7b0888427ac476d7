"""The progress of a search: about ten lines in a log, with the best and the time left."""

import os
import re
from pathlib import Path

import pytest

from nnscratch.cli.search_progress import SearchProgress
from tests.searching import small, start


@pytest.mark.parametrize(("trials", "lines"), [(3, 3), (25, 9)])
def test_a_log_has_about_ten_lines(
    trials: int,
    lines: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    search = start(small(tmp_path, f"trials: {trials}"), tmp_path / "runs")
    shown = SearchProgress(search)
    with search, shown:
        for trial in search:
            shown.update(trial)
            shown.draw()
    found = capsys.readouterr().err.splitlines()
    assert len(found) == lines
    assert all(
        re.match(rf"trial \d+/{trials}  best val_loss 0\.\d+ \(trial \d+\)  ", line)
        for line in found
    )
    assert re.search(r"\d:\d\d left$", found[0])


def test_a_trial_that_trains_on_is_told_of_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    search = start(small(tmp_path, "trials: 3; prune: halving"), tmp_path / "runs")
    shown = SearchProgress(search)
    with search, shown:
        for trial in search:
            shown.update(trial)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]


def test_quiet_shows_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search = start(small(tmp_path, "trials: 1"), tmp_path / "runs")
    shown = SearchProgress(search, quiet=True)
    with search, shown:
        for trial in search:
            shown.update(trial)
    assert capsys.readouterr().err == ""
