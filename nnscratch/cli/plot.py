"""`nnscratch plot`: the learning curves of one run, or of several on one picture."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nnscratch.cli.options import DEFAULT_RUNS, RunsDirectory


class Kind(StrEnum):
    """What can be drawn."""

    CURVES = "curves"
    SCHEDULE = "schedule"


def plot(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="RUN",
            help="Run directories or names; the latest unless given. For a schedule, a config.",
        ),
    ] = None,
    kind: Annotated[
        Kind, typer.Option("--kind", help="Curves of runs, or a config's learning rate to be.")
    ] = Kind.CURVES,
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
    """Draw the curves of runs, or a schedule.

    Loss and accuracy over the epochs, or a learning-rate schedule before it is used.

    Example: nnscratch plot xor xor-relu --output both.svg
    """
    if kind is Kind.SCHEDULE:
        _plot_schedule(runs or [], output_file)
    else:
        _plot_curves(runs or ["latest"], output_file, runs_dir)


def _plot_schedule(configs: list[str], output_file: Path | None) -> None:
    from nnscratch.combinations import find_contradictions
    from nnscratch.config import load
    from nnscratch.errors import UsageError
    from nnscratch.nn.registry import create
    from nnscratch.nn.schedules import SCHEDULES
    from nnscratch.plots import style
    from nnscratch.plots.schedule import draw_schedule

    if len(configs) != 1:
        raise UsageError("--kind schedule draws one config: nnscratch plot --kind schedule CONFIG")
    config = load(configs[0])
    broken = list(find_contradictions(config))
    if broken:
        raise config.error(*broken)
    for name in (config.schedule.name, config.optimizer.name):
        if name in ("reduce_on_plateau", "lbfgs"):
            rule = "finds the rate in the course of the training, so it cannot be drawn before"
            raise UsageError(f"{configs[0]}: {name} {rule}")
    target = output_file or Path(f"{config.name}-schedule.png")
    style.check_format(target)
    schedule = create(SCHEDULES, config.schedule.model_dump())
    figure = draw_schedule(config.name, schedule, config.learning_rate, config.epochs)
    style.save(figure, target, exclusive=True)
    print(target)


def _plot_curves(runs: list[str], output_file: Path | None, runs_dir: Path) -> None:
    from nnscratch.plots import curves, style
    from nnscratch.runs import read_metrics

    directories = [_directory(name, runs_dir) for name in runs]
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
    if name.endswith((".yaml", ".yml")):
        raise UsageError(f"{name}: a config has no curves; --kind schedule draws its learning rate")
    if directory is None:
        raise UsageError(f"{name}: a weights file alone has no curves; name a run")
    return directory
