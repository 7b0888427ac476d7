"""What `search` and `resume` have in common: going on, and stopping."""

import os
import signal
from pathlib import Path

import pytest

from nnscratch.cli import search_session
from nnscratch.search.confirmation import judge
from tests.conftest import Command
from tests.searching import write_config


@pytest.fixture(autouse=True)
def _in_a_folder(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


def search(tmp_path: Path, nnscratch: Command, *arguments: object) -> Path:
    config = write_config(tmp_path, "trials: 2")
    result = nnscratch("search", config, "--quiet", "--no-plots", *arguments)
    assert result.code == 0, result.err
    return tmp_path / result.out.strip()


def test_resume_goes_on_with_a_search(tmp_path: Path, nnscratch: Command) -> None:
    path = search(tmp_path, nnscratch)
    for reference in (path, "small", "latest"):
        result = nnscratch("resume", reference, "search.trials=4", "--no-plots")
        assert result.code == 0, result.err
        assert "completed: 4 trials" in result.out
    assert len(list((path / "trials").iterdir())) == 5


def test_a_changed_config_is_refused_with_the_difference(
    tmp_path: Path, nnscratch: Command
) -> None:
    search(tmp_path, nnscratch)
    result = nnscratch("resume", "latest", "epochs=9", "search.sampler=grid")
    assert (result.code, result.out) == (2, "")
    assert "`epochs` was 6 and is 9" in result.err
    assert "`search.sampler` was random and is grid" in result.err


def test_data_that_changed_are_refused(tmp_path: Path, nnscratch: Command) -> None:
    rows = [f"{i},{i % 2}" for i in range(40)]
    (tmp_path / "data.csv").write_text("\n".join(["x,y", *rows]))
    base = "dataset: {name: csv, path: data.csv, target: y, validation: 0.25}\nepochs: 1\n"
    config = write_config(tmp_path, "trials: 1", base=base)
    assert nnscratch("search", config, "--no-plots").code == 0
    (tmp_path / "data.csv").write_text("\n".join(["x,y", *rows[::-1]]))
    result = nnscratch("resume", "latest", "search.trials=2")
    assert result.code == 1
    assert "the data have changed since the search began" in result.err


def test_the_newest_of_runs_and_searches_is_the_latest(tmp_path: Path, nnscratch: Command) -> None:
    search(tmp_path, nnscratch)
    nnscratch("train", "configs/xor.yaml", "--quiet", "--no-plots", "--name", "small")
    for reference in ("latest", "small"):
        result = nnscratch("resume", reference, "epochs=600", "--no-plots")
        assert "search" not in result.out


def test_a_run_takes_no_workers(tmp_path: Path, nnscratch: Command) -> None:
    nnscratch("train", "configs/xor.yaml", "--quiet", "--no-plots")
    result = nnscratch("resume", "latest", "epochs=600", "--workers", "2")
    assert result.code == 2
    assert "are for a search" in result.err


def test_runs_has_a_search_as_one_line(tmp_path: Path, nnscratch: Command) -> None:
    path = search(tmp_path, nnscratch)
    lines = nnscratch("runs").out.splitlines()[2:]
    assert len(lines) == 1
    assert lines[0].startswith(path.name)
    assert "2 trials" in lines[0]
    assert "completed" in lines[0]


def test_a_search_is_not_pruned_as_a_run(tmp_path: Path, nnscratch: Command) -> None:
    path = search(tmp_path, nnscratch)
    assert nnscratch("runs", "--prune", "--yes", "--name", "small").code == 0
    assert path.is_dir()


def test_ctrl_c_ends_it_after_the_epoch(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnscratch.cli.search_progress import SearchProgress

    calls = []

    def draw(self: SearchProgress, **_: object) -> None:
        calls.append(1)
        if len(calls) == 4:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(SearchProgress, "draw", draw)
    config = write_config(tmp_path, "trials: 3")
    result = nnscratch("search", config, "--no-plots")
    assert result.code == 130
    assert "interrupted: " in result.out
    assert "to go on: nnscratch resume runs/small-" in result.err
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert "completed: 3 trials" in nnscratch("resume", "latest", "--no-plots").out


def test_a_plain_word() -> None:
    text = search_session.verdict_text("val_loss", judge([0.10, 0.11, 0.12], 0.25))
    assert text.startswith("the best is surely better than the config itself: over 3 other seeds")
    assert "val_loss is better by 0.1100 ± " in text
    single = search_session.verdict_text("val_accuracy", judge([-0.01], 0.25))
    assert "not surely better" in single
    assert "val_accuracy is worse by 1.0%" in single
    assert "±" not in single
