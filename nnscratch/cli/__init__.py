"""The command line: one file per command, which parses, calls the library and prints."""

import io
import os
import sys


def run() -> None:
    """Runs the command line and ends the process."""
    # Python has no stream where the shell closed one (`2>&-`); what is said there is lost, no more.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115 - as long as the process
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        # A class may have a name that the terminal's encoding cannot show.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        from nnscratch.cli.main import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # while the imports go on
        code = 130
    sys.exit(code)
