"""How Ctrl-C, SIGTERM and SIGHUP end a command: by an exception, so that temporary files go too."""

import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SOON_SECONDS = 0.005
# What ends a process: Ctrl-C, a request, and a terminal that is closed, which Windows has not.
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
# Those that have come so far.
_received: list[int] = []


def listen() -> list[int]:
    """Has the signals raise KeyboardInterrupt or SystemExit; returns those that it listens to."""
    listens = [
        number
        for number in _SIGNALS
        # A process in a script's background, or under nohup, is to ignore some of them.
        if signal.getsignal(number) in (signal.default_int_handler, signal.SIG_DFL)
    ]
    for number in listens:
        signal.signal(number, _end)
    sys.unraisablehook = _raise_again
    return listens


def stop_listening(listens: list[int]) -> None:
    """Has Ctrl-C ignored from now on, and the other signals end the process at once.

    All is done and saved then; a late Ctrl-C must not change how the process ends. The others do:
    they end it where nobody reads what is left to print.
    """
    for number in listens:
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_IGN)


def raise_if_received() -> None:
    """Raises the exception of a signal if one has come.

    Some C code, such as pydantic's, turns any exception in a callback into one of its own.
    """
    if _received:
        _end(_received[0], None)


def _end(number: int, _: FrameType | None) -> None:
    _received.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def _raise_again(swallowed: "UnraisableHookArgs") -> None:
    """Raises the exception of a signal once more, a moment later.

    In the callback of a weak reference, in a finalizer and in callbacks of some C code Python would
    print the exception, ignore it and go on; matplotlib and imports are full of them.
    """
    has_alarm = hasattr(signal, "SIGALRM")
    if has_alarm and _received:
        signal.signal(signal.SIGALRM, lambda _, frame: _end(_received[0], frame))
    # In training the alarm has a handler already; see `InterruptSignals`.
    is_handled = has_alarm and signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL
    if is_handled and isinstance(swallowed.exc_value, KeyboardInterrupt | SystemExit):
        signal.setitimer(signal.ITIMER_REAL, _SOON_SECONDS)
    else:
        sys.__unraisablehook__(swallowed)
