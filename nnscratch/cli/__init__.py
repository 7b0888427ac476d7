"""The command line: one file per command, which parses, calls the library and prints."""

import gc
import io
import os
import sys
import warnings
from pathlib import Path
from typing import TextIO

from nnscratch.cli import ending
from nnscratch.training.threads import begin_with_one

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130


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
    listens = ending.listen()
    # Looking for plugins of pydantic takes time, and none may change how a config is checked.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    # Plots go to files: matplotlib need not look for a window system.
    os.environ["MPLBACKEND"] = "agg"
    # Nothing is three-dimensional: importing what draws that takes a tenth of matplotlib's time.
    sys.modules["mpl_toolkits.mplot3d"] = None  # type: ignore[assignment]  # Python's way to forbid it
    warnings.filterwarnings("ignore", module="matplotlib.projections")
    try:
        from nnscratch.cli.main import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # while the imports go on
        code = EXIT_INTERRUPTED
    finally:
        ending.stop_listening(listens)
        for stream in streams:
            flush_or_discard(stream)
        # Python would look for garbage once more, which takes a tenth of a second after matplotlib.
        gc.freeze()
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
        discard(stream)
        return error
    return None


def discard(stream: TextIO) -> None:
    """Lets what is still to be written to a stream, by now or later, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
