"""`nnscratch validate`: every mistake of every config, before anything is trained."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli import EXIT_USAGE
from nnscratch.cli.output import say, say_problems

POSITION_IN_HELP = 130

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
    problems: list[str] = []
    texts: dict[str, str] = {}
    for path in configs:
        problems += _check(path, texts)
    say_problems(problems, lambda problem: _show_line(problem, texts))
    if problems:
        raise typer.Exit(EXIT_USAGE)


def _check(path: Path, texts: dict[str, str]) -> list[str]:
    """Returns what is wrong with a config; else says that nothing is, and what is doubtful."""
    from nnscratch.config import load
    from nnscratch.config.lint import find_doubts
    from nnscratch.errors import ConfigError, DataError, UnavailableError
    from nnscratch.experiment.prepare import prepare

    rows = None
    try:
        config = load(path)
        rows = len(prepare(config, download=False).dataset.splits["train"])
        print(f"{path}: fine")
    except ConfigError as error:
        texts |= error.texts
        return list(error.problems)
    except UnavailableError as error:
        print(f"{path}: fine, as far as can be said without its data ({error})")
    except DataError as error:
        return str(error).splitlines()
    for doubt in find_doubts(config, rows):
        say(f"warning: {doubt}")
        _show_line(doubt, config.texts)
    return []


def _show_line(message: str, texts: Mapping[str, str]) -> None:
    """Shows the line that a message is about, and points at the place in it."""
    from rich.cells import cell_len

    place = _PLACE.match(message)
    lines = texts.get(place["file"], "").splitlines() if place else []
    if not place or int(place["line"]) > len(lines):
        return
    line = "".join(c if c.isprintable() else " " for c in lines[int(place["line"]) - 1])
    if len(line) <= _SHOWN_WIDTH:
        before = " " * cell_len(line[: int(place["column"]) - 1])
        say(f"  {place['line']:>5} | {line}\n        | {before}^")
