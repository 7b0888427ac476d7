"""The command line: one file per command, which parses, calls the library and prints."""

import io
import os
import signal
import sys
import weakref
from pathlib import Path
from types import FrameType

from nnscratch.training.threads import begin_with_one

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130
_FORGETFUL = ("<frozen importlib._bootstrap>", weakref.__file__)
_SOON_SECONDS = 0.005


def run() -> None:
    """Runs the command line and ends the process."""
    # Python has no stream where the shell closed one (`2>&-`); what is said there is lost, no more.
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process lasts
    sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        # A class may have a name that the terminal's encoding cannot show.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    begin_with_one()
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
    # All is done and saved; a late Ctrl-C must not change how the process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


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
