"""The plots of a search: what its trials say, handed to the figures."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from nnscratch.config.reading.yaml import dump_inline
from nnscratch.config.settings.search import RangeSettings
from nnscratch.nn.metrics import metric_of
from nnscratch.plots.figures import search as figures
from nnscratch.plots.figures.style import Figure, save_figure
from nnscratch.runs import PLOTS
from nnscratch.search.importance import importances
from nnscratch.search.ledger import Ledger
from nnscratch.search.objective import value_of
from nnscratch.search.search import Search
from nnscratch.search.space import Space
from nnscratch.search.trial import Trial


def draw_search(search: Search) -> list[Path]:
    """Draws the plots of a search into its plots/, and returns the files; none without a best.

    Raises:
        OSError: One cannot be written.
    """
    folder = search.directory.path / PLOTS
    files = []
    for name, figure in _figures(search):
        folder.mkdir(exist_ok=True)
        save_figure(figure, folder / f"{name}.png")
        files.append(folder / f"{name}.png")
    return files


def _figures(search: Search) -> Iterator[tuple[str, Figure]]:
    ledger, objective = search.ledger, search.settings.objective
    best, default = ledger.best, ledger.trials[0].last
    if best is None or best.last is None:
        return
    value = value_of(best.last.cost, objective)
    assert value is not None
    name = search.directory.record.name
    title = figures.describe(name, objective, len(ledger.searched), best.number, value)
    ended = [trial for trial in ledger.searched if ledger.result_of(trial)]
    points = [_point(ledger, trial, objective) for trial in ended]
    metric = metric_of(objective)
    yield (
        "progress",
        figures.draw_progress(
            title,
            objective,
            points,
            value_of(default.cost, objective) if default else None,
            higher_is_better=bool(metric and metric.higher_is_better),
        ),
    )
    space = Space(search.settings.space)
    settings = [_setting(key, spread, ended) for key, spread in space.ranges.items()]
    yield "parameters", figures.draw_parameters(title, objective, points, settings, best.number)
    shares = importances(space, ledger.own)
    if shares and len(shares) > 1:
        what = f"{name}: which settings mattered to {objective}, by a random forest"
        yield "importances", figures.draw_importances(what, list(shares), list(shares.values()))


def _point(ledger: Ledger, trial: Trial, objective: str) -> figures.Point:
    result = ledger.result_of(trial)
    assert result
    return figures.Point(trial.number, value_of(result.cost, objective), result.is_whole)


def _setting(key: str, spread: RangeSettings, trials: list[Trial]) -> figures.Setting:
    values: list[Any] = [trial.point.get(key) for trial in trials]
    numbers = [v for v in spread.limits if isinstance(v, int | float) and not isinstance(v, bool)]
    if spread.kind != "choice" or len(numbers) == len(spread.limits):
        return figures.Setting(key, values, is_log=spread.kind == "log_uniform")
    index = partial(_index, spread.limits)
    choices = [dump_inline(choice) for choice in spread.limits]
    return figures.Setting(key, [index(trial, key) for trial in trials], choices)


def _index(choices: list[Any], trial: Trial, key: str) -> int | None:
    return choices.index(trial.point[key]) if key in trial.point else None
