"""`nnscratch doctor`: what would keep a network from learning, before a training run."""

from dataclasses import replace
from pathlib import Path
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli import EXIT_FAILED
from nnscratch.cli.documents import problem_document
from nnscratch.cli.options import (
    DEFAULT_RUNS,
    Format,
    MemberNumber,
    Overrides,
    ReportFormat,
    RunsDirectory,
    is_config,
)
from nnscratch.cli.output import console, print_document, print_text
from nnscratch.cli.tables import print_table
from nnscratch.errors import UsageError
from nnscratch.formatting import plural

if TYPE_CHECKING:
    from nnscratch.insight.doctor import Diagnosis, Finding

POSITION_IN_HELP = 160

_INDENT = 9


def doctor(
    what: Annotated[
        str,
        typer.Argument(metavar="CONFIG|RUN", help="A YAML config file, a run directory or name."),
    ],
    overrides: Overrides = None,
    member: MemberNumber = None,
    output_format: Format = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Check data and network before training, or a run after it.

    Looks at classes, columns and rows, measures simple baselines, and tries the network on a few
    rows. Of a run it looks at the curves, the predictions and the trained network too; of an
    ensemble, at one network. Writes no files. Each finding is fine, worth a look, or a problem; the
    exit code is 1 if there is a problem.

    Example: nnscratch doctor configs/xor.yaml
    """
    from nnscratch.cli.members import find_member_run
    from nnscratch.cli.progress import Spinner
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.insight.doctor import examine, examine_run
    from nnscratch.runs import find_weights

    with Spinner() as spinner:
        if is_config(what):
            if member is not None:
                raise UsageError(f"--member is for a run; {what} is a config")
            prepared = prepare(load(Path(what), overrides or []), report=spinner.say)
            diagnosis = examine(prepared, spinner.say)
        elif overrides:
            raise UsageError(f"{what}: is a run, which has its settings; a config can be changed")
        else:
            run = find_member_run(find_weights(what, runs_dir), member)
            diagnosis = examine_run(run.files, spinner.say, config=run.config)
    if output_format is ReportFormat.JSON:
        print_document(_document(diagnosis))
    else:
        _print_diagnosis(diagnosis)
    if diagnosis.count("problem"):
        raise typer.Exit(EXIT_FAILED)


def _document(diagnosis: "Diagnosis") -> dict[str, Any]:
    findings = [{"level": one.level, **problem_document(one)} for one in diagnosis.findings]
    return {
        "problems": diagnosis.count("problem"),
        "worth_a_look": diagnosis.count("look"),
        "findings": findings,
        "layers": [layer._asdict() for layer in diagnosis.layers],
    }


def _print_diagnosis(diagnosis: "Diagnosis") -> None:
    width = console().width
    for finding in diagnosis.findings:
        _print_finding(finding, width)
    if diagnosis.layers:
        print_text()
        header = ["layer", "weights rms", "gradient rms", "update/weight"]
        print_table(header, [[layer.name, *map(_show, layer[1:])] for layer in diagnosis.layers])
    print_text()
    print_text(_summarize(diagnosis))


def _print_finding(finding: "Finding", width: int) -> None:
    """Prints a finding, and its remedy below, as wide as the terminal."""
    wrap = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    wrap.initial_indent = f"{finding.level:{_INDENT}}"
    wrap.subsequent_indent = " " * _INDENT
    print_text(wrap.fill(str(replace(finding, remedy=""))))
    if finding.remedy:
        wrap.initial_indent = " " * _INDENT + "→ "
        wrap.subsequent_indent = " " * (_INDENT + 2)
        print_text(wrap.fill(finding.remedy))


def _show(scale: float | None) -> str:
    return "" if scale is None else f"{scale:.2e}"


def _summarize(diagnosis: "Diagnosis") -> str:
    looks, problems = diagnosis.count("look"), diagnosis.count("problem")
    parts = [f"{plural(looks, 'finding')} worth a look"] if looks else []
    parts += [plural(problems, "problem")] if problems else []
    return ", ".join(parts) or "no problems found"
