"""A search whose process is killed at any moment, again and again, is one that was left alone."""

import json
import os
import random
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.processes import command, done, end, start, wait_until
from tests.searching import trials_of, weights_of, write_config

BASE = """
dataset: {name: moons, samples: 300, validation: 0.25, test: 0.2}
architecture: [8]
epochs: 27
checkpoint_seconds: 0
"""
# Of each, how many trials and how many runs that confirm the result there are.
SEARCH = "sampler: {sampler}; trials: 9; prune: halving; confirm: 1"
KILLS = 12


def is_there(folder: Path, pattern: str) -> bool:
    """Returns whether there is a file of a pattern."""
    return any(folder.glob(pattern))


def kill_again_and_again(
    config: Path, folder: Path, kills: int, seconds: float, *options: str
) -> list[Path]:
    """Carries searches out until so many processes were killed, and returns all searches.

    Each process is killed at a random moment of the first `seconds` of its life.
    """
    luck = random.Random(0)  # noqa: S311 - nothing is secret
    searches: list[Path] = []
    killed = 0
    while killed < kills:
        runs = folder / f"runs-{len(searches)}"
        process = start("search", config, "--no-plots", "--runs-dir", runs, *options, cwd=folder)
        wait_until(partial(is_there, runs, "*/search.json"), process)
        searches.append(*runs.iterdir())
        while killed < kills:
            time.sleep(luck.uniform(0, seconds))
            if process.poll() is not None:
                break
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            killed += 1
            process = start("resume", searches[-1], "--no-plots", *options, cwd=folder)
        code, _, err = end(process)
        assert code == 0, err
    return searches


def left_alone(config: Path, folder: Path) -> tuple[Path, float]:
    """Returns a search that nobody disturbs, and how long its process takes."""
    began = time.monotonic()
    out = done("search", config, "-q", "--no-plots", "--runs-dir", "whole", cwd=folder)
    return folder / out, time.monotonic() - began


def without_times(path: Path) -> list[dict[str, Any]]:
    """Returns the points and results of a search, whatever the order in which they became known."""
    trials = trials_of(path)
    for trial in trials:
        trial.pop("told")
        for result in trial.get("results", {}).values():
            result.pop("order")
    return trials


@pytest.mark.slow  # starts a dozen processes
@pytest.mark.parametrize("sampler", ["sobol", "tpe"])
def test_one_worker_finds_the_same_bit_for_bit(sampler: str, tmp_path: Path) -> None:
    if sampler == "tpe":
        pytest.importorskip("optuna", reason="needs Optuna: pip install -e '.[search]'")
    config = write_config(tmp_path, SEARCH.format(sampler=sampler), base=BASE)
    whole, seconds = left_alone(config, tmp_path)
    for path in kill_again_and_again(config, tmp_path, KILLS, seconds):
        assert trials_of(path) == trials_of(whole)
        assert weights_of(path) == weights_of(whole)
        assert (path / "best.yaml").read_text() == (whole / "best.yaml").read_text()


@pytest.mark.slow  # starts dozens of processes
def test_of_two_workers_no_trial_is_lost_or_counted_twice(tmp_path: Path) -> None:
    config = write_config(tmp_path, "sampler: sobol; trials: 9", base=BASE)
    whole, seconds = left_alone(config, tmp_path)
    for path in kill_again_and_again(config, tmp_path, KILLS, seconds, "--workers", "2"):
        assert without_times(path) == without_times(whole)
        assert weights_of(path) == weights_of(whole)
        orders = [r["order"] for t in trials_of(path) for r in t["results"].values()]
        assert sorted(orders) == list(range(10))


