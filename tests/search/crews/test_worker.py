"""A worker reads tasks and writes reports, in lines of JSON."""

import io
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnscratch.search.crews.worker import STOP, Worker
from tests.search.test_task import task


@pytest.fixture(autouse=True)
def _sigterm() -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # which it sends itself at the end
    yield
    signal.signal(signal.SIGTERM, before)


def reports(*lines: str) -> list[list[object]]:
    """Returns what a worker writes when it reads these lines."""
    written = io.StringIO()
    Worker(io.StringIO("".join(f"{line}\n" for line in lines)), written).work()
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_each_task_ends_with_a_report(tmp_path: Path) -> None:
    found = reports(task(tmp_path / "a").to_json(), task(tmp_path / "b").to_json())
    ends = [report for report in found if report[0] == "end"]
    assert [end[1] for end in ends] == ["done", "done"]
    assert (tmp_path / "b" / "weights.npz").is_file()


def test_it_tells_of_epochs_but_not_of_each(tmp_path: Path) -> None:
    found = reports(task(tmp_path / "a", epochs=200).to_json())
    assert 1 <= [report[0] for report in found].count("epoch") < 100


def test_it_stops_after_the_epoch(tmp_path: Path) -> None:
    # Both lines are read before the first epoch has ended, or soon after.
    found = reports(task(tmp_path / "a", epochs=100_000).to_json(), STOP)
    assert found[-1][1] == "stopped"


def test_a_reader_that_is_gone_is_no_error(tmp_path: Path) -> None:
    class Broken(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    Worker(io.StringIO(f"{task(tmp_path / 'a').to_json()}\n"), Broken()).work()
    assert (tmp_path / "a" / "weights.npz").is_file()


def test_the_signal_comes_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    def send(number: int) -> None:
        time.sleep(0.1)
        sent.append(number)

    monkeypatch.setattr(signal, "raise_signal", send)
    reports()
    assert sent == [signal.SIGTERM]


def test_without_tasks_it_ends() -> None:
    assert reports() == []
