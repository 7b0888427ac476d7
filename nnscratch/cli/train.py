"""`nnscratch train`: from a config to a run directory."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import output, progress
from nnscratch.cli.interrupt import stop_on_interrupt
from nnscratch.cli.options import DEFAULT_RUNS, ConfigFile, Overrides, RunsDirectory
from nnscratch.wording import plural, scores

if TYPE_CHECKING:
    from nnscratch.experiment import Experiment, Outcome

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
    from nnscratch.config import load

    changes = [*(overrides or []), *([f"name={json.dumps(name)}"] if name else [])]
    prepared = experiment.prepare(load(config, changes))
    settings = prepared.config
    if not quiet:
        output.say(_describe(prepared))
    rows = len(prepared.dataset.splits["train"])
    bar = progress.choose(quiet=quiet, epochs=settings.epochs, rows=rows)
    with stop_on_interrupt() as interrupted, bar:
        outcome = experiment.train(
            prepared,
            runs_dir,
            command=["nnscratch", *sys.argv[1:]],
            plots=not no_plots,
            on_epoch=bar.update,
            should_stop=interrupted,
        )
    for warning in outcome.warnings:
        output.say(f"warning: {warning}")
    print(outcome.path) if quiet else _summarize(prepared, outcome)
    if outcome.status == "interrupted":
        raise typer.Exit(130)


def _describe(prepared: "Experiment") -> str:
    """Returns the data and the network in two lines."""
    config, dataset, network = prepared.config, prepared.dataset, prepared.model.network
    parts = ", ".join(
        f"{plural(len(split), 'row')} to {name}" for name, split in dataset.splits.items()
    )
    what = (
        f"classes {', '.join(map(str, dataset.classes))}"
        if dataset.classes
        else plural(network.outputs, "number")
    )
    widths = "-".join(map(str, [network.inputs, *(dense.units for dense in network.dense)]))
    inputs = plural(network.inputs, "input")
    return (
        f"data     {config.dataset.name}: {parts}, {inputs}, {what}\n"
        f"network  {widths}, {plural(network.params.flat.size, 'parameter')}, "
        f"{config.loss.name}, {config.optimizer.name} at {config.learning_rate:g}"
    )


def _summarize(prepared: "Experiment", outcome: "Outcome") -> None:
    from nnscratch.cli.predict import print_predictions

    split = prepared.dataset.splits["train"]
    if outcome.last:
        print(
            f"{outcome.status}: {plural(outcome.last.epoch, 'epoch')} in "
            f"{outcome.seconds:.2f} s, {scores(outcome.last.scores)}"
        )
        if len(split) <= _SHOWN_ROWS:
            print_predictions(prepared.model, split.inputs, split.targets)
    print(f"run      {outcome.path}")
    print(f"next     nnscratch predict {outcome.path}")
