"""Where commands print: results to stdout, messages to stderr.

Names and paths come from files, which others may have written. Whatever is printed here has its
control characters escaped, so that no name can command the terminal.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from nnscratch.errors import Place, Problem
from nnscratch.formatting import escape, plural

if TYPE_CHECKING:
    from rich.console import Console

# A pipe has no width: a table in it is never cut or folded.
PIPE_WIDTH = 10_000
_LINE_BREAK = "\n"
_SHOWN_PROBLEMS = 50
# A longer line is an inline table, of which a part is of no help.
_SHOWN_WIDTH = 200


def console(*, stderr: bool = False) -> "Console":
    """Returns a Rich console on stdout or stderr that takes text literally."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            """Leaves it to `main`; Rich itself would end the process here, even in training."""
            raise  # noqa: PLE0704 - the BrokenPipeError that Rich is handling

    stream = sys.stderr if stderr else sys.stdout
    return Plain(
        stderr=stderr,
        markup=False,
        highlight=False,
        emoji=False,
        width=None if stream.isatty() else PIPE_WIDTH,
    )


def print_problems(
    problems: Sequence[Problem], *, level: str = "error", texts: Mapping[str, str] | None = None
) -> None:
    """Prints a line for each problem to stderr, up to 50 of them.

    Args:
        problems: What is wrong, or looks wrong.
        level: What each line begins with.
        texts: The contents of files, by name: the line that a problem is about is shown too.
    """
    for problem in problems[:_SHOWN_PROBLEMS]:
        print_message(f"{level}: {problem}")
        if texts and problem.place:
            _print_line(problem.place, texts)
    if len(problems) > _SHOWN_PROBLEMS:
        print_message(f"{level}: and {plural(len(problems) - _SHOWN_PROBLEMS, 'more mistake')}")


def _print_line(place: Place, texts: Mapping[str, str]) -> None:
    """Shows the line that a place is in, and points at its column."""
    from rich.cells import cell_len

    lines = texts.get(place.source, "").splitlines()
    if place.line is None or place.column is None or place.line > len(lines):
        return
    # A space for each, so that the place stays below.
    line = "".join(c if c.isprintable() else " " for c in lines[place.line - 1])
    if len(line) <= _SHOWN_WIDTH:
        before = " " * cell_len(line[: place.column - 1])
        print_message(f"  {place.line:>5} | {line}\n        | {before}^")


def print_message(message: str) -> None:
    """Prints a message to stderr; training goes on if it cannot be written."""
    with suppress(OSError):
        print(escape(message, _LINE_BREAK), file=sys.stderr, flush=True)


def print_text(text: object = "", *, end: str = _LINE_BREAK) -> None:
    """Prints a result, or what else is for people, to stdout."""
    print(escape(str(text), _LINE_BREAK), end=end)


def print_heading(text: str) -> None:
    """Prints a line to stdout, bold on a terminal."""
    import typer

    typer.secho(escape(text), bold=True)


def write_data(texts: Iterable[str]) -> None:
    """Writes what programs read to stdout, piece by piece: exactly, unless it is a terminal."""
    if sys.stdout.isatty():
        texts = (escape(text, _LINE_BREAK + "\t") for text in texts)
    sys.stdout.writelines(texts)


@contextmanager
def naming_missing_glyphs() -> Iterator[None]:
    """Prints once, at its end, which characters of all figures drawn no installed font has."""
    from nnscratch.plots.figures.fonts import MissingGlyphsWarning, taking_warnings

    with taking_warnings(MissingGlyphsWarning) as taken:
        yield
    characters = [w.characters for w in taken if isinstance(w, MissingGlyphsWarning)]
    if characters:
        print_message(f"warning: {MissingGlyphsWarning(frozenset().union(*characters))}")
