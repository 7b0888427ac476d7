"""Ctrl-C, SIGTERM and SIGHUP in a training: the first ends it after its epoch, the second at once.

Neither can come between while files are written: an epoch is only ended inside of it, and `fit`
then puts all back to how it was after the last finished one. An epoch that takes longer than some
seconds after the first signal is not waited for.
"""

import signal
import sys
from types import FrameType, TracebackType
from typing import Self

from nnscratch.cli.output import say
from nnscratch.nn.training.fit import attempt_epoch

_GRACE_SECONDS = 5
# Where there is no epoch to be ended just then, the next one is.
_AGAIN_SECONDS = 0.1
_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
if sys.platform != "win32":
    _NAMES[signal.SIGHUP] = "SIGHUP"  # the terminal is closed, or the line is lost


class Interrupt:
    """Listens for them inside a `with` block.

    Attributes:
        exit_code: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP; 0 if there was none.
    """

    def __init__(self) -> None:
        self.exit_code = 0

    def __call__(self) -> bool:
        """Says whether to stop after the epoch."""
        return bool(self.exit_code)

    def __enter__(self) -> Self:
        # A process in a script's background is not to hear a Ctrl-C that is meant for others.
        heard = [number for number in _NAMES if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._hear) for number in heard}
        # Windows has no alarm; there an epoch is waited for, however long it takes.
        self._has_alarm = hasattr(signal, "SIGALRM")
        if self._has_alarm:
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, _stop_at_once)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.exit_code:
            if self._has_alarm:
                signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS, _AGAIN_SECONDS)
            _stop_at_once(number, frame)
            return
        self.exit_code = 128 + number
        patience = f", or in {_GRACE_SECONDS} s without it" if self._has_alarm else ""
        name = _NAMES[signal.Signals(number)]
        say(f"\nstopping after this epoch{patience}; {name} again stops at once")
        if self._has_alarm:
            signal.setitimer(signal.ITIMER_REAL, _GRACE_SECONDS, _AGAIN_SECONDS)


def _stop_at_once(_: int, frame: FrameType | None) -> None:
    """Ends the epoch where it is; between epochs there is nothing to be ended."""
    while frame is not None:
        if frame.f_code is attempt_epoch.__code__:
            raise KeyboardInterrupt
        frame = frame.f_back
