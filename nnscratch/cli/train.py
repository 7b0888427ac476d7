"""`nnscratch train`: from a config to a run directory."""

import json
import sys
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import EXIT_INTERRUPTED, output, progress
from nnscratch.cli.options import DEFAULT_RUNS, ConfigFile, Overrides, RunsDirectory
from nnscratch.cli.preview import describe
from nnscratch.wording import part_scores, plural, scores

if TYPE_CHECKING:
    from nnscratch.data.dataset import Split
    from nnscratch.experiment import Outcome
    from nnscratch.nn.training import EpochRecord
    from nnscratch.preparation import Experiment

# A data set this small is shown whole when its network is trained.
_SHOWN_ROWS = 16


def train(
    config: ConfigFile,
    overrides: Overrides = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Names the run; the config's name unless given."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the run's path only.")] = False,
    no_plots: Annotated[bool, typer.Option("--no-plots", help="Draw no pictures.")] = False,
) -> None:
    """Train the network that a config describes.

    Example: nnscratch train configs/xor.yaml epochs=500 optimizer=sgd
    """
    from nnscratch import experiment
    from nnscratch.cli.interrupt import stop_on_interrupt
    from nnscratch.config import load
    from nnscratch.preparation import prepare

    named = [] if name is None else [f"name={json.dumps(name)}"]
    with progress.Spinner(quiet=quiet) as spinner:
        settings = load(config, [*(overrides or []), *named])
        prepared = prepare(settings, report=spinner.say)
    settings = prepared.config
    if not quiet:
        describe(prepared)
    rows = len(prepared.dataset.splits["train"])
    bar = progress.choose(quiet=quiet, epochs=settings.epochs, rows=rows)
    try:
        with stop_on_interrupt() as interrupted, bar:
            outcome = experiment.train(
                prepared,
                runs_dir,
                command=["nnscratch", *sys.argv[1:]],
                on_epoch=bar.update,
                should_stop=interrupted,
            )
    except KeyboardInterrupt:
        output.say("stopped at once; the epochs that were finished are saved: nnscratch runs")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if outcome.last and not no_plots:
        _draw(outcome.path)
    _summarize(prepared, outcome, quiet=quiet)
    if outcome.status == "interrupted":
        raise typer.Exit(EXIT_INTERRUPTED)


def _draw(run: Path) -> None:
    """Draws the curves; a picture that cannot be drawn is no reason to fail a training."""
    from nnscratch.experiment import draw

    try:
        draw(run)
    except Exception as error:  # noqa: BLE001 - matplotlib raises what it likes; the run is safe
        output.say(f"warning: the curves could not be drawn: {error}")


def _summarize(prepared: "Experiment", outcome: "Outcome", *, quiet: bool) -> None:
    if quiet:
        print(outcome.path)
        return
    from nnscratch.cli.tables import print_predictions

    split = prepared.dataset.splits["train"]
    if outcome.last:
        what = "training " if len(prepared.dataset.splits) > 1 else ""
        print(
            f"{outcome.status}: {plural(outcome.last.epoch, 'epoch')} in {outcome.seconds:.2f} s, "
            f"{what}{scores(part_scores(outcome.last.scores))}"
        )
        if outcome.last.epoch < prepared.config.epochs and outcome.status == "completed":
            print(f"stopped  {outcome.reason}")
        if outcome.best_weights is not None and outcome.best:
            prefix = "val_" if "val_loss" in outcome.best.scores else ""
            where = "validation" if prefix else "training"
            best = scores(part_scores(outcome.best.scores, prefix))
            print(f"best     epoch {outcome.best.epoch:,}, which is saved: {where} {best}")
        if outcome.test:
            print(f"test     {scores(outcome.test)}")
        if len(split) <= _SHOWN_ROWS:
            print_predictions(prepared.model, split.inputs, split.targets)
        _advise(prepared, outcome.last)
    print(f"run      {outcome.path}")
    print(f"next     nnscratch predict {outcome.path}")


def _advise(prepared: "Experiment", last: "EpochRecord") -> None:
    """Says what usually helps a network that has learnt nothing."""
    classes = prepared.model.encoding.classes
    if not classes or last.scores["accuracy"] > _commonest(prepared.dataset.splits["train"]):
        return
    # Who knows nothing has a cross-entropy of ln K; to be so wrong takes too large a step.
    wild = prepared.model.encoding.probabilities and last.scores["loss"] > 2 * log(len(classes))
    output.say("hint     no better than always answering the commonest class yet;")
    output.say(
        f"         {'a smaller' if wild else 'more epochs or a larger'} learning_rate usually helps"
    )


def _commonest(split: "Split") -> float:
    """Returns the share of rows that belong to the commonest class."""
    import numpy as np

    return float(np.bincount(split.targets).max()) / len(split)
