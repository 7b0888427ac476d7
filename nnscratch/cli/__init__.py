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
_FORGETFUL = ("<frozen importlib._bootstrap>", weakref.__file__)
_SOON_SECONDS = 0.005


def run() -> None:
    """Runs the command line and ends the process."""
    # Python has no stream where the shell closed one (`2>&-`); what is said there is lost, no more.
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
    # What others would plug into the config's checks is neither wanted nor worth looking for.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # Pictures go to files; matplotlib need not look for a window, nor refuse one it does not know.
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
            let_go(stream)
    sys.exit(code)


def let_go(stream: TextIO) -> OSError | None:
    """Writes out all that a stream was told; where that cannot be done, nothing more is tried.

    Otherwise Python would try again at the end, complain, and exit with a code of its own, 120.

    Returns:
        Why it cannot be done, if so.
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
    """Ends what is being done, as Python's own handler does, but a moment later where need be.

    Inside of an import's locks, and while something is thrown away, Python prints the exception,
    forgets it and goes on.
    """
    if frame and frame.f_code.co_filename in _FORGETFUL and hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, _SOON_SECONDS)
        return
    raise KeyboardInterrupt
