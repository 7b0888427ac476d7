"""A crew of processes on this machine, which are told tasks through pipes as lines of JSON."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from nnscratch.errors import RunError
from nnscratch.search.crews.base import Crew
from nnscratch.search.crews.worker import STOP
from nnscratch.search.task import Outcome, Task
from nnscratch.training.threads import VARIABLES

_WAIT_SECONDS = 0.5
# An epoch of a worker that is to end now is ended at once; then it saves.
_GRACE_SECONDS = 10.0


@dataclass(eq=False)
class _Member:
    """A process, and the task that it has."""

    process: "subprocess.Popen[bytes]"
    task: Task | None = None


class Processes(Crew):
    """Starts processes when there are tasks; one that dies is replaced.

    Args:
        count: How many there are at most.
        on_epoch: Called now and then while tasks train.
    """

    def __init__(self, count: int, on_epoch: Callable[[], None] = lambda: None) -> None:
        super().__init__(on_epoch)
        self._count = count
        self._members: list[_Member] = []
        # What each process has written, line by line, and None once it is gone.
        self._written: queue.Queue[tuple[_Member, bytes | None]] = queue.Queue()

    def __exit__(self, *_: object) -> None:
        for member in self._members:
            with suppress(OSError):
                _stdin(member).close()
        for member in self._members:
            try:
                member.process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                member.process.kill()
                member.process.wait()
        self._members = []

    @property
    def room(self) -> int:
        return self._count - len(self.busy)

    @property
    def busy(self) -> list[Task]:
        return [member.task for member in self._members if member.task]

    def submit(self, task: Task) -> None:
        member = next((one for one in self._members if one.task is None), None) or self._start()
        member.task = task
        _write(member, task.to_json())

    def wait(self) -> list[tuple[Task, Outcome]]:
        ended: list[tuple[Task, Outcome]] = []
        with suppress(queue.Empty):
            member, line = self._written.get(timeout=_WAIT_SECONDS)
            outcome = self._read(member, line)
            if outcome and member.task:
                ended.append((member.task, outcome))
                member.task = None
        self.on_epoch()
        return ended

    def stop(self) -> None:
        super().stop()
        for member in self._members:
            _write(member, STOP)

    def interrupt(self) -> None:
        self.stopping = True
        for member in self._members:
            if member.task:
                with suppress(OSError):
                    member.process.send_signal(signal.SIGTERM)

    def _start(self) -> _Member:
        # It imports from where this process does, and never from the current folder.
        program = (
            f"import sys; sys.path[:] = {sys.path!r}; "
            "from nnscratch.search.crews.worker import main; main()"
        )
        try:
            process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-P", "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Until the config sets another number of threads, as on the command line.
                env={**dict.fromkeys(VARIABLES, "1"), **os.environ},
                # Ctrl-C is for the coordinator, which tells its workers.
                start_new_session=True,
            )
        except OSError as error:
            raise RunError(f"a worker cannot be started: {error.strerror}") from None
        member = _Member(process)
        self._members.append(member)
        threading.Thread(target=self._listen, args=[member], daemon=True).start()
        return member

    def _listen(self, member: _Member) -> None:
        assert member.process.stdout
        with member.process.stdout as reports:
            for line in reports:
                self._written.put((member, line))
        self._written.put((member, None))

    def _read(self, member: _Member, line: bytes | None) -> Outcome | None:
        """Returns how the task of a process ended, if that is what it wrote."""
        if line is not None:
            event, *outcome = json.loads(line)
            return Outcome(*outcome) if event == "end" else None
        code = member.process.wait()
        with suppress(OSError):
            _stdin(member).close()
        self._members.remove(member)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return Outcome("lost", f"its process ended with {how}")


def _stdin(member: _Member) -> IO[bytes]:
    assert member.process.stdin
    return member.process.stdin


def _write(member: _Member, line: str) -> None:
    # That a process is gone is noticed where it is read from.
    with suppress(OSError):
        _stdin(member).write(line.encode() + b"\n")
        _stdin(member).flush()
