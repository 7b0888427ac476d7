"""Resuming a run: nothing is written before its context is entered."""

from pathlib import Path

import pytest

from nnscratch.errors import UsageError
from nnscratch.runs import RunFiles, find
from nnscratch.training.resume import resume
from tests.stopped import fingerprint, quick_disk, read_record, start, train_until, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")


def test_a_run_is_read_without_being_touched(tmp_path: Path) -> None:
    run = start(write_config(tmp_path, ""), until=2)
    before = fingerprint(run)
    stopped = resume(find(str(run), run.parent), ["epochs=9"])
    assert fingerprint(run) == before
    assert stopped.trainer.epochs_done == 2
    assert stopped.trainer.experiment.config.epochs == 9


def test_the_reason_of_a_stop_is_recorded_and_forgotten_when_the_run_goes_on(
    tmp_path: Path,
) -> None:
    run = start(write_config(tmp_path, ""), until=1)
    with resume(find(str(run), run.parent), command=["again"]) as resumed:
        assert "stop_reason" not in read_record(run)
        for _ in resumed:
            resumed.stop("worse than the others")
    record = read_record(run)
    assert (record["status"], record["stop_reason"]) == ("interrupted", "worse than the others")
    assert (record["epochs_done"], resumed.result.stop_reason) == (2, "worse than the others")
    assert [entry["command"] for entry in record["resumed"]] == [["again"]]


def test_what_is_completed_has_nothing_left_to_do(tmp_path: Path) -> None:
    run = start(write_config(tmp_path, "", epochs=2))
    with pytest.raises(UsageError, match="is completed, all epochs done; epochs=4 would go on"):
        resume(find(str(run), run.parent))
    train_until(resume(find(str(run), run.parent), ["epochs=3"]))
    assert read_record(run)["epochs_done"] == 3


def test_a_weights_file_alone_cannot_go_on(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to no run"):
        resume(RunFiles(tmp_path / "mine.npz", None))
