"""Ctrl-C and SIGTERM during a training: the first ends it after the epoch, the second at once.

Neither can come between while files are written: it is heard only inside an epoch, and `fit` then
puts all back to how it was after the last finished one. An epoch that takes longer than some
seconds after the first is not waited for.
"""

import signal
from types import FrameType, TracebackType
from typing import Self

from nnscratch.cli.output import say
from nnscratch.nn.training import train_epoch

_GRACE_SECONDS = 5
_NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


class Interrupt:
    """Listens for both signals inside a `with` block.

    Attributes:
        exit_code: 130 after Ctrl-C, 143 after SIGTERM; 0 if there was none.
    """

    def __init__(self) -> None:
        self.exit_code = 0

    def __call__(self) -> bool:
        """Says whether to stop after the epoch."""
        return bool(self.exit_code)

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._hear) for number in _NAMES}
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
            signal.alarm(0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.exit_code:
            _stop_at_once(number, frame)
            return
        self.exit_code = 128 + number
        patience = f", or in {_GRACE_SECONDS} s without it" if self._has_alarm else ""
        name = _NAMES[signal.Signals(number)]
        say(f"\nstopping after this epoch{patience}; {name} again stops at once")
        if self._has_alarm:
            signal.alarm(_GRACE_SECONDS)


def _stop_at_once(_: int, frame: FrameType | None) -> None:
    """Ends the epoch where it is; between epochs there is nothing to be ended."""
    while frame is not None:
        if frame.f_code is train_epoch.__code__:
            raise KeyboardInterrupt
        frame = frame.f_back
