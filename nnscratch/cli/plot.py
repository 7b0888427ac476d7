"""`nnscratch plot`: the learning curves of one run, or of several on one picture."""

from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.options import DEFAULT_RUNS, RunsDirectory


def plot(
    runs: Annotated[
        list[str] | None,
        typer.Argument(metavar="RUN", help="Run directories or names; the latest unless given."),
    ] = None,
    output_file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="A .png, .svg or .pdf that does not exist yet; otherwise plots/curves.png of the "
            "run, or curves.png here for several runs.",
        ),
    ] = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Draw loss and accuracy over the epochs.

    Example: nnscratch plot xor xor-relu --output both.svg
    """
    from nnscratch.plots import curves, style
    from nnscratch.runs import read_metrics

    directories = [_directory(name, runs_dir) for name in runs or ["latest"]]
    own_picture = directories[0] / "plots" / "curves.png" if len(directories) == 1 else None
    target = output_file or own_picture or Path("curves.png")
    style.check_format(target)
    same_name = len({directory.name for directory in directories}) < len(directories)
    histories = {
        str(directory) if same_name else directory.name: read_metrics(directory)
        for directory in directories
    }
    columns = list(dict.fromkeys(c for h in histories.values() for c in curves.metric_columns(h)))
    if target == own_picture:
        target.parent.mkdir(exist_ok=True)
    # A run's own picture of itself is drawn anew; whatever else has that name is the user's.
    style.save(curves.draw_curves(histories, columns), target, exclusive=target != own_picture)
    print(target)


def _directory(name: str, runs_dir: Path) -> Path:
    from nnscratch.errors import UsageError
    from nnscratch.runs import find

    directory = find(name, runs_dir).directory
    if directory is None:
        raise UsageError(f"{name}: a weights file alone has no curves; name a run")
    return directory
