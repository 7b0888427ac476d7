"""`nnscratch validate`: every mistake of every config, before anything is trained."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli import EXIT_USAGE
from nnscratch.cli.output import print_problems, print_text
from nnscratch.errors import ConfigError, DataError, Problem, UnavailableError

POSITION_IN_HELP = 130


def validate(
    configs: Annotated[list[Path], typer.Argument(metavar="CONFIG...", help="YAML config files.")],
) -> None:
    """Check configs and report everything that is wrong.

    Each mistake is shown with its line. Settings that are probably mistakes get a warning.

    Example: nnscratch validate configs/xor.yaml mine.yaml
    """
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for path in configs:
        problems += _check(path, texts)
    print_problems(problems, texts=texts)
    if problems:
        raise typer.Exit(EXIT_USAGE)


def _check(path: Path, texts: dict[str, str]) -> Sequence[Problem]:
    """Returns what is wrong with a config; if nothing is, prints so, and its warnings."""
    from nnscratch.config import load
    from nnscratch.config.lint import find_warnings
    from nnscratch.experiment.prepare import prepare

    rows = None
    try:
        config = load(path)
        rows = len(prepare(config, download=False).dataset.splits["train"])
        print_text(f"{path}: fine")
    except ConfigError as error:
        texts |= error.texts
        return error.problems
    except UnavailableError as error:
        print_text(f"{path}: fine, as far as can be checked without its data ({error})")
    except DataError as error:
        return error.problems
    print_problems(find_warnings(config, rows), level="warning", texts=config.texts)
    return []
