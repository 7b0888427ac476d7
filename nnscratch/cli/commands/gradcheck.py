"""`nnscratch gradcheck`: compares backpropagation with finite differences for a config."""

from typing import Annotated

import typer

from nnscratch.cli.options import ConfigFile, Overrides
from nnscratch.cli.tables import print_table

POSITION_IN_HELP = 150
_TOLERANCE = 1e-5


def gradcheck(
    config: ConfigFile,
    overrides: Overrides = None,
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="Rows of data to compute with.")] = 8,
    most: Annotated[
        int,
        typer.Option(
            min=1, help="Elements to compare in each parameter, at most; drawn at random."
        ),
    ] = 200,
) -> None:
    """Compare gradients with finite differences.

    Central differences in float64, near the network's initial weights, for each parameter array.
    The exit code is 1 if a gradient is wrong.

    Example: nnscratch gradcheck configs/xor.yaml
    """
    from nnscratch.cli.progress import Spinner
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.insight.gradient_check import check_backpropagation

    with Spinner() as spinner:
        settings = load(config, [*(overrides or []), "dtype=float64"])
        experiment = prepare(settings, report=spinner.say)
        checks = check_backpropagation(experiment, rows=rows, most=most)
    params = experiment.model.network.params
    print_table(
        ["parameter", "shape", "checked", "gradient norm", "largest error", "verdict"],
        [
            [
                check.name,
                " × ".join(map(str, params[check.name].shape)),
                check.checked,
                f"{check.norm:.3e}",
                f"{check.error:.1e}",
                "right" if check.error < _TOLERANCE else "WRONG",
            ]
            for check in checks
        ],
    )
    if not all(check.error < _TOLERANCE for check in checks):
        raise typer.Exit(1)
