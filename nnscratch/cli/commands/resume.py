"""`nnscratch resume`: a run goes on as if it had never stopped."""

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

    It ends with the same weights as if it had never stopped; epochs=80 extends one that is over.

    Example: nnscratch resume latest epochs=80
    """
    from nnscratch.cli.training_session import conduct
    from nnscratch.formatting import plural
    from nnscratch.runs import find
    from nnscratch.training import resume as resuming

    with progress.Spinner(quiet=quiet) as spinner:
        resumption = resuming.take_up(find(run, runs_dir), changes or [], report=spinner.say)
    learning = resumption.learning
    done, epochs = learning.epochs_done, learning.experiment.config.epochs
    if not quiet:
        where = f"after epoch {done:,}" if done else "from its beginning"
        output.say(f"resumes  {resumption.path} {where}, {plural(epochs - done, 'epoch')} to go")
    conduct(
        learning.experiment,
        lambda on_epoch, should_stop: resuming.resume(
            resumption,
            command=["nnscratch", *sys.argv[1:]],
            report=output.say,
            on_epoch=on_epoch,
            should_stop=should_stop,
        ),
        done=done,
        quiet=quiet,
        no_plots=no_plots,
    )
