"""A crew of real processes: they train as this one does, and one that dies is replaced."""

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from nnscratch.runs import read_record
from nnscratch.search.crews.processes import Processes
from nnscratch.search.task import DataCache, Outcome, Task, carry_out
from tests.search.test_task import task, weights

LONG = 10_000_000


def wait_for(crew: Processes, until: Callable[[], bool] = lambda: False) -> list[Outcome]:
    """Waits until tasks end, or something holds."""
    ended: list[tuple[Task, Outcome]] = []
    deadline = time.monotonic() + 60
    while not ended and not until():
        assert time.monotonic() < deadline
        ended = crew.wait()
    return [outcome for _, outcome in ended]


def trains(where: Path) -> bool:
    """Returns whether a process has trained some epochs of a task."""
    metrics = where / "metrics.csv"
    return metrics.is_file() and metrics.stat().st_size > 0


@pytest.mark.slow  # starts four processes
def test_they_train_as_this_process_does(tmp_path: Path) -> None:
    with Processes(2) as crew:
        assert crew.room == 2
        crew.submit(task(tmp_path / "a"))
        crew.submit(task(tmp_path / "b", seed=7))
        assert (crew.room, len(crew.busy)) == (0, 2)
        outcomes = wait_for(crew)
        outcomes += wait_for(crew) if len(outcomes) < 2 else []
    assert [outcome.status for outcome in outcomes] == ["done", "done"]
    carry_out(task(tmp_path / "c"), DataCache())
    assert weights(tmp_path / "a") == weights(tmp_path / "c")


@pytest.mark.slow  # starts processes
def test_one_that_is_killed_has_lost_its_task_and_is_replaced(tmp_path: Path) -> None:
    long = task(tmp_path / "a", epochs=LONG, checkpoint_seconds=0.0)
    with Processes(1) as crew:
        crew.submit(long)
        wait_for(crew, lambda: trains(tmp_path / "a"))
        pid = read_record(tmp_path / "a").pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        (outcome,) = wait_for(crew)
        assert outcome == Outcome("lost", "its process ended with signal 9")
        assert crew.room == 1
        crew.submit(task(tmp_path / "b"))
        assert wait_for(crew)[0].status == "done"


@pytest.mark.slow  # starts a process
def test_they_stop_after_their_epochs_or_in_them(tmp_path: Path) -> None:
    for name, end in (("a", Processes.stop), ("b", Processes.interrupt)):
        with Processes(1) as crew:
            crew.submit(task(tmp_path / name, epochs=LONG))
            wait_for(crew, partial(trains, tmp_path / name))
            end(crew)
            assert wait_for(crew)[0].status == "stopped"
        assert read_record(tmp_path / name).status == "interrupted"


@pytest.mark.slow  # starts a process
def test_a_process_whose_coordinator_is_gone_saves_and_ends(tmp_path: Path) -> None:
    crew = Processes(1)
    crew.submit(task(tmp_path / "a", epochs=LONG))
    wait_for(crew, lambda: trains(tmp_path / "a"))
    crew.__exit__()  # closes the pipes, as the end of this process would
    record = read_record(tmp_path / "a")
    assert (record.status, record.checkpoint_epoch) == ("interrupted", record.epochs_done)
