"""A run is removed whole: it is out of sight before the first of its files is gone."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from nnscratch.runs import list_runs
from nnscratch.runs.lock import try_lock, unlock
from nnscratch.runs.removal import remove, sweep_removed


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "runs" / "xor-20260101-000000"
    (path / "plots").mkdir(parents=True)
    (path / "plots" / "loss.png").write_bytes(b"")
    (path / "metrics.csv").write_text("epoch,loss\n")
    (path / "run.json").write_text(json.dumps({"status": "completed"}))
    return path


def test_nothing_is_left_of_a_run(run: Path) -> None:
    assert remove(run)
    assert list(run.parent.iterdir()) == []


def test_a_run_that_is_trained_stays(run: Path) -> None:
    before = sorted(run.rglob("*"))
    with (run / "metrics.csv").open("rb") as file:
        assert try_lock(file) is not False
        assert not remove(run)
        (run / "run.json").write_text(json.dumps({"status": "running"}))
        assert not remove(run)
        unlock(file)
    assert sorted(run.rglob("*")) == before
    assert remove(run)  # killed, in the end


def test_many_runs_stay_while_one_of_them_is_trained(run: Path) -> None:
    member = run / "runs" / "fold-1-20260101-000000"
    inner = member / "runs" / "seed-42-20260101-000000"
    for path in (member, inner):
        path.mkdir(parents=True)
        for name in ("metrics.csv", "run.json"):
            shutil.copy(run / name, path)
    for trained in (run, member, inner):
        with (trained / "metrics.csv").open("rb") as file:
            assert try_lock(file) is not False
            assert not remove(run)
            unlock(file)
    assert (inner / "run.json").exists()
    assert remove(run)
    assert list(run.parent.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), PermissionError(13, "no")])
def test_an_interruption_leaves_nothing_in_sight_and_the_next_removal_sweeps_it(
    error: BaseException, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete(path: Path) -> None:
        (path / "plots" / "loss.png").unlink()  # and then the process is interrupted
        raise error

    monkeypatch.setattr(shutil, "rmtree", delete)
    with pytest.raises(type(error)):
        remove(run)
    monkeypatch.undo()
    assert list_runs(run.parent) == []
    (left,) = run.parent.iterdir()
    assert (left / "run.json").exists()
    sweep_removed(run.parent)
    assert list(run.parent.iterdir()) == []


def test_a_run_that_cannot_be_renamed_stays_whole(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(run.rglob("*"))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        remove(run)
    assert sorted(run.rglob("*")) == before
    assert list_runs(run.parent) == [run]


def test_of_a_link_only_the_link_is_removed(run: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    run.rename(elsewhere)
    run.symlink_to(elsewhere)
    assert remove(run)
    assert list(run.parent.iterdir()) == []
    assert (elsewhere / "plots" / "loss.png").exists()


def test_two_processes_may_delete_the_same_run(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = run.rename(run.parent / ".removed-0123456789abcdef")
    delete = shutil.rmtree

    def be_overtaken(path: Path) -> None:
        monkeypatch.setattr(shutil, "rmtree", delete)
        (path / "metrics.csv").unlink()  # by the other one, before this one gets there
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(shutil, "rmtree", be_overtaken)
    sweep_removed(run.parent)
    assert not hidden.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_many_runs_may_be_more_than_the_files_that_are_usually_open(run: Path) -> None:
    import resource

    for number in range(60):
        member = run / "runs" / f"trial-{number}-20260101-000000"
        member.mkdir(parents=True)
        (member / "metrics.csv").write_text("epoch,loss\n")
        (member / "run.json").write_text(json.dumps({"status": "completed"}))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with (run / "run.json").open() as file:
        next_number = file.fileno()
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_number + 40, hard))
    try:
        assert remove(run)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert list(run.parent.iterdir()) == []
