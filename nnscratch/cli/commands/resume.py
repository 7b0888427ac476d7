"""`nnscratch resume`: train on from where a run stopped."""

import sys

from nnscratch.cli import progress
from nnscratch.cli.options import (
    DEFAULT_RUNS,
    Changes,
    Format,
    NoPlots,
    Quiet,
    ReportFormat,
    RunName,
    RunsDirectory,
)
from nnscratch.cli.output import print_message
from nnscratch.formatting import plural

POSITION_IN_HELP = 30


def resume(
    run: RunName,
    changes: Changes = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    quiet: Quiet = False,
    no_plots: NoPlots = False,
    output_format: Format = ReportFormat.TABLE,
) -> None:
    """Go on with a run exactly where it stopped.

    It ends with the same weights as if it had never stopped; epochs=80 extends a completed one.
    Other settings need a new run: nnscratch train CONFIG --init-from RUN begins with its weights.

    Example: nnscratch resume latest epochs=80
    """
    from nnscratch.cli.training_session import carry_out
    from nnscratch.runs import find
    from nnscratch.training.resume import resume as go_on

    files = find(run, runs_dir)
    command = ["nnscratch", *sys.argv[1:]]
    with progress.Spinner(quiet=quiet) as spinner:
        resumed = go_on(files, changes or [], command=command, report=spinner.say)
    if not quiet:
        done = resumed.trainer.epochs_done
        where = f"after epoch {done:,}" if done else "from its beginning"
        left = plural(resumed.trainer.experiment.config.epochs - done, "epoch")
        print_message(f"resumes  {files.directory} {where}, {left} to go")
    carry_out(resumed, quiet=quiet, no_plots=no_plots, as_json=output_format is ReportFormat.JSON)
