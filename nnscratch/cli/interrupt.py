"""Ctrl-C, SIGTERM and SIGHUP in training: the first ends it after its epoch, the second at once.

Neither ends anything while files are written; see `Interruption`. An epoch that takes longer than
some seconds after the first signal is not waited for.
"""

import signal
import sys
from types import FrameType
from typing import Protocol, Self

from nnscratch.cli.output import print_message

_GRACE_SECONDS = 5
_AGAIN_SECONDS = 0.1  # until the next attempt, should Python have swallowed the first
_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
if sys.platform != "win32":
    _NAMES[signal.SIGHUP] = "SIGHUP"  # the terminal is closed, or the line is lost


class Interruptible(Protocol):
    """What trains: an `Interruption` for `fit`, or those who carry out a search."""

    def interrupt(self) -> None:
        """Ends an epoch before its time; may be called by a signal handler."""


class InterruptSignals:
    """Listens for the signals inside a `with` block.

    Attributes:
        interruption: What ends an epoch before its time.
        exit_code: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP; 0 if there was none.
    """

    def __init__(self, interruption: Interruptible) -> None:
        self.interruption = interruption
        self.exit_code = 0

    @property
    def received(self) -> bool:
        """Whether training is to stop after the epoch."""
        return bool(self.exit_code)

    def __enter__(self) -> Self:
        # A process in a script's background must not react to a Ctrl-C that is meant for others.
        heard = [number for number in _NAMES if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._receive) for number in heard}
        # Windows has no alarm; there an epoch is waited for, however long it takes.
        self._has_alarm = hasattr(signal, "SIGALRM")
        if self._has_alarm:
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._stop_waiting)
        return self

    def __exit__(self, *_: object) -> None:
        if self._has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _receive(self, number: int, _: FrameType | None) -> None:
        if self.received:
            if self._has_alarm:
                signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS, _AGAIN_SECONDS)
            self.interruption.interrupt()
            return
        self.exit_code = 128 + number
        name = _NAMES[signal.Signals(number)]
        if self._has_alarm:
            signal.setitimer(signal.ITIMER_REAL, _GRACE_SECONDS, _AGAIN_SECONDS)
            when = f"after this epoch, in {_GRACE_SECONDS} s at the latest"
        else:
            when = "after this epoch"
        print_message(f"\nstopping {when}; {name} again stops at once")

    def _stop_waiting(self, _number: int, _frame: FrameType | None) -> None:
        self.interruption.interrupt()
