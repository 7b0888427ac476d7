"""Drawing the plots of a run, and finding out which kinds of plots it has."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from nnscratch.errors import DataError, UsageError
from nnscratch.files.atomic import check_new
from nnscratch.plots.figures import animation
from nnscratch.plots.figures.style import (
    FORMATS,
    check_format,
    draw_pixels,
    save_figure,
    save_png,
)
from nnscratch.plots.kind import Drawing, PlotKind
from nnscratch.plots.kinds import kind_names, load_kind
from nnscratch.plots.plotted_run import NO_RUN, PlottedRun
from nnscratch.runs import PLOTS


def draw(runs: Sequence[PlottedRun], name: str) -> Drawing:
    """Draws a kind of plot, of one run or of several.

    Args:
        runs: One run, or several for a kind that draws them together.
        name: The name of the kind.

    Raises:
        UsageError: A run does not have it; the message says why, and which kinds it has.
        NNScratchError: What is to be drawn cannot be read.
    """
    kind = load_kind(name)
    if len(runs) > 1:
        assert kind.draw_together
        for run in runs:
            if reason := _unavailable(run, kind):
                raise UsageError(f"{run.name}: {reason}")
        return kind.draw_together(runs)
    (run,) = runs
    reason = _unavailable(run, kind)
    if not reason:
        return kind.draw(run)
    message = f"{run.name}: {reason}"
    if run.files or run.experiment:
        # Columns that do not exist say nothing about which kinds there are.
        names = ", ".join(available_kinds(replace(run, columns=())))
        prefix = "without these columns it has" if run.columns else "it has"
        message = f"{message}\n{prefix} {f'the plots {names}' if names else 'no plots'}"
    raise UsageError(message)


def available_kinds(run: PlottedRun) -> Iterator[str]:
    """Yields the names of the kinds of plots that a run has."""
    without_data = bool(find_data_problem(run))
    kinds = _kinds_of_runs() if run.is_trained else _kinds_before_training()
    for name, kind in kinds:
        if not (without_data and kind.needs == "data") and not _unavailable(run, kind):
            yield name


def find_data_problem(run: PlottedRun) -> str:
    """Returns why the data of a run cannot be read; an empty string if they can or are unknown."""
    try:
        if run.names_data:
            run.dataset  # noqa: B018 - whether it can be read
    except (DataError, UsageError) as error:
        return str(error)
    return ""


def plots_to_draw(run: PlottedRun, *, of_history: bool = False) -> dict[str, Callable[[], Drawing]]:
    """Returns what is drawn into the plots/ of a run by itself: functions that draw, by name.

    Args:
        run: The run.
        of_history: Whether to draw only what shows how training went.
    """
    plots: dict[str, Callable[[], Drawing]] = {}
    for name in available_kinds(run):
        kind = load_kind(name)
        if of_history and kind.needs != "history":
            continue
        if kind.parts:
            plots |= kind.parts(run)
        elif kind.suffix in FORMATS:
            plots[name] = partial(kind.draw, run)
    return plots


def remove_old_plots(run: PlottedRun) -> None:
    """Removes all plots of what a run knew before it was resumed.

    Raises:
        OSError: One cannot be removed.
    """
    for name, kind in _kinds_of_runs():
        (run.directory / PLOTS / f"{name}.{kind.suffix}").unlink(missing_ok=True)


def draw_into_run(run: PlottedRun, name: str, draw_plot: Callable[[], Drawing]) -> Path:
    """Draws an item of `plots_to_draw` into the plots/ of a run, and returns the file.

    Raises:
        NNScratchError: What is to be drawn cannot be read.
        OSError: The file cannot be written.
    """
    return draw_for_run(run, name, draw_plot)()


def draw_for_run(
    run: PlottedRun, name: str, draw_plot: Callable[[], Drawing]
) -> Callable[[], Path]:
    """Draws as `draw_into_run`, and returns what writes the file, which another thread may do."""
    figure = draw_plot()
    assert not isinstance(figure, list), "animations are drawn on demand only"
    image = draw_pixels(figure)

    def write() -> Path:
        path = run.directory / PLOTS / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        save_png(image, path)
        return path

    return write


def save_plots_before_training(run: PlottedRun, *, replace_files: bool = False) -> list[Path]:
    """Draws all that a config has before training into the current folder.

    Args:
        run: The config, and its experiment.
        replace_files: Whether files of these names are replaced.

    Raises:
        As `save_plot`; nothing is drawn then.
    """
    names = list(available_kinds(run))
    if not replace_files:
        for name in names:
            kind = load_kind(name)
            check_new(_default_path([run], f"{name}.{kind.suffix}", kind))
    return [save_plot([run], name, replace_file=replace_files) for name in names]


def save_plot(
    runs: Sequence[PlottedRun], name: str, path: Path | None = None, *, replace_file: bool = False
) -> Path:
    """Draws a kind of plot as `draw` does, saves it, and returns the file.

    Args:
        runs: As for `draw`.
        name: The name of the kind.
        path: The file; by default, one in the plots/ of a run, or in the current folder for
            several runs and for what is not a run.
        replace_file: Whether a file that exists already is replaced. A run's own plot always is.

    Raises:
        UsageError: As `draw`; or the kind cannot be saved in the format of the path's suffix.
        OSError: The file cannot be written; FileExistsError: it exists, and is not the run's own.
    """
    kind = load_kind(name)
    default = _default_path(runs, f"{name}.{kind.suffix}", kind)
    path = path or default
    # A run's own plot is drawn again; any other file of this name belongs to the user.
    in_run = path == default and path.parent.name == PLOTS
    if kind.suffix in FORMATS:
        check_format(path, FORMATS)
    else:
        animation.check_encoder(check_format(path, animation.FORMATS))
    exclusive = not in_run and not replace_file
    if exclusive:
        check_new(path)  # reported before anything is drawn
    drawing = draw(runs, name)
    if in_run:
        path.parent.mkdir(exist_ok=True)
    _save(drawing, path, exclusive=exclusive)
    return path


def _default_path(runs: Sequence[PlottedRun], file_name: str, kind: PlotKind) -> Path:
    run = runs[0]
    if len(runs) > 1:
        return Path(file_name)
    if kind.needs == "config" or not run.is_trained:
        return Path(f"{run.config.name}-{file_name}")
    if run.has_directory:
        return run.directory / PLOTS / file_name
    return Path(f"{run.weights.stem}-{file_name}")


def _save(drawing: Drawing, path: Path, *, exclusive: bool = False) -> None:
    if isinstance(drawing, list):
        animation.save_animation(drawing, path, exclusive=exclusive)
    else:
        save_figure(drawing, path, exclusive=exclusive)


def _kinds_of_runs() -> Iterator[tuple[str, PlotKind]]:
    for name in kind_names():
        kind = load_kind(name)
        if kind.needs != "config":
            yield name, kind


def _kinds_before_training() -> Iterator[tuple[str, PlotKind]]:
    for name in kind_names():
        kind = load_kind(name)
        if kind.needs == "config" or kind.before_training:
            yield name, kind


def _unavailable(run: PlottedRun, kind: PlotKind) -> str:
    """Returns why a run does not have a kind of plot; an empty string if it does."""
    if not run.is_trained and not kind.before_training and kind.needs != "config":
        return "is a config, and this shows what training has done"
    if kind.needs == "history" and not run.has_directory:
        return NO_RUN
    if kind.needs == "data" and not run.names_data:
        return "there is no config next to it that names its data; name a run"
    return kind.unavailable(run)
