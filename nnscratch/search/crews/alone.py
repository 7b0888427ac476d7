"""A crew of one: this process trains the tasks, one after the other."""

import time
from collections.abc import Callable

from nnscratch.nn.training.interruption import Interruption
from nnscratch.search.crews.base import Crew
from nnscratch.search.task import DataCache, Outcome, Task, carry_out


class Alone(Crew):
    """Trains a task when it is waited for."""

    def __init__(self, data: DataCache, on_epoch: Callable[[], None] = lambda: None) -> None:
        super().__init__(on_epoch)
        self._data = data
        self._task: Task | None = None
        self._interruption: Interruption | None = None

    def __exit__(self, *_: object) -> None:
        self._task = None

    @property
    def room(self) -> int:
        return 0 if self._task else 1

    @property
    def busy(self) -> list[Task]:
        return [self._task] if self._task else []

    def submit(self, task: Task) -> None:
        self._task = task

    def wait(self) -> list[tuple[Task, Outcome]]:
        task, began = self._task, time.monotonic()
        assert task
        outcome = carry_out(
            task,
            self._data,
            should_stop=lambda: self.stopping,
            on_epoch=lambda _: self.on_epoch(),
            on_start=self._note,
        )
        self._task = self._interruption = None
        return [(task, outcome._replace(seconds=time.monotonic() - began))]

    def interrupt(self) -> None:
        self.stopping = True
        if self._interruption:
            self._interruption.interrupt()

    def _note(self, interruption: Interruption) -> None:
        self._interruption = interruption
