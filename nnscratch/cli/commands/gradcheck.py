"""`nnscratch gradcheck`: backpropagation against finite differences, for a config of one's own."""

from typing import Annotated

import typer

from nnscratch.cli.options import ConfigFile, Overrides
from nnscratch.cli.tables import print_table

_TOLERANCE = 1e-5


def gradcheck(
    config: ConfigFile,
    overrides: Overrides = None,
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="Rows of data to compute with.")] = 8,
    most: Annotated[
        int, typer.Option(min=1, help="Elements of a parameter to compare, drawn at random.")
    ] = 200,
) -> None:
    """Compare gradients with finite differences.

    Central ones, in float64, near the network's first weights, for each parameter array. Exit
    code 1 says that a gradient is wrong.

    Example: nnscratch gradcheck configs/xor.yaml
    """
    from nnscratch.cli.progress import Spinner
    from nnscratch.config import load
    from nnscratch.experiment.prepare import prepare
    from nnscratch.insight.gradient_check import check_backpropagation

    with Spinner() as spinner:
        settings = load(config, [*(overrides or []), "dtype=float64"])
        prepared = prepare(settings, report=spinner.say)
        checks = check_backpropagation(prepared, rows=rows, most=most)
    shapes = {name: array.shape for name, array in prepared.model.network.params.items()}
    wrong = [check.error >= _TOLERANCE for check in checks]
    print_table(
        ["parameter", "shape", "checked", "gradient norm", "largest error", "verdict"],
        [
            [
                check.name,
                " × ".join(map(str, shapes[check.name])),
                check.checked,
                f"{check.norm:.3e}",
                f"{check.error:.1e}",
                "WRONG" if is_wrong else "right",
            ]
            for check, is_wrong in zip(checks, wrong, strict=True)
        ],
    )
    if any(wrong):
        raise typer.Exit(1)
