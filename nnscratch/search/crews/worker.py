"""A worker: a process that trains tasks for another, which it hears and tells in lines of JSON.

On stdin it reads tasks, and `stop`, to end after the epoch; if stdin closes, it ends at once, as
the other process is gone. On stdout it writes a line for each epoch, at most a few a second, and
one for the end of each task.
"""

import json
import os
import queue
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import TextIO

from nnscratch.nn.training.interruption import Interruption
from nnscratch.search.task import DataCache, Outcome, Task, carry_out

STOP = "stop"
_LEAST_SECONDS = 0.2


class Worker:
    """Trains tasks until there are no more.

    Args:
        commands: Where it reads.
        reports: Where it writes.
    """

    def __init__(self, commands: TextIO, reports: TextIO) -> None:
        self._commands = commands
        self._reports = reports
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._is_stopping = False
        self._interruption: Interruption | None = None
        self._reported = 0.0

    def work(self) -> None:
        """Trains until stdin is closed."""
        threading.Thread(target=self._listen, daemon=True).start()
        data = DataCache()
        while (task := self._tasks.get()) is not None:
            began = time.monotonic()
            outcome = carry_out(
                task,
                data,
                should_stop=lambda: self._is_stopping,
                on_epoch=lambda _: self._tell_epoch(),
                on_start=self._note,
            )
            self._interruption = None
            self._tell("end", outcome._replace(seconds=time.monotonic() - began))

    def interrupt(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Ends the task in the middle of its epoch; a signal handler."""
        self._is_stopping = True
        if self._interruption:
            self._interruption.interrupt()

    def _listen(self) -> None:
        for line in self._commands:
            if line.strip() == STOP:
                self._is_stopping = True
            else:
                self._is_stopping = False
                self._tasks.put(Task.from_json(line))
        # Nobody waits for the epoch. What is saved is enough to go on. The signal comes first: once
        # `work` has returned, it may meet another handler.
        signal.raise_signal(signal.SIGTERM)
        self._tasks.put(None)

    def _note(self, interruption: Interruption) -> None:
        self._interruption = interruption

    def _tell_epoch(self) -> None:
        if time.monotonic() - self._reported >= _LEAST_SECONDS:
            self._reported = time.monotonic()
            self._tell("epoch", Outcome("running"))

    def _tell(self, event: str, outcome: Outcome) -> None:
        # Where nobody reads any more, the end of stdin is soon seen, too.
        with suppress(OSError):
            print(json.dumps([event, *outcome]), file=self._reports, flush=True)


def main() -> None:
    """Trains for the process that started this one."""
    # Whatever else is printed must not get between the reports.
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a TextIOWrapper
    worker = Worker(sys.stdin, reports)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, worker.interrupt)
    worker.work()
    with suppress(OSError):
        reports.close()


if __name__ == "__main__":
    main()
