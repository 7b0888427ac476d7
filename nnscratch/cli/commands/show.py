"""`nnscratch show`: a config with all its settings, the layers of its network and their cost."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli.options import (
    DEFAULT_RUNS,
    Format,
    Overrides,
    ReportFormat,
    RunsDirectory,
    is_config,
)
from nnscratch.cli.output import console, print_document, print_message, print_text, write_data
from nnscratch.cli.tables import print_table
from nnscratch.formatting import escape, plural, size_text

if TYPE_CHECKING:
    from nnscratch.config import Config
    from nnscratch.experiment.experiment import Experiment
    from nnscratch.nn.network import Network

POSITION_IN_HELP = 120


def show(
    what: Annotated[
        str,
        typer.Argument(metavar="CONFIG|RUN", help="A YAML config file, a run directory or name."),
    ],
    overrides: Overrides = None,
    output_format: Format = ReportFormat.TABLE,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Show a config with all its defaults, and its layers.

    Example: nnscratch show configs/xor-relu.yaml
    """
    from nnscratch.config import load
    from nnscratch.errors import UnavailableError, UsageError
    from nnscratch.experiment.prepare import prepare
    from nnscratch.runs import find

    path = Path(what)
    run = None
    if not is_config(what):
        found = find(what, runs_dir)
        run = found.directory
        if found.config is None:
            raise UsageError(f"{found.weights}: there is no config next to it to show")
        path = found.config
    config = load(path, overrides or [])
    experiment = None
    try:
        experiment = prepare(config, download=False)
    except UnavailableError as error:
        print_message(f"no layer table: {error}; training downloads it")
    if output_format is ReportFormat.JSON:
        print_document(_document(config, experiment, run))
    elif experiment is None:
        write_data([config.to_yaml(nulls=True)])
    else:
        _print_config(_with_search(experiment.config, config), config)
        _print_layers(experiment.model.network)
        _print_cost(experiment)
    if run and output_format is ReportFormat.TABLE:
        _print_annotations(run)
        _print_scores_of_many(run)


def _print_scores_of_many(run: Path) -> None:
    """Prints the scores of a directory of many runs."""
    from nnscratch.runs.members import many_of

    many = many_of(run)
    if many and many.scores:
        from nnscratch.cli.many_scores import print_scores

        print_text(f"{plural(many.completed or 0, 'run')}, {many.part} rows")
        print_scores(many)


def _document(
    config: "Config", experiment: "Experiment | None", run: Path | None
) -> dict[str, Any]:
    from nnscratch.experiment.training_cost import estimate_cost
    from nnscratch.runs import summarize

    resolved = _with_search(experiment.config, config) if experiment else config
    layers = experiment.model.network.summary() if experiment else None
    return {
        "config": resolved.to_dict(nulls=True),
        "layers": layers and [layer._asdict() for layer in layers],
        "cost": experiment and asdict(estimate_cost(experiment)),
        "run": run and summarize(run),
    }


def _with_search(resolved: "Config", given: "Config") -> "Config":
    """Returns a config with the search of another, since the config of a run has none."""
    return resolved.model_copy(update={"search": given.search})


def _print_config(resolved: "Config", given: "Config") -> None:
    """Prints each setting; on a terminal also the place where it is set, and defaults dimmed.

    What a preset has set, and why where that is in use, is written to a file too.
    """
    is_terminal = sys.stdout.isatty()
    if not is_terminal and given.preset is None:
        write_data([resolved.to_yaml(nulls=True), "\n"])
        return
    from nnscratch.config.presets import PRESETS, PresetPlace
    from nnscratch.config.reading.yaml import dump_inline

    lines = []
    for key, value in resolved.to_dict(nulls=True).items():
        place = given.place_of(key)
        why = str(place) if place and is_terminal else ""
        if isinstance(place, PresetPlace) and given.preset:
            is_in_use = bool(getattr(resolved, key))
            if key == "own_validation":
                is_in_use = resolved.draws_own_validation
            reason = f": {PRESETS[given.preset.name].reasons[key]}" if is_in_use else ""
            why = f"{place}{reason}"
        lines.append((f"{key}: {dump_inline(value)}", why, bool(place)))
    if not is_terminal:
        write_data(
            [f"{text}  # {why}\n" if why else f"{text}\n" for text, why, _ in lines] + ["\n"]
        )
        return
    from rich.text import Text

    shown = Text()
    for text, why, is_set in lines:
        shown.append(escape(text), style="" if is_set else "dim")
        shown.append(f"  # {escape(why)}\n" if why else "\n", style="cyan")
    console().print(shown, soft_wrap=True)


def _print_layers(network: "Network") -> None:
    layers = network.summary()
    print_table(
        ["layer", "setting", "output shape", "parameters"],
        [
            ["input", "", f"(rows, {network.inputs})", 0],
            *([row.name, row.what, f"(rows, {row.units})", row.parameters] for row in layers),
            ["total", "", "", sum(row.parameters for row in layers)],
        ],
        last_is_total=True,
    )


def _print_cost(experiment: "Experiment") -> None:
    from nnscratch.experiment.training_cost import estimate_cost

    if experiment.config.ensemble > 1:
        count = experiment.config.ensemble
        print_text(f"networks       {count:,}, each with these layers, whose mean predicts")
    cost = estimate_cost(experiment)
    print_text(
        f"memory         {size_text(cost.memory)} to train, and about "
        f"{size_text(cost.rows_memory)} for {plural(cost.rows, 'row')} at once\n"
        f"multiply-adds  {cost.predicting:,} an example to predict, {cost.training:,} to train"
    )


def _print_annotations(run: Path) -> None:
    from nnscratch.runs import read_annotations

    annotations = read_annotations(run)
    if annotations.tags:
        print_text(f"tags           {', '.join(annotations.tags)}")
    if annotations.note:
        print_text(f"note           {annotations.note}")
