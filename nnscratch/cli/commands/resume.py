"""`nnscratch resume`: train on from where a run stopped."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

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
    Scheduler,
    Workers,
)
from nnscratch.cli.output import print_message
from nnscratch.errors import UsageError
from nnscratch.formatting import plural

if TYPE_CHECKING:
    from nnscratch.runs import RunFiles

POSITION_IN_HELP = 30


def resume(
    run: RunName,
    changes: Changes = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    quiet: Quiet = False,
    no_plots: NoPlots = False,
    output_format: Format = ReportFormat.TABLE,
) -> None:
    """Go on with a run or a search exactly where it stopped.

    It ends with the same weights as if it had never stopped; epochs=80 extends a completed run,
    search.trials=80 a search. Other settings need a new run: nnscratch train CONFIG --init-from RUN
    begins with its weights.

    Example: nnscratch resume latest epochs=80
    """
    from nnscratch.cli.training_session import carry_out
    from nnscratch.runs import find, find_search
    from nnscratch.runs.members import many_of
    from nnscratch.training.resume import resume as go_on

    command = ["nnscratch", *sys.argv[1:]]
    how = {"quiet": quiet, "no_plots": no_plots, "as_json": output_format is ReportFormat.JSON}
    searched = find_search(run, runs_dir)
    if searched:
        from nnscratch.cli.search_session import go_on_searching

        go_on_searching(searched, changes or [], command, workers, scheduler, **how)
        return
    if workers > 1 or scheduler is not None:
        raise UsageError("--workers and --scheduler are for a search; a run is trained by one")
    files = find(run, runs_dir)
    if many_of(files.directory):
        _resume_many(files, changes or [], command, how)
        return
    with progress.Spinner(quiet=quiet) as spinner:
        resumed = go_on(files, changes or [], command=command, report=spinner.say)
    if not quiet:
        done = resumed.trainer.epochs_done
        where = f"after epoch {done:,}" if done else "from its beginning"
        left = plural(resumed.trainer.experiment.config.epochs - done, "epoch")
        print_message(f"resumes  {files.directory} {where}, {left} to go")
    carry_out(resumed, **how)


def _resume_many(
    files: "RunFiles", changes: Sequence[str], command: Sequence[str], how: dict[str, bool]
) -> None:
    """Goes on with the runs of a directory; if all are done, makes anew what is made from them."""
    from nnscratch.cli.many_session import carry_out_many
    from nnscratch.search.start import resume_many

    if changes:
        rule = f"the settings of many runs cannot change; got {' '.join(changes)}"
        remedy = "each run in its folder runs/ can be resumed by itself"
        raise UsageError(f"{files.directory}: {rule}; {remedy}")
    with progress.Spinner(quiet=how["quiet"]) as spinner:
        many = resume_many(files, command=command, report=spinner.say)
    if not how["quiet"]:
        print_message(f"resumes  {files.directory}, {plural(len(many.jobs), 'run')} in all")
    carry_out_many(many, **how)
