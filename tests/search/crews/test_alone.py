"""A crew of one trains a task when it is waited for."""

from pathlib import Path

from nnscratch.search.crews.alone import Alone
from nnscratch.search.task import DataCache
from tests.search.test_task import task


def test_it_trains_one_task_at_a_time(tmp_path: Path) -> None:
    with Alone(DataCache()) as crew:
        assert (crew.room, crew.busy) == (1, [])
        first = task(tmp_path / "a")
        crew.submit(first)
        assert (crew.room, crew.busy) == (0, [first])
        ((ended, outcome),) = crew.wait()
        assert (ended, outcome.status) == (first, "done")
        assert outcome.seconds > 0
        assert (crew.room, crew.busy) == (1, [])


def test_it_stops_after_the_epoch(tmp_path: Path) -> None:
    crew = Alone(DataCache())
    crew.on_epoch = crew.stop
    crew.submit(task(tmp_path / "a"))
    assert crew.wait()[0][1].status == "stopped"


def test_it_can_be_interrupted_in_an_epoch(tmp_path: Path) -> None:
    crew = Alone(DataCache())
    calls = []

    def interrupt() -> None:
        calls.append(crew.stopping)
        if len(calls) == 2:
            crew.interrupt()  # between epochs: the next one ends as it begins

    crew.on_epoch = interrupt
    crew.submit(task(tmp_path / "a"))
    ((_, outcome),) = crew.wait()
    assert outcome.status == "stopped"
    assert len(calls) == 2
