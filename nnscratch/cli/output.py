"""Where commands print: results to stdout, messages to stderr.

Names and paths come from files, which others may have written. Whatever is printed here has its
control characters escaped, so that no name can command the terminal.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from math import isfinite
from typing import TYPE_CHECKING, Any

from nnscratch.cli import discard
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
            """Goes on; Rich itself would end the process here, even in training."""
            discard(stream)

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


def can_ask() -> bool:
    """Returns whether there is a terminal on which a person sees a question and answers it."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """Asks on stderr; anything but yes is no, and so is the end of the input."""
    print(f"{escape(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def print_text(text: object = "", *, end: str = _LINE_BREAK) -> None:
    """Prints a result, or what else is for people, to stdout."""
    with letting_readers_go():
        print(escape(str(text), _LINE_BREAK), end=end)


def print_heading(text: str) -> None:
    """Prints a line to stdout, bold on a terminal."""
    import typer

    with letting_readers_go():
        typer.secho(escape(text), bold=True)


def print_written(path: object) -> None:
    """Says which file was written, where the file is the result."""
    print_text(f"wrote {path}")


def write_data(texts: Iterable[str]) -> None:
    """Writes what programs read to stdout, piece by piece: exactly, unless it is a terminal."""
    if sys.stdout.isatty():
        texts = (escape(text, _LINE_BREAK + "\t") for text in texts)
    with letting_readers_go():
        sys.stdout.writelines(texts)


def print_document(document: Any) -> None:
    """Prints a result for programs: one JSON document, with null for nan and infinity."""
    write_data([json.dumps(_plain(document), indent=2, allow_nan=False), _LINE_BREAK])


def _plain(value: Any) -> Any:
    """Returns a value as JSON has it, which knows neither NumPy's numbers nor infinity."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not isfinite(value) else value


@contextmanager
def letting_readers_go() -> Iterator[None]:
    """Writes to stdout what its reader takes; one that has seen enough, as `head`, is no error."""
    try:
        yield
    except BrokenPipeError:
        discard(sys.stdout)


@contextmanager
def naming_missing_glyphs() -> Iterator[None]:
    """Prints once, at its end, which characters of all figures drawn no installed font has."""
    from nnscratch.plots.figures.fonts import MissingGlyphsWarning, taking_warnings

    with taking_warnings(MissingGlyphsWarning) as taken:
        yield
    characters = [w.characters for w in taken if isinstance(w, MissingGlyphsWarning)]
    if characters:
        print_message(f"warning: {MissingGlyphsWarning(frozenset().union(*characters))}")
