"""`nnscratch validate`: every mistake of every config, before anything is trained."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli import EXIT_USAGE
from nnscratch.cli.completion import complete_setting
from nnscratch.cli.output import print_problems, print_text
from nnscratch.errors import ConfigError, DataError, Problem, UnavailableError, UsageError

POSITION_IN_HELP = 130


def validate(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="CONFIG|KEY=VALUE",
            help="YAML config files, each of which is checked by itself, and settings to check "
            "them with, such as epochs=100.",
            autocompletion=complete_setting,
        ),
    ],
) -> None:
    """Check configs and report everything that is wrong.

    Each mistake is shown with its line. Settings that are probably mistakes get a warning.

    Example: nnscratch validate configs/xor.yaml mine.yaml epochs=100
    """
    from nnscratch.config.reading.document import CommandLine

    changes = [text for text in arguments if "=" in text and not Path(text).is_file()]
    configs = [Path(text) for text in arguments if text not in changes]
    if not configs:
        raise UsageError(f"name a config to check with {' '.join(changes)}")
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for path in configs:
        found = _check(path, changes, texts)
        # A mistake in a change is the same in each config.
        seen = [p for p in found if isinstance(p.place, CommandLine) and p in problems]
        problems += [problem for problem in found if problem not in seen]
    print_problems(problems, texts=texts)
    if problems:
        raise typer.Exit(EXIT_USAGE)


def _check(path: Path, changes: Sequence[str], texts: dict[str, str]) -> Sequence[Problem]:
    """Returns what is wrong with a config; if nothing is, prints so, and its warnings."""
    from nnscratch.config import load
    from nnscratch.config.lint import find_warnings
    from nnscratch.experiment.loading import ENOUGH_ROWS
    from nnscratch.experiment.prepare import prepare

    rows = None
    try:
        config = load(path, changes)
        dataset = prepare(config, download=False, rows=ENOUGH_ROWS).dataset
        if dataset.is_sample:
            print_text(f"{path}: fine, judged by the first {ENOUGH_ROWS:,} rows")
        else:
            rows = len(dataset.splits["train"])
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
