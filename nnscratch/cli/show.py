"""`nnscratch show`: what a config comes to, and the layers of its network."""

from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.options import DEFAULT_RUNS, Overrides, RunsDirectory
from nnscratch.cli.output import say
from nnscratch.cli.tables import print_table


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
    from nnscratch.errors import UnavailableError, UsageError
    from nnscratch.preparation import prepare
    from nnscratch.runs import find

    path = Path(what)
    is_config = path.suffix in (".yaml", ".yml") or (path.is_file() and path.suffix != ".npz")
    if not is_config:
        found = find(what, runs_dir)
        if found.config is None:
            raise UsageError(f"{found.weights}: has no config beside it to show")
        path = found.config
    config = load(path, overrides or [])
    try:
        prepared = prepare(config, download=False)
    except UnavailableError as error:
        print(config.to_yaml(), end="")
        say(f"no layer table: {error}; training fetches it")
        return
    network = prepared.model.network
    print(prepared.config.to_yaml())
    layers = network.summary()
    print_table(
        ["layer", "setting", "output shape", "parameters"],
        [
            ["input", "", f"(rows, {network.inputs})", 0],
            *([r.name, r.what, f"(rows, {r.units})", r.parameters] for r in layers),
            ["total", "", "", sum(row.parameters for row in layers)],
        ],
        last_is_total=True,
    )
