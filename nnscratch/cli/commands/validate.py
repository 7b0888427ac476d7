"""`nnscratch validate`: every mistake of every config, before anything is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from nnscratch.cli import EXIT_USAGE
from nnscratch.cli.completion import complete_setting
from nnscratch.cli.documents import problem_document
from nnscratch.cli.options import Format, ReportFormat
from nnscratch.cli.output import print_document, print_problems, print_text
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
    output_format: Format = ReportFormat.TABLE,
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
    verdicts = []
    for path in configs:
        verdict = _check(path, changes)
        verdicts.append(verdict)
        texts |= verdict.texts
        if not verdict.problems and output_format is ReportFormat.TABLE:
            print_text(f"{path}: fine{verdict.reservation}")
        print_problems(verdict.warnings, level="warning", texts=verdict.texts)
        # A mistake in a change is the same in each config.
        seen = [p for p in verdict.problems if isinstance(p.place, CommandLine) and p in problems]
        problems += [problem for problem in verdict.problems if problem not in seen]
    print_problems(problems, texts=texts)
    if output_format is ReportFormat.JSON:
        print_document({"configs": list(map(_document, verdicts))})
    if problems:
        raise typer.Exit(EXIT_USAGE)


@dataclass(frozen=True)
class _Verdict:
    """What is wrong with a config, and what may be; and the texts of its files, by their names."""

    path: Path
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    reservation: str = ""
    """What a verdict of fine is limited to."""


def _document(verdict: _Verdict) -> dict[str, Any]:
    return {
        "config": str(verdict.path),
        "fine": not verdict.problems,
        "reservation": verdict.reservation.lstrip(", ") or None,
        "problems": list(map(problem_document, verdict.problems)),
        "warnings": list(map(problem_document, verdict.warnings)),
    }


def _check(path: Path, changes: Sequence[str]) -> _Verdict:
    from nnscratch.config import load
    from nnscratch.config.lint import find_warnings
    from nnscratch.experiment.loading import ENOUGH_ROWS
    from nnscratch.experiment.prepare import prepare

    rows, reservation = None, ""
    try:
        config = load(path, changes)
        dataset = prepare(config, download=False, rows=ENOUGH_ROWS).dataset
        if dataset.is_sample:
            reservation = f", judged by the first {ENOUGH_ROWS:,} rows"
        else:
            rows = len(dataset.splits["train"])
    except ConfigError as error:
        return _Verdict(path, error.problems, texts=error.texts)
    except UnavailableError as error:
        reservation = f", as far as can be checked without its data ({error})"
    except DataError as error:
        return _Verdict(path, error.problems)
    warnings = find_warnings(config, rows)
    return _Verdict(path, (), warnings, config.texts, reservation)
