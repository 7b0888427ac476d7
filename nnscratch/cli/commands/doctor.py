"""`nnscratch doctor`: what would keep a training from coming to anything, before it begins."""

from typing import TYPE_CHECKING

import typer

from nnscratch.cli import EXIT_FAILED
from nnscratch.cli.options import ConfigFile, Overrides
from nnscratch.cli.output import console
from nnscratch.cli.tables import print_table
from nnscratch.formatting import plural

if TYPE_CHECKING:
    from nnscratch.insight.doctor.finding import Diagnosis, Finding

POSITION_IN_HELP = 160

_INDENT = 9


def doctor(config: ConfigFile, overrides: Overrides = None) -> None:
    """Examine data and network before a training.

    Looks at classes, columns and rows, measures what simple answers reach, and tries the network
    on a few rows. Trains and writes nothing. Each finding is fine, worth a look, or a problem;
    exit code 1 says that there is a problem.

    Example: nnscratch doctor configs/xor.yaml
    """
    from nnscratch.cli.progress import Spinner
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.insight.doctor import examine

    with Spinner() as spinner:
        prepared = prepare(load(config, overrides or []), report=spinner.say)
        diagnosis = examine(prepared, spinner.say)
    width = console().width
    for finding in diagnosis.findings:
        _print_finding(finding, width)
    if diagnosis.layers:
        print()
        _print_layers(diagnosis)
    print()
    print(_verdict(diagnosis))
    if diagnosis.count("problem"):
        raise typer.Exit(EXIT_FAILED)


def _print_finding(finding: "Finding", width: int) -> None:
    """Prints a finding, and its advice below, as wide as the terminal."""
    _print_wrapped(f"{finding.level:{_INDENT}}", finding.what, width, _INDENT)
    if finding.advice:
        _print_wrapped(" " * _INDENT + "→ ", finding.advice, width, _INDENT + 2)


def _print_wrapped(first: str, text: str, width: int, indent: int) -> None:
    from textwrap import fill

    print(
        fill(
            text,
            width,
            initial_indent=first,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _print_layers(diagnosis: "Diagnosis") -> None:
    print_table(
        ["layer", "weights rms", "gradient rms", "update/weight"],
        [
            [
                layer.name,
                f"{layer.weights:.2e}",
                f"{layer.gradient:.2e}",
                "" if layer.step is None else f"{layer.step:.2e}",
            ]
            for layer in diagnosis.layers
        ],
    )


def _verdict(diagnosis: "Diagnosis") -> str:
    looks, problems = diagnosis.count("look"), diagnosis.count("problem")
    parts = [
        *([f"{plural(looks, 'thing')} to look at"] if looks else []),
        *([plural(problems, "problem")] if problems else []),
    ]
    return ", ".join(parts) or "nothing stands against training"