@pytest.mark.slow  # starts some processes
def test_a_worker_that_is_killed_in_a_trial_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    base = BASE.replace("epochs: 27", "epochs: 400")
    config = write_config(tmp_path, "trials: 2", base=base)
    process = start("search", config, "--no-plots", "--workers", "2", cwd=tmp_path)

    def worker() -> int | None:
        for file in tmp_path.glob("runs/*/trials/0001/run.json"):
            record = json.loads(file.read_text())
            if (record.get("checkpoint_epoch") or 0) > 5:
                return int(record["pid"])
        return None

    wait_until(worker, process)
    pid = worker()
    assert pid
    assert pid != process.pid
    os.kill(pid, signal.SIGKILL)
    code, out, err = end(process)
    assert code == 0, err
    assert "completed: 2 trials" in out
    (run,) = tmp_path.glob("runs/*/trials/0001")
    (again,) = json.loads((run / "run.json").read_text())["resumed"]
    assert again["epoch"] > 5
    assert len(json.loads((run / "trial.json").read_text())["results"]) == 1


@pytest.mark.slow  # starts some processes
def test_ctrl_c_ends_workers_after_their_epochs_and_a_second_at_once(tmp_path: Path) -> None:
    base = BASE.replace("epochs: 27", "epochs: 1000000").replace("seconds: 0", "seconds: 10")
    config = write_config(tmp_path, "trials: 4", base=base)
    for presses in (1, 2):
        runs = tmp_path / f"runs-{presses}"
        options = ["--no-plots", "--workers", "2", "--runs-dir", runs]
        process = start("search", config, *options, cwd=tmp_path)
        wait_until(partial(is_there, runs, "*/trials/0001/metrics.csv"), process)
        time.sleep(1)
        for _ in range(presses):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        code, out, err = end(process)
        assert code == 130, err
        assert "interrupted: " in out
        records = [json.loads(file.read_text()) for file in runs.glob("*/trials/*/run.json")]
        assert [record["status"] for record in records] == ["interrupted", "interrupted"]
        assert all(record["epochs_done"] == record["checkpoint_epoch"] for record in records)


@pytest.mark.slow  # starts some processes
def test_a_second_process_is_refused(tmp_path: Path) -> None:
    base = BASE.replace("epochs: 27", "epochs: 1000000")
    config = write_config(tmp_path, "trials: 1", base=base)
    process = start("search", config, "--no-plots", cwd=tmp_path)
    wait_until(partial(is_there, tmp_path, "runs/*/trials/0000/run.json"), process)
    code, _, err = command("resume", "latest", cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    assert end(process)[0] == 130
    assert code == 2
    assert "another process carries out this search" in err


@pytest.mark.slow  # starts a process
def test_a_trial_that_needs_too_much_memory_has_failed_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    space = "\n  space: {architecture: {choice: [[4], [9900, 9900]]}}\n"
    config = write_config(tmp_path, "sampler: grid; trials: 2", base=BASE, space=space)
    # The large network has 98 million weights, as many gradients, and twice as many for Adam.
    limit = "import resource as r; r.setrlimit(r.RLIMIT_AS, (2 * 1024**3, 2 * 1024**3))"
    for options in ([], ["--workers", "2"]):
        runs = tmp_path / f"runs{len(options)}"
        arguments = ["search", config, "--no-plots", "--runs-dir", runs, *options]
        code, out, err = end(start(*arguments, cwd=tmp_path, patch=limit))
        assert code == 0, err
        assert "completed: 2 trials" in out
        assert "1 failed" in out
        (table,) = runs.glob("*/trials.csv")
        assert "memory" in table.read_text()


@pytest.mark.slow  # starts some processes
def test_a_full_disk_ends_it_in_a_line_and_it_goes_on_when_there_is_room(tmp_path: Path) -> None:
    config = write_config(tmp_path, "trials: 6", base=BASE)
    whole, _ = left_alone(config, tmp_path)
    # As `replacing` finds a disk that is full from the thirtieth file on.
    patch = (
        "import os, itertools; count = itertools.count(); write = os.fsync\n"
        "def full(file):\n"
        "    if next(count) > 60: raise OSError(28, 'No space left on device')\n"
        "    write(file)\n"
        "os.fsync = full"
    )
    code, _, err = end(start("search", config, "--no-plots", cwd=tmp_path, patch=patch))
    assert code == 1
    assert "No space left on device" in err
    (path,) = (tmp_path / "runs").iterdir()
    done("resume", path, "--no-plots", cwd=tmp_path)
    assert trials_of(path) == trials_of(whole)
    assert weights_of(path) == weights_of(whole)
