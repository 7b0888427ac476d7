"""`nnscratch resume`: train on from where a run stopped."""

import sys

from nnscratch.cli import output, progress
from nnscratch.cli.options import DEFAULT_RUNS, Changes, NoPlots, Quiet, RunName, RunsDirectory

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
    from nnscratch.cli.interrupt import InterruptSignals
    from nnscratch.cli.training_session import conclude, follow
    from nnscratch.formatting import plural
    from nnscratch.nn.training.interruption import Interruption
    from nnscratch.runs import find
    from nnscratch.training.resume import resume as go_on

    files = find(run, runs_dir)
    interruption = Interruption()
    with progress.Spinner(quiet=quiet) as spinner:
        resumed = go_on(
            files,
            changes or [],
            command=["nnscratch", *sys.argv[1:]],
            interruption=interruption,
            report=spinner.say,
        )
    experiment = resumed.trainer.experiment
    done = resumed.trainer.epochs_done
    if not quiet:
        where = f"after epoch {done:,}" if done else "from its beginning"
        left = plural(experiment.config.epochs - done, "epoch")
        output.print_message(f"resumes  {files.directory} {where}, {left} to go")
    with InterruptSignals(interruption) as signals:
        result = follow(resumed, signals, quiet=quiet)
    conclude(experiment, result, signals, quiet=quiet, no_plots=no_plots)
