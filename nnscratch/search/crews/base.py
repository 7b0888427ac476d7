"""What a crew is: it takes tasks, as many at a time as it has room for, and says how they ended."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self

from nnscratch.search.task import Outcome, Task


class Crew(ABC):
    """A context in which tasks are trained.

    Args:
        on_epoch: Called now and then while tasks train.

    Attributes:
        stopping: Whether tasks are to end after their epochs.
    """

    def __init__(self, on_epoch: Callable[[], None] = lambda: None) -> None:
        self.stopping = False
        self.on_epoch = on_epoch

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(self, *_: object) -> None:
        """Ends all tasks at once; what is saved of them is enough to go on."""

    @property
    @abstractmethod
    def room(self) -> int:
        """How many more tasks can begin now."""

    @property
    @abstractmethod
    def busy(self) -> list[Task]:
        """The tasks that train."""

    @abstractmethod
    def submit(self, task: Task) -> None:
        """Begins a task; there must be room for it."""

    @abstractmethod
    def wait(self) -> list[tuple[Task, Outcome]]:
        """Waits for a moment, and returns the tasks that ended."""

    def stop(self) -> None:
        """Has the tasks end after their epochs."""
        self.stopping = True

    @abstractmethod
    def interrupt(self) -> None:
        """Has the tasks end in the middle of their epochs; may be called by a signal handler."""
