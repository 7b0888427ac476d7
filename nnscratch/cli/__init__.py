"""The command line: one file per command, which parses, calls the library and prints."""

import gc
import io
import os
import signal
import sys
import weakref
from pathlib import Path
from types import FrameType
from typing import TextIO

from nnscratch.training.threads import begin_with_one

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130
_SWALLOWS_EXCEPTIONS = ("<frozen importlib._bootstrap>", weakref.__file__)
_SOON_SECONDS = 0.005


def run() -> None:
    """Runs the command line and ends the process."""
    # Python has no stream where the shell closed one (`2>&-`); what is printed there is lost.
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process lasts
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    streams = sys.stdout, sys.stderr
    for stream in streams:
        # A class may have a name that the terminal's encoding cannot show.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    begin_with_one()
    # Imports make many objects but no garbage; looking for it takes a tenth of a short command.
    gc.set_threshold(100_000)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    # Looking for plugins of pydantic takes time, and none may change how a config is checked.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # Plots go to files: matplotlib need not look for a window system.
    os.environ["MPLBACKEND"] = "agg"
    try:
        from nnscratch.cli.main import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # while the imports go on
        code = EXIT_INTERRUPTED
    finally:
        # All is done and saved; a late Ctrl-C must not change how the process ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for stream in streams:
            flush_or_discard(stream)
    sys.exit(code)


def flush_or_discard(stream: TextIO) -> OSError | None:
    """Flushes a stream; if that fails, its remaining output is discarded.

    Otherwise Python would try again at the end, complain, and exit with a code of its own, 120.

    Returns:
        The error, if it cannot be flushed.
    """
    try:
        stream.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        return error
    return None


def _interrupt(_: int, frame: FrameType | None) -> None:
    """Raises KeyboardInterrupt, as Python's own handler does, but a moment later where needed.

    While an import holds its locks, and in the callback of a weak reference, Python would print the
    exception, ignore it and go on.
    """
    if frame and frame.f_code.co_filename in _SWALLOWS_EXCEPTIONS and hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, _SOON_SECONDS)
        return
    raise KeyboardInterrupt
