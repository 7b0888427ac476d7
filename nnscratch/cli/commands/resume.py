"""`nnscratch resume`: train on from where a run stopped."""

import sys

from nnscratch.cli import progress
from nnscratch.cli.options import DEFAULT_RUNS, Changes, NoPlots, Quiet, RunName, RunsDirectory
from nnscratch.cli.output import print_message
from nnscratch.formatting import plural

POSITION_IN_HELP = 30


def resume(
    run: RunName,
    changes: Changes = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    quiet: Quiet = False,
    no_plots: NoPlots = False,
) -> None:
    """Go on with a run exactly where it stopped.

    It ends with the same weights as if it had never stopped; epochs=80 extends a completed one.
    Other settings need a new run: nnscratch train CONFIG --init-from RUN begins with its weights.

    Example: nnscratch resume latest epochs=80
    """
    from nnscratch.cli.training_session import carry_out
    from nnscratch.runs import find
    from nnscratch.training.resume import read_stopped

    with progress.Spinner(quiet=quiet) as spinner:
        stopped = read_stopped(find(run, runs_dir), changes or [], report=spinner.say)
    if not quiet:
        done = stopped.trainer.epochs_done
        where = f"after epoch {done:,}" if done else "from its beginning"
        left = plural(stopped.trainer.experiment.config.epochs - done, "epoch")
        print_message(f"resumes  {stopped.path} {where}, {left} to go")
    carry_out(
        lambda interruption: stopped.resume(
            command=["nnscratch", *sys.argv[1:]], interruption=interruption
        ),
        quiet=quiet,
        no_plots=no_plots,
    )
