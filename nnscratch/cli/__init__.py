"""The command line: one file per command, which parses, calls the library and prints.

This file is the one place where errors become lines on stderr and exit codes.
"""

import os
import sys
from collections.abc import Sequence

import typer

from nnscratch.cli.app import app
from nnscratch.errors import NNScratchError

EXIT_FAILED, EXIT_USAGE = 1, 2


def run() -> None:
    """Runs the command line and ends the process."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C."""
    try:
        if not arguments:
            main(["--help"])
            return EXIT_USAGE
        code = app(args=list(arguments), prog_name="nnscratch", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the output has read enough; Python's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except Exception as error:
        if os.environ.get("NNSCRATCH_DEBUG") == "1":
            raise
        return _report(error)
    return code if isinstance(code, int) else 0


def _report(error: Exception) -> int:
    if isinstance(error, NNScratchError):
        for line in str(error).splitlines():
            _print_error(line)
        return error.exit_code
    if isinstance(error, typer.TyperException):
        _print_error(error.format_message())
        context = getattr(error, "ctx", None)
        _print_hint(f"{context.command_path if context else 'nnscratch'} --help")
        return EXIT_USAGE
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        _print_error(f"{where}{error.strerror or error}")
    elif isinstance(error, MemoryError):
        _print_error("not enough memory; a smaller network or batch needs less")
    else:
        _print_error(f"{type(error).__name__}: {error}")
        _print_hint("NNSCRATCH_DEBUG=1 for the traceback: this is a mistake in nnscratch")
    return EXIT_FAILED


def _print_error(message: str) -> None:
    print(f"error: {message}", file=sys.stderr)


def _print_hint(message: str) -> None:
    print(f"  try: {message}", file=sys.stderr)
