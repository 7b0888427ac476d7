"""Ctrl-C during a training: the first one ends it after the epoch, the second one at once.

Neither can come between while files are written: the second is heard only inside an epoch, and
`fit` then puts the parameters back to those of the last finished one.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from nnscratch.cli.output import say
from nnscratch.nn.training import train_epoch


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Yields a function that says whether Ctrl-C was pressed inside the block."""
    pressed = False

    def handle(_: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed and _is_inside_an_epoch(frame):
            raise KeyboardInterrupt
        if not pressed:
            say("\nstopping after this epoch; Ctrl-C again stops at once")
        pressed = True

    previous = signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, previous)


def _is_inside_an_epoch(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code is train_epoch.__code__:
            return True
        frame = frame.f_back
    return False
