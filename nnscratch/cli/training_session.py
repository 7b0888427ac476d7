"""What `train` and `resume` have in common: progress, signals, pictures, and what is said after."""

import sys
from collections.abc import Callable
from functools import partial
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nnscratch.cli import output, progress
from nnscratch.cli.interrupt import Interrupt
from nnscratch.formatting import part_scores, plural, scores

if TYPE_CHECKING:
    from nnscratch.data.dataset import Split
    from nnscratch.experiment.experiment import Experiment
    from nnscratch.nn.training.fit import EpochRecord
    from nnscratch.plots.kind import Drawing
    from nnscratch.training.result import Outcome

# Trains, and tells the first of each epoch and asks the second whether to stop.
Training = Callable[[Callable[["EpochRecord"], None], Callable[[], bool]], "Outcome"]
# A data set this small is shown whole when its network is trained.
_SHOWN_ROWS = 16


def conduct(
    experiment: "Experiment", training: Training, *, done: int = 0, quiet: bool, no_plots: bool
) -> None:
    """Runs a training, shows how it goes, and says what came of it.

    Args:
        experiment: What is trained.
        training: Trains it.
        done: How many epochs are done already.
        quiet: Whether to print the run's path only.
        no_plots: Whether to draw no pictures.
    """
    rows = len(experiment.dataset.splits["train"])
    bar = progress.choose(quiet=quiet, epochs=experiment.config.epochs, rows=rows, done=done)
    interrupt = Interrupt()
    with interrupt, bar:
        outcome = training(bar.update, interrupt)
    if outcome.last and not no_plots:
        _draw(experiment, outcome.path, quiet=quiet)
    _summarize(experiment, outcome, quiet=quiet, drawn=not no_plots)
    if outcome.status == "interrupted":
        raise typer.Exit(interrupt.exit_code)


def _draw(experiment: "Experiment", run: Path, *, quiet: bool) -> None:
    """Draws the pictures; one that cannot be drawn is no reason to fail a training."""
    from nnscratch.plots.drawing import draw_into_run, plots_to_draw, remove_old_plots
    from nnscratch.plots.plotted_run import PlottedRun
    from nnscratch.runs import WEIGHTS, Found

    plotted = PlottedRun(Found(run / WEIGHTS, run), experiment=experiment)
    plots: dict[str, Callable[[], Drawing]] = {}
    try:
        with progress.Spinner(quiet=quiet or not sys.stderr.isatty()) as spinner:
            _attempt("nothing is drawn", lambda: plots.update(plots_to_draw(plotted)))
            if plots:
                _attempt("old pictures are still there", partial(remove_old_plots, plotted))
            for name, draw in plots.items():
                spinner.say(f"drawing {name}")
                _attempt(f"{name} is not drawn", partial(draw_into_run, plotted, name, draw))
    except KeyboardInterrupt:
        output.say(f"warning: not all is drawn: nnscratch plot {run} --kind all")


def _attempt(consequence: str, act: Callable[[], object]) -> None:
    """Says what comes of it if something goes wrong, and why."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - matplotlib raises what it likes; the run is safe
        output.say(f"warning: {consequence}: {error}")


def _summarize(experiment: "Experiment", outcome: "Outcome", *, quiet: bool, drawn: bool) -> None:
    interrupted = outcome.status == "interrupted"
    if quiet:
        print(outcome.path)
        if interrupted:
            output.say(f"{outcome.reason}; to go on: nnscratch resume {outcome.path}")
        return
    from nnscratch.cli.tables import print_predictions

    split = experiment.dataset.splits["train"]
    if outcome.last:
        what = "training " if len(experiment.dataset.splits) > 1 else ""
        print(
            f"{outcome.status}: {plural(outcome.last.epoch, 'epoch')} in {outcome.seconds:.2f} s, "
            f"{what}{scores(part_scores(outcome.last.scores))}"
        )
        if outcome.last.epoch < experiment.config.epochs:
            print(f"stopped  {outcome.reason.removeprefix('stopped ')}")
        if outcome.best_weights is not None and outcome.best:
            prefix = "val_" if "val_loss" in outcome.best.scores else ""
            where = "validation" if prefix else "training"
            best = scores(part_scores(outcome.best.scores, prefix))
            print(f"best     epoch {outcome.best.epoch:,}, which is saved: {where} {best}")
        if outcome.test:
            print(f"test     {scores(outcome.test)}")
        if len(split) <= _SHOWN_ROWS:
            print_predictions(experiment.model, split.inputs, split.targets)
        if not interrupted:
            _advise(experiment, outcome.last)
    print(f"run      {outcome.path}")
    if drawn and outcome.last:
        print(f"pictures {outcome.path}/plots")
    print(f"next     nnscratch {'resume' if interrupted else 'predict'} {outcome.path}")


def _advise(experiment: "Experiment", last: "EpochRecord") -> None:
    """Says what usually helps a network that has learnt nothing."""
    classes = experiment.model.encoding.classes
    if not classes or last.scores["accuracy"] > _commonest(experiment.dataset.splits["train"]):
        return
    # Who knows nothing has a cross-entropy of ln K; to be so wrong takes too large a step.
    wild = experiment.model.encoding.probabilities and last.scores["loss"] > 2 * log(len(classes))
    output.say("hint     no better than always answering the commonest class yet;")
    output.say(
        f"         {'a smaller' if wild else 'more epochs or a larger'} learning_rate usually helps"
    )


def _commonest(split: "Split") -> float:
    """Returns the share of rows that belong to the commonest class."""
    import numpy as np

    return float(np.bincount(split.targets).max()) / len(split)
