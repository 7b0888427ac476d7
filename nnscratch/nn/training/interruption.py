"""Interrupting training in the middle of an epoch, and nowhere else."""

from time import perf_counter

from nnscratch.errors import TimeUpError


class Interruption:
    """Lets a signal handler end an epoch that takes too long to wait for.

    `fit` enters it as a context for each epoch, and undoes an epoch that was interrupted. Between
    epochs nothing is interrupted, so what the caller does there, such as writing files, is finished
    first; the next epoch is then interrupted as it begins.

    Attributes:
        requested: Whether `interrupt` was called.
        deadline: When an epoch that is not finished ends, by `perf_counter`; None for never.
    """

    def __init__(self) -> None:
        self.requested = False
        self.deadline: float | None = None
        self._in_epoch = False

    def interrupt(self) -> None:
        """Ends the current epoch, or else the next one; may be called by a signal handler.

        Raises:
            KeyboardInterrupt: In an epoch.
        """
        self.requested = True
        # Still in the epoch: Python swallows what is raised in a finalizer, and another call helps.
        if self._in_epoch:
            raise KeyboardInterrupt

    def end_after(self, seconds: float) -> None:
        """Sets the deadline, from now on."""
        self.deadline = perf_counter() + seconds

    def check_time(self) -> None:
        """Raises TimeUpError if the deadline is over."""
        if self.deadline is not None and perf_counter() > self.deadline:
            raise TimeUpError("the time is over in the middle of an epoch")

    def __enter__(self) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self._in_epoch = True

    def __exit__(self, *_: object) -> None:
        self._in_epoch = False
