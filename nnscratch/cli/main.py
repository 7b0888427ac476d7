"""Where a command begins and ends: the one place where errors become lines and exit codes."""

import os
import sys
from collections.abc import Sequence

import typer
from typer.main import get_command

from nnscratch.cli import EXIT_FAILED, EXIT_USAGE, ending, flush_or_discard
from nnscratch.cli.app import app, command_names
from nnscratch.cli.output import print_message, print_problems
from nnscratch.cli.usage import usage_text
from nnscratch.errors import NNScratchError

# Built once: collecting the options of all commands takes longer than many commands do.
_command = get_command(app)


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code.

    0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.
    """
    if not arguments:
        return main(["--help"]) or EXIT_USAGE
    reported = None
    try:
        code = _command(list(arguments), prog_name="nnscratch", standalone_mode=False)
    except Exception as error:
        ending.raise_if_received()
        if os.environ.get("NNSCRATCH_DEBUG") == "1" and not isinstance(error, BrokenPipeError):
            raise
        code = _report(error, arguments[0])
        for note in getattr(error, "__notes__", ()):
            print_message(note)
        reported = getattr(error, "errno", None)
    # Much of the output may be written only now.
    lost = flush_or_discard(sys.stdout)
    # A reader that has seen enough, such as `head`, changes nothing.
    if lost and not isinstance(lost, BrokenPipeError):
        code = EXIT_FAILED if lost.errno == reported else _report(lost, arguments[0])
    return code if isinstance(code, int) else 0


def _report(error: Exception, command: str) -> int:
    if isinstance(error, BrokenPipeError):
        return 0  # Typer's own output, a help, has lost its reader
    if isinstance(error, NNScratchError):
        print_problems(error.problems)
        return error.exit_code
    if isinstance(error, typer.TyperException):
        path = f"nnscratch {command}" if command in command_names() else "nnscratch"
        _print_error(usage_text(error, path))
        return EXIT_USAGE
    if isinstance(error, FileExistsError):
        _print_error(f"{error.filename}: exists already; --output writes another")
        return EXIT_USAGE
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        _print_error(f"{where}{error.strerror or error}")
    elif isinstance(error, MemoryError):
        _print_error("not enough memory; a smaller network or batch, or fewer rows need less")
    else:
        _print_error(f"{type(error).__name__}: {error}")
        _print_error("this is a mistake in nnscratch; NNSCRATCH_DEBUG=1 shows the traceback")
    return EXIT_FAILED


def _print_error(message: str) -> None:
    print_message(f"error: {message}")
