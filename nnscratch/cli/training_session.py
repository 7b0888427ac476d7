"""What `train` and `resume` have in common: progress, signals, plots, and the summary."""

import sys
from collections.abc import Callable
from functools import partial
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nnscratch.cli import output, progress
from nnscratch.cli.interrupt import InterruptSignals
from nnscratch.formatting import plural

if TYPE_CHECKING:
    from nnscratch.data.dataset import Split
    from nnscratch.experiment.experiment import Experiment
    from nnscratch.nn.training.epoch import EpochRecord
    from nnscratch.plots.kind import Drawing
    from nnscratch.training.result import TrainingResult
    from nnscratch.training.training_run import TrainingRun

# A data set with up to this many rows is printed when its network is trained.
_SHOWN_ROWS = 16


def follow(run: "TrainingRun", signals: InterruptSignals, *, quiet: bool) -> "TrainingResult":
    """Trains to the end, or until a signal, and shows the progress.

    Args:
        run: The training run.
        signals: What may stop it.
        quiet: Whether to show nothing.
    """
    trainer = run.trainer
    bar = progress.choose(
        quiet=quiet,
        epochs=trainer.experiment.config.epochs,
        rows=len(trainer.experiment.dataset.splits["train"]),
        done=trainer.epochs_done,
    )
    with run, bar:
        for change in run.changes:
            output.print_message(f"warning: {change}, so the last bits of the weights may differ")
        for record in run:
            bar.update(record)
            if signals.received:
                run.stop("stopped by the user")
    return run.result


def conclude(
    experiment: "Experiment",
    result: "TrainingResult",
    signals: InterruptSignals,
    *,
    quiet: bool,
    no_plots: bool,
) -> None:
    """Draws the plots of a training run and prints its result.

    Args:
        experiment: What was trained.
        result: Its result.
        signals: What may have stopped it.
        quiet: Whether to print the run's path only.
        no_plots: Whether to draw no plots.

    Raises:
        Exit: With the exit code of the signal, if one stopped it.
    """
    if result.last and not no_plots:
        _draw(experiment, result.path, quiet=quiet)
    if quiet:
        print(result.path)
        if result.status == "interrupted":
            output.print_message(f"{result.stop_reason}; to go on: nnscratch resume {result.path}")
    else:
        _summarize(experiment, result, drawn=not no_plots)
    if result.status == "interrupted":
        raise typer.Exit(signals.exit_code)


def _draw(experiment: "Experiment", run: Path, *, quiet: bool) -> None:
    """Draws the plots; one that cannot be drawn is no reason to fail a training run."""
    from nnscratch.plots.drawing import draw_into_run, plots_to_draw, remove_old_plots
    from nnscratch.plots.plotted_run import PlottedRun
    from nnscratch.runs import WEIGHTS, RunFiles

    plotted = PlottedRun(RunFiles(run / WEIGHTS, run), experiment=experiment)
    plots: dict[str, Callable[[], Drawing]] = {}
    try:
        with progress.Spinner(quiet=quiet or not sys.stderr.isatty()) as spinner:
            _attempt("no plots are drawn", lambda: plots.update(plots_to_draw(plotted)))
            if plots:
                _attempt("old plots are left", partial(remove_old_plots, plotted))
            for name, draw in plots.items():
                spinner.say(f"drawing {name}")
                _attempt(f"{name} is not drawn", partial(draw_into_run, plotted, name, draw))
    except KeyboardInterrupt:
        output.print_message(f"warning: not all plots are drawn: nnscratch plot {run} --kind all")


def _attempt(consequence: str, act: Callable[[], object]) -> None:
    """Prints the consequence and the reason if something goes wrong."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - matplotlib raises what it likes; the run is safe
        output.print_message(f"warning: {consequence}: {error}")


def _summarize(experiment: "Experiment", result: "TrainingResult", *, drawn: bool) -> None:
    if result.last:
        _print_figures(experiment, result, result.last)
    print(f"run      {result.path}")
    if drawn and result.last:
        print(f"pictures {result.path}/plots")
    command = "resume" if result.status == "interrupted" else "predict"
    print(f"next     nnscratch {command} {result.path}")


def _print_figures(experiment: "Experiment", result: "TrainingResult", last: "EpochRecord") -> None:
    from nnscratch.cli.tables import print_predictions
    from nnscratch.model.scores import scores_of, scores_text

    splits = experiment.dataset.splits
    what = "training " if len(splits) > 1 else ""
    print(
        f"{result.status}: {plural(last.epoch, 'epoch')} in {result.seconds:.2f} s, "
        f"{what}{scores_text(scores_of(last.scores))}"
    )
    if last.epoch < experiment.config.epochs:
        print(f"stopped  {result.stop_reason.removeprefix('stopped ')}")
    if result.best_weights is not None and result.best:
        validated = "val_loss" in result.best.scores
        where = "validation" if validated else "training"
        best = scores_text(scores_of(result.best.scores, "val_" if validated else ""))
        print(f"best     epoch {result.best.epoch:,}, which is saved: {where} {best}")
    if result.test:
        print(f"test     {scores_text(result.test)}")
    if len(splits["train"]) <= _SHOWN_ROWS:
        print_predictions(experiment.model, splits["train"].inputs, splits["train"].targets)
    if result.status == "completed":
        _advise(experiment, last)


def _advise(experiment: "Experiment", last: "EpochRecord") -> None:
    """Prints what usually helps a network that has learned nothing."""
    encoding = experiment.model.encoding
    classes = encoding.classes
    if not classes or last.scores["accuracy"] > _commonest(experiment.dataset.splits["train"]):
        return
    # Guessing has a cross-entropy of ln K; twice that means that the steps are too large.
    wild = encoding.probabilities and last.scores["loss"] > 2 * log(len(classes))
    remedy = "a smaller learning_rate" if wild else "more epochs or a larger learning_rate"
    output.print_message("hint     no better than always answering the commonest class yet;")
    output.print_message(f"         {remedy} usually helps")


def _commonest(split: "Split") -> float:
    """Returns the share of rows that belong to the commonest class."""
    import numpy as np

    return float(np.bincount(split.targets).max()) / len(split)
