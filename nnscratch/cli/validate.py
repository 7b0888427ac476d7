"""`nnscratch validate`: every mistake of every config, before anything is trained."""

import re
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.output import say

EXIT_USAGE = 2
_SHOWN_PROBLEMS = 50
_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): ")
# A longer line is an inline table, of which a part tells nothing.
_SHOWN_WIDTH = 200


def validate(
    configs: Annotated[list[Path], typer.Argument(metavar="CONFIG...", help="YAML config files.")],
) -> None:
    """Check configs and say all that is wrong.

    Each mistake comes with its line, and what is surely not meant is a warning.

    Example: nnscratch validate configs/xor.yaml mine.yaml
    """
    problems = [problem for path in configs for problem in _check(path)]
    for problem in problems[:_SHOWN_PROBLEMS]:
        say(f"error: {problem}")
        _show_line(problem)
    if len(problems) > _SHOWN_PROBLEMS:
        say(f"error: and {len(problems) - _SHOWN_PROBLEMS:,} more mistakes")
    if problems:
        raise typer.Exit(EXIT_USAGE)


def _check(path: Path) -> list[str]:
    """Returns what is wrong with a config; else says that nothing is, and what is doubtful."""
    from nnscratch.config import load
    from nnscratch.doubts import find_doubts
    from nnscratch.errors import ConfigError, DataError, UnavailableError
    from nnscratch.preparation import prepare

    try:
        prepared = prepare(load(path), download=False)
    except ConfigError as error:
        return list(error.problems)
    except UnavailableError as error:
        print(f"{path}: fine, as far as can be said without its data ({error})")
        return []
    except DataError as error:
        return str(error).splitlines()
    print(f"{path}: fine")
    for doubt in find_doubts(prepared.config, len(prepared.dataset.splits["train"])):
        say(f"warning: {doubt}")
        _show_line(doubt)
    return []


def _show_line(message: str) -> None:
    """Shows the line that a message is about, and points at the place in it."""
    place = _PLACE.match(message)
    if not place:
        return
    number, column = int(place["line"]), int(place["column"])
    try:
        lines = Path(place["file"]).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    if number > len(lines) or not lines[number - 1].isprintable():
        return
    line = lines[number - 1]
    if len(line) <= _SHOWN_WIDTH:
        say(f"  {number:>5} | {line}\n        | {' ' * (column - 1)}^")
