"""`nnscratch plot`: pictures of a run, curves of several on one, and how a run has learnt."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnscratch.cli.options import DEFAULT_RUNS, RunsDirectory, is_config

if TYPE_CHECKING:
    from nnscratch.plots import Subject


class Kind(StrEnum):
    """What can be drawn."""

    CURVES = "curves"
    BOUNDARY = "boundary"
    FUNCTION = "function"
    DIAGRAM = "diagram"
    CONFUSION = "confusion"
    MISTAKES = "mistakes"
    KERNELS = "kernels"
    REGRESSION = "regression"
    HISTOGRAMS = "histograms"
    ALL = "all"
    TRAINING = "training"
    SCHEDULE = "schedule"


Runs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="RUN",
        help="Run directories or names; the latest unless given. For a schedule, a config too.",
    ),
]
PictureKind = Annotated[
    Kind,
    typer.Option(
        "--kind",
        case_sensitive=False,
        help="curves of loss and metric; boundary of the classes, with the hidden units; "
        "function of one column, with the hidden units; diagram of the network; confusion "
        "matrix; mistakes that it is surest of; kernels, the first layer's weights as images; "
        "regression, predicted against true; histograms of weights and gradients; all that "
        "apply; training as an animation; schedule of the learning rate.",
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        metavar="A,B",
        help="The two columns of a boundary or the one of a function, where the data has more; "
        "the others are held at their median or commonest word.",
    ),
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="A .png, .svg or .pdf (.gif for the training) that does not exist yet; otherwise "
        "it goes into plots/ of the run; several runs and a schedule go here.",
    ),
]


def plot(
    runs: Runs = None,
    kind: PictureKind = Kind.CURVES,
    columns: Columns = None,
    output_file: OutputFile = None,
    runs_dir: RunsDirectory = DEFAULT_RUNS,
) -> None:
    """Draw a run's pictures.

    Several runs have their curves on one picture. The animation, --kind training, needs a run
    whose config says `snapshots: 40`.

    Example: nnscratch plot xor --kind boundary --output xor.svg
    """
    from nnscratch.errors import UsageError

    if columns is not None and kind not in (Kind.BOUNDARY, Kind.FUNCTION, Kind.TRAINING):
        raise UsageError("--columns is for --kind boundary, function and training")
    if kind is Kind.SCHEDULE:
        _plot_schedule(runs or [], runs_dir, output_file)
        return
    from nnscratch.cli.progress import Spinner
    from nnscratch.plots import Subject
    from nnscratch.runs import find, find_weights

    with Spinner() as spinner:
        look_up = find if kind is Kind.CURVES else find_weights
        chosen = [] if columns is None else _split_columns(columns)
        subjects = [
            Subject(look_up(name, runs_dir), chosen, report=spinner.say)
            for name in runs or ["latest"]
        ]
        files = _draw(subjects, kind, output_file)
    for file in files:
        print(file)


def _split_columns(columns: str) -> list[str]:
    from nnscratch.data.columns import split_values
    from nnscratch.errors import UsageError

    try:
        return split_values(columns)
    except UsageError as error:
        raise UsageError(f"--columns: {error}") from None


def _draw(subjects: list["Subject"], kind: Kind, output_file: Path | None) -> list[Path]:
    """Draws, and returns the files."""
    from nnscratch import plots as drawing
    from nnscratch.cli.output import say
    from nnscratch.errors import UsageError
    from nnscratch.files.atomic import check_new
    from nnscratch.plots.figures import style
    from nnscratch.plots.figures.gif import check_gif, save_gif

    subject = subjects[0]
    if len(subjects) > 1 and kind is not Kind.CURVES:
        raise UsageError(f"--kind {kind} draws one run; got {len(subjects)}")
    if kind is Kind.ALL:
        if output_file:
            raise UsageError("--kind all draws several files into plots/ of the run, not --output")
        if subject.found.directory is None:
            alone = f"{subject.found.weights}: a weights file alone has no plots/ to draw into"
            raise UsageError(f"{alone}; name a run, or a --kind with --output")
        files = [drawing.draw_own(subject, name) for name in drawing.own_pictures(subject)]
        trouble = drawing.find_data_trouble(subject)
        if trouble:
            say(f"warning: only what needs no data is drawn: {trouble}")
        return files
    target, own = _target(subjects, kind, output_file)
    (check_gif if kind is Kind.TRAINING else style.check_format)(target)
    if not own:
        check_new(target)  # said now, not after all is drawn
    several = len(subjects) > 1
    picture: Any = drawing.draw_curves(subjects) if several else drawing.draw(subject, kind)
    if own:
        target.parent.mkdir(exist_ok=True)
    # A run's own picture of itself is drawn anew; whatever else has that name is the user's.
    (save_gif if kind is Kind.TRAINING else style.save)(picture, target, exclusive=not own)
    return [target]


def _target(subjects: list["Subject"], kind: Kind, output_file: Path | None) -> tuple[Path, bool]:
    """Returns where a picture goes, and whether that is among a run's own."""
    from nnscratch.plots import KINDS
    from nnscratch.runs import PLOTS

    suffix = KINDS[kind].suffix
    if len(subjects) > 1:
        return output_file or Path(f"{kind}.{suffix}"), False
    found = subjects[0].found
    if found.directory is None:
        return output_file or Path(f"{found.weights.stem}-{kind}.{suffix}"), False
    own = found.directory / PLOTS / f"{kind}.{suffix}"
    return output_file or own, output_file in (None, own)


def _plot_schedule(names: list[str], runs_dir: Path, output_file: Path | None) -> None:
    from nnscratch.config import load
    from nnscratch.config.contradictions import find_contradictions
    from nnscratch.errors import UsageError
    from nnscratch.nn.registry import create
    from nnscratch.nn.training.schedules import SCHEDULES
    from nnscratch.plots.figures import style
    from nnscratch.plots.figures.schedule import draw_schedule
    from nnscratch.runs import find

    if len(names) != 1:
        raise UsageError("--kind schedule draws one config: nnscratch plot --kind schedule CONFIG")
    path = Path(names[0]) if is_config(names[0]) else find(names[0], runs_dir).config
    if path is None:
        raise UsageError(f"{names[0]}: has no config beside it")
    config = load(path, find_files=False)
    broken = list(find_contradictions(config))
    if broken:
        raise config.error(*broken)
    for name in (config.schedule.name, config.optimizer.name):
        if name in ("reduce_on_plateau", "lbfgs"):
            rule = "finds the rate in the course of the training, so it cannot be drawn before"
            raise UsageError(f"{path}: {name} {rule}")
    target = output_file or Path(f"{config.name}-schedule.png")
    style.check_format(target)
    schedule = create(SCHEDULES, config.schedule.model_dump())
    figure = draw_schedule(config.name, schedule, config.learning_rate, config.epochs)
    style.save(figure, target, exclusive=True)
    print(target)
