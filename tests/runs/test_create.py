"""Run directories: made exclusively, written as they go, read back, found again."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nnscratch.errors import RunError
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs import RunDirectory, RunRecord


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


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(RunError, match=r"runs: cannot write the run"):
        make_run(tmp_path / "runs")
