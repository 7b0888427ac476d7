"""Where commands print: results to stdout, messages to stderr."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from nnscratch.formatting import plural

if TYPE_CHECKING:
    from rich.console import Console

# A pipe has no width: a table in it is never cut or folded.
PIPE_WIDTH = 10_000
_SHOWN_PROBLEMS = 50


def console(*, stderr: bool = False) -> "Console":
    """Returns a Rich console on stdout or stderr that takes text literally."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            """Leaves it to `main`; Rich itself would end the process here, a training's too."""
            raise  # noqa: PLE0704 - the BrokenPipeError that Rich is handling

    stream = sys.stderr if stderr else sys.stdout
    return Plain(
        stderr=stderr,
        markup=False,
        highlight=False,
        emoji=False,
        width=None if stream.isatty() else PIPE_WIDTH,
    )


def say_problems(problems: Sequence[str], after: Callable[[str], None] = lambda _: None) -> None:
    """Says what is wrong, a line each and not without end; `after` is called after each."""
    for problem in problems[:_SHOWN_PROBLEMS]:
        say(f"error: {problem}")
        after(problem)
    if len(problems) > _SHOWN_PROBLEMS:
        say(f"error: and {plural(len(problems) - _SHOWN_PROBLEMS, 'more mistake')}")


def say(message: str) -> None:
    """Prints a message that is no result, to stderr; a training goes on if nobody can read it."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)
