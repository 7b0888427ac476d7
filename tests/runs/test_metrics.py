"""metrics.csv: exact rows, written together by one at a time, and read back without half a line."""

import csv
import math
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from nnscratch.errors import RunError, UsageError
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs import RunDirectory, RunRecord, metrics, read_metrics, read_record
from nnscratch.runs.lock import try_lock
from nnscratch.runs.metrics import MetricsWriter, is_locked


def make_run(directory: Path, name: str = "xor") -> RunDirectory:
    return RunDirectory.create(directory, name, "dataset: xor\n", RunRecord(seed=1))


def record(epoch: int) -> EpochRecord:
    return EpochRecord(epoch, {"loss": 1 / epoch, "accuracy": 0.5}, 0.1, 0.25)


def test_metrics_are_tidy_and_exact(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    for epoch in (1, 2, 3):
        run.metrics.append(record(epoch))
    run.finish("completed", seconds=1.5)
    with (run.path / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["epoch", "loss", "accuracy", "learning_rate", "seconds"]
    assert [float(row["loss"]) for row in rows] == [1.0, 1 / 2, 1 / 3]  # no digit is lost
    assert read_metrics(run.path)["epoch"] == [1, 2, 3]
    assert read_record(run.path).status == "completed"
    assert read_record(run.path).seconds == 1.5


def test_rows_reach_the_file_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("nnscratch.runs.metrics.time.monotonic", lambda: now)
    run = make_run(tmp_path)
    run.metrics.append(record(1))
    assert (run.path / "metrics.csv").read_text() == ""  # buffered
    now += 1.0
    run.metrics.append(record(2))
    assert len((run.path / "metrics.csv").read_text().splitlines()) == 3
    run.finish("completed")


def test_a_line_cut_short_by_a_crash_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("epoch,loss\n1,0.5\n2,0.2")
    assert read_metrics(tmp_path) == {"epoch": [1.0], "loss": [0.5]}


@pytest.mark.parametrize(
    "text", ["", "epoch,loss\n", "epoch,loss\n1\n", "epoch,loss\n1,x\n", "a,b\n1,2\n", "\0\n\0\n"]
)
def test_damaged_metrics_are_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text(text)
    with pytest.raises(RunError, match=r"metrics\.csv"):
        read_metrics(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="needs locks")
def test_one_writes_it_at_a_time_and_it_is_locked_until_it_is_closed(tmp_path: Path) -> None:
    first = MetricsWriter(tmp_path, is_new=True)
    assert is_locked(tmp_path)
    with pytest.raises(UsageError, match="another process is training it"):
        MetricsWriter(tmp_path, is_new=False)
    first.close()
    assert not is_locked(tmp_path)
    MetricsWriter(tmp_path, is_new=False).close()


def test_a_file_with_another_name_becomes_one_of_its_own(tmp_path: Path) -> None:
    for name in ("run", "copy"):
        (tmp_path / name).mkdir()
    original, copy = (tmp_path / name / "metrics.csv" for name in ("run", "copy"))
    original.write_text("epoch,loss,learning_rate,seconds\n1,0.5,0.1,0.1\n2,0.4,0.1,0.1\n")
    copy.hardlink_to(original)
    before = original.read_bytes()
    writer = MetricsWriter(copy.parent, is_new=False)
    assert is_locked(copy.parent)
    assert not is_locked(original.parent)
    writer.cut(1)
    writer.append(EpochRecord(2, {"loss": 0.25}, 0.1, 0.1))
    writer.flush()
    writer.close()
    assert original.read_bytes() == before
    assert copy.read_bytes() == before[: before.index(b"2,")] + b"2,0.25,0.1,0.100000\n"
    assert [path.name for path in copy.parent.iterdir()] == ["metrics.csv"]


def test_a_file_that_is_replaced_before_it_is_locked_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes may break the same link: the second must not write into what is left."""
    old, new = tmp_path / "metrics.csv", tmp_path / "new"
    old.write_text("the original's")
    (tmp_path / "original").hardlink_to(old)
    new.write_text("")

    def replace_first(file: BinaryIO, *, shared: bool = False) -> bool | None:
        if new.exists():
            new.replace(old)
        return try_lock(file, shared=shared)

    monkeypatch.setattr(metrics, "try_lock", replace_first)
    writer = MetricsWriter(tmp_path, is_new=False)
    writer.cut(0)
    writer.append(record(1))
    writer.flush()
    writer.close()
    assert (tmp_path / "original").read_text() == "the original's"
    assert read_metrics(tmp_path)["epoch"] == [1]


def test_a_file_that_is_not_there_is_not_locked(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)


def test_a_long_history_is_read_whole_and_a_row_of_another_length_refused(tmp_path: Path) -> None:
    rows = [f"{epoch},{1 / epoch!r},\n" for epoch in range(1, 25_002)]
    path = tmp_path / "metrics.csv"
    path.write_text("".join(["epoch,loss,val_loss\n", *rows]))
    columns = read_metrics(tmp_path)
    assert columns["epoch"] == list(range(1, 25_002))
    assert columns["loss"] == [1 / epoch for epoch in range(1, 25_002)]
    assert all(math.isnan(value) for value in columns["val_loss"])
    for wrong in ("25002,0.5\n", "25002,0.5,,\n"):
        path.write_text("".join(["epoch,loss,val_loss\n", *rows, wrong]))
        with pytest.raises(RunError, match="cannot be read"):
            read_metrics(tmp_path)
