"""`nnscratch gradcheck`: compares backpropagation with finite differences for a config."""

from typing import TYPE_CHECKING, Annotated

import typer

from nnscratch.cli import EXIT_FAILED
from nnscratch.cli.options import ConfigFile, Format, Overrides, ReportFormat
from nnscratch.cli.output import print_document
from nnscratch.cli.tables import print_table

if TYPE_CHECKING:
    from nnscratch.nn.inspection.gradcheck import TensorCheck

POSITION_IN_HELP = 150
_TOLERANCE = 1e-5


def gradcheck(
    config: ConfigFile,
    overrides: Overrides = None,
    rows: Annotated[
        int, typer.Option(metavar="N", min=1, max=10_000, help="Rows of data to compute with.")
    ] = 8,
    most: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            help="Elements to compare in each parameter, at most; drawn at random.",
        ),
    ] = 200,
    output_format: Format = ReportFormat.TABLE,
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
    shapes = {name: params[name].shape for name in params}
    all_right = all(check.error < _TOLERANCE for check in checks)
    if output_format is ReportFormat.JSON:
        arrays = [
            {**check._asdict(), "shape": shapes[check.name], "right": check.error < _TOLERANCE}
            for check in checks
        ]
        print_document({"right": all_right, "tolerance": _TOLERANCE, "parameters": arrays})
    else:
        _print_checks(checks, shapes)
    if not all_right:
        raise typer.Exit(EXIT_FAILED)


def _print_checks(checks: "list[TensorCheck]", shapes: dict[str, tuple[int, ...]]) -> None:
    print_table(
        ["parameter", "shape", "checked", "gradient norm", "largest error", "verdict"],
        [
            [
                check.name,
                " × ".join(map(str, shapes[check.name])),
                check.checked,
                f"{check.norm:.3e}",
                f"{check.error:.1e}",
                "right" if check.error < _TOLERANCE else "WRONG",
            ]
            for check in checks
        ],
    )
