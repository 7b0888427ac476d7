"""What `train` and `resume` have in common: progress, signals, plots, and the summary."""

import sys
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import typer

from nnscratch.cli import discard, progress
from nnscratch.cli.drawing import draw_plots
from nnscratch.cli.interrupt import InterruptSignals
from nnscratch.cli.output import (
    letting_readers_go,
    print_document,
    print_message,
    print_text,
)
from nnscratch.cli.tables import print_predictions
from nnscratch.errors import DivergedError
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import plural, typed
from nnscratch.model.predictions import Rows, known_targets
from nnscratch.model.scores import scores_of, scores_text
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs import summarize
from nnscratch.training.result import TrainingResult
from nnscratch.training.training_run import TrainingRun

# A data set with up to this many rows is printed when its network is trained.
_SHOWN_ROWS = 16


class Before(NamedTuple):
    """How much was done before a run was resumed; nothing if it was not."""

    epochs: int
    seconds: float


def carry_out(run: TrainingRun, *, quiet: bool, no_plots: bool, as_json: bool = False) -> None:
    """Trains to the end, or until a signal; then prints the result, and draws the plots.

    A reader that has seen enough, such as `head`, has closed stdout: that is no error.

    Args:
        run: The training run.
        quiet: Whether to print the run's path only.
        no_plots: Whether to draw no plots.
        as_json: Whether the result is a JSON document; then it is that, quiet or not.

    Raises:
        DivergedError: The loss or gradient is not finite; the JSON document is printed before.
        OSError: The result cannot be written. The plots are drawn all the same.
        Exit: With the exit code of the signal, if one stopped it.
    """
    trainer = run.trainer
    before = Before(trainer.epochs_done, trainer.seconds)
    try:
        with InterruptSignals(run.interruption) as signals:
            _follow(run, signals, quiet=quiet)
    except DivergedError:
        if as_json:
            _print_document(run.result)
        raise
    experiment = trainer.experiment
    result = run.result
    print_it = partial(_print_result, experiment, result, before, quiet=quiet)
    lost = write_out(partial(_print_document, result) if as_json else print_it)
    if result.last and not no_plots and draw_plots(result.path, experiment, quiet=quiet):
        plots = f"plots    {result.path}/plots"
        if not (quiet or as_json):
            lost = lost or write_out(partial(print_text, plots))
    if lost:
        raise lost
    if result.status == "interrupted":
        raise typer.Exit(signals.exit_code)


def write_out(print_lines: Callable[[], None]) -> OSError | None:
    """Prints lines that are to be seen at once; returns the error if they cannot be written."""
    try:
        print_lines()
        with letting_readers_go():
            sys.stdout.flush()
    except OSError as error:
        discard(sys.stdout)
        return error
    return None


def _print_document(result: TrainingResult) -> None:
    print_document(summarize(result.path))


def _print_result(
    experiment: Experiment, result: TrainingResult, before: Before, *, quiet: bool
) -> None:
    path = typed(result.path)
    interrupted = result.status == "interrupted"
    if quiet:
        print_text(result.path)
        if interrupted:
            print_message(f"{result.stop_reason}; to go on: nnscratch resume {path}")
        return
    if result.last:
        _print_figures(experiment, result, before, result.last)
    print_text(f"run      {result.path}")
    if not interrupted:
        print_text(f"check    nnscratch doctor {path}")
    print_text(f"next     nnscratch {'resume' if interrupted else 'predict'} {path}")


def _follow(run: TrainingRun, signals: InterruptSignals, *, quiet: bool) -> None:
    trainer = run.trainer
    bar = progress.choose(trainer, trainer.experiment.config.epochs, quiet=quiet)
    with bar, run:
        for change in run.changes:
            print_message(f"warning: {change}, so the last bits of the weights may differ")
        for record in run:
            bar.update(record)
            if signals.received:
                run.stop("stopped by the user")


def _print_figures(
    experiment: Experiment, result: TrainingResult, before: Before, last: EpochRecord
) -> None:
    splits = experiment.dataset.splits
    what = "training " if len(splits) > 1 else ""
    took = f" in {result.seconds:.2f} s"
    if before.epochs:
        seconds = result.seconds - before.seconds
        took = f", {last.epoch - before.epochs:,} of them in {seconds:.2f} s since the resume"
    epochs = plural(last.epoch, "epoch")
    scores = scores_text(scores_of(last.scores))
    print_text(f"{result.status}: {epochs}{took}, {what}{scores}")
    if last.epoch < experiment.config.epochs:
        print_text(f"stopped  {result.stop_reason.removeprefix('stopped ')}")
    if result.best_weights is not None and result.best:
        validated = "val_loss" in result.best.scores
        where = "validation" if validated else "training"
        best = scores_text(scores_of(result.best.scores, "val_" if validated else ""))
        print_text(f"best     epoch {result.best.epoch:,}, which is saved: {where} {best}")
    if result.test:
        print_text(f"test     {scores_text(result.test)}")
    if len(splits["train"]) <= _SHOWN_ROWS:
        train = splits["train"]
        targets = known_targets(experiment.model.encoding, train.targets)
        print_predictions(experiment.model, Rows(train.inputs, targets))
