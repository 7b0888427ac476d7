"""Run directories: made exclusively, written as they go, read back, found again."""

import csv
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nnscratch.errors import RunError, UsageError
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs import RunDirectory, RunRecord, find, list_runs, read_metrics, read_record


def make_run(directory: Path, name: str = "xor") -> RunDirectory:
    return RunDirectory.create(directory, name, "dataset: xor\n", RunRecord(seed=1))


def record(epoch: int) -> EpochRecord:
    return EpochRecord(epoch, {"loss": 1 / epoch, "accuracy": 0.5}, 0.1, 0.25)


def test_a_new_run_says_that_it_is_running(tmp_path: Path) -> None:
    run = make_run(tmp_path / "deep" / "runs")
    facts = json.loads((run.path / "run.json").read_text())
    assert facts["status"] == "running"
    assert facts["seed"] == 1
    assert facts["pid"] == os.getpid()
    assert facts["versions"].keys() == {"nnscratch", "numpy", "python"}
    assert facts["blas"].keys() == {"internal_api", "version", "architecture"}
    assert facts["threads"] >= 1
    run.finish("completed")
    assert (run.path / "config.yaml").read_text() == "dataset: xor\n"


def test_runs_of_the_same_second_get_directories_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(lambda _: make_run(tmp_path), range(40)))
    for run in runs:
        run.finish("completed")
    assert len({run.path for run in runs}) == 40
    assert len(list(tmp_path.iterdir())) == 40


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


@pytest.mark.parametrize("text", ["", "{", "[]", "\xff"])
def test_a_damaged_record_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(RunError, match=r"run\.json"):
        read_record(tmp_path)


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(RunError, match=r"runs: cannot write the run"):
        make_run(tmp_path / "runs")


def store(directory: Path, *names: str) -> None:
    for name in names:
        (directory / name).mkdir(parents=True)
        (directory / name / "run.json").write_text("{}")


def test_runs_are_listed_by_time_and_then_by_number(tmp_path: Path) -> None:
    names = [
        "b-20260101-000001",
        "b-20260101-000001-2",
        "b-20260101-000001-10",
        "a-20260102-000000",
    ]
    store(tmp_path, *reversed(names), "renamed")
    (tmp_path / "no-run").mkdir()
    assert [path.name for path in list_runs(tmp_path)] == ["renamed", *names]
    assert list_runs(tmp_path / "nowhere") == []


def test_a_run_is_found_by_each_of_its_names(tmp_path: Path) -> None:
    store(tmp_path, "xor-20260101-000000", "xor-20260102-000000", "xor-relu-20260103-000000")
    assert find("xor", tmp_path).directory == tmp_path / "xor-20260102-000000"
    assert find("latest", tmp_path).directory == tmp_path / "xor-relu-20260103-000000"
    assert find("xor-20260101-000000", tmp_path).directory == tmp_path / "xor-20260101-000000"
    path = tmp_path / "xor-20260101-000000"
    assert find(str(path), Path("elsewhere")).weights == path / "weights.npz"
    (path / "weights.npz").write_bytes(b"")
    assert find(str(path / "weights.npz"), Path("elsewhere")).directory == path


def test_a_weights_file_alone_belongs_to_no_run(tmp_path: Path) -> None:
    (tmp_path / "mine.npz").write_bytes(b"")
    found = find(str(tmp_path / "mine.npz"), tmp_path)
    assert (found.directory, found.config) == (None, None)


def test_an_unknown_run_gets_the_nearest_name(tmp_path: Path) -> None:
    store(tmp_path, "parity-20260101-000000")
    with pytest.raises(UsageError, match="did you mean parity"):
        find("partiy", tmp_path)
    with pytest.raises(UsageError, match="known: parity"):
        find("mnist", tmp_path)
    with pytest.raises(UsageError, match="none yet"):
        find("latest", tmp_path / "nowhere")
