"""`nnscratch show`: what a config comes to, and the layers of its network."""

from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli import output
from nnscratch.cli.options import DEFAULT_RUNS, Overrides, RunsDirectory


def show(
    what: Annotated[
        str,
        typer.Argument(metavar="CONFIG|RUN", help="A YAML config file, a run directory or name."),
    ],
    overrides: Overrides = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Show a config with all its defaults, and the layer table.

    Example: nnscratch show configs/xor-relu.yaml
    """
    from nnscratch.config import load
    from nnscratch.errors import UsageError
    from nnscratch.experiment import prepare
    from nnscratch.runs import find

    path = Path(what)
    if not path.is_file() or path.suffix not in (".yaml", ".yml"):
        if path.suffix in (".yaml", ".yml"):
            load(path)  # says why it cannot be read
        config_path = find(what, runs_dir).config
        if config_path is None:
            raise UsageError(f"{what}: has no config beside it to show")
        path = config_path
    prepared = prepare(load(path, overrides or []))
    network = prepared.model.network
    print(prepared.config.to_yaml())
    layers = network.summary()
    output.print_table(
        ["layer", "activation", "output shape", "parameters"],
        [
            ["input", "", f"(rows, {network.inputs})", 0],
            *([r.name, r.activation, f"(rows, {r.units})", r.parameters] for r in layers),
            ["total", "", "", sum(row.parameters for row in layers)],
        ],
        last_is_total=True,
    )
