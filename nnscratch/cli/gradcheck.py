"""`nnscratch gradcheck`: backpropagation against finite differences, for a config of one's own."""

from typing import Annotated

import typer

from nnscratch.cli.options import ConfigFile, Overrides
from nnscratch.cli.tables import print_table

_TOLERANCE = 1e-5
_MOVE = 0.01


def gradcheck(
    config: ConfigFile,
    overrides: Overrides = None,
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="Rows of data to compute with.")] = 8,
    most: Annotated[
        int, typer.Option(min=1, help="Elements of a parameter to compare, drawn at random.")
    ] = 200,
) -> None:
    """Compare a network's gradients with central differences, in float64, near its first weights.

    Exit code 1 says that a gradient is wrong.

    Example: nnscratch gradcheck configs/xor.yaml
    """
    import numpy as np

    from nnscratch.cli.progress import Spinner
    from nnscratch.config import load
    from nnscratch.nn.gradcheck import check_gradients
    from nnscratch.preparation import penalty_of, prepare

    with Spinner() as spinner:
        settings = load(config, [*(overrides or []), "dtype=float64"])
        prepared = prepare(settings, report=spinner.say)
        model, split = prepared.model, prepared.dataset.splits["train"]
        params = model.network.params.flat
        # Where all biases are 0 and so is an input, a relu sits on its kink, where it has no slope.
        params += np.random.default_rng(prepared.config.seed).normal(scale=_MOVE, size=params.size)
        checks = check_gradients(
            model.network,
            model.transform(split.inputs[:rows]),
            model.encoding.encode(split.targets[:rows]),
            penalty=penalty_of(prepared.config),
            most=most,
        )
    shapes = model.network.params
    print_table(
        ["parameter", "shape", "checked", "gradient norm", "largest error", "verdict"],
        [
            [
                check.name,
                " × ".join(map(str, shapes[check.name].shape)),
                check.checked,
                f"{check.norm:.3e}",
                f"{check.error:.1e}",
                "right" if check.error < _TOLERANCE else "WRONG",
            ]
            for check in checks
        ],
    )
    if any(check.error >= _TOLERANCE for check in checks):
        raise typer.Exit(1)
