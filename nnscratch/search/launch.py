"""Launching a search, or going on with one."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from nnscratch.config import Config
from nnscratch.config.contradictions import find_contradictions
from nnscratch.config.reading.search_space import with_values
from nnscratch.data.dataset import Report
from nnscratch.errors import Problem, UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.search.crews.alone import Alone
from nnscratch.search.crews.base import Crew
from nnscratch.search.crews.processes import Processes
from nnscratch.search.directory import SearchDirectory
from nnscratch.search.halving import rungs
from nnscratch.search.objective import check_objective, with_objective
from nnscratch.search.plan import Plan
from nnscratch.search.search import SINGLE, Search, plan_of
from nnscratch.search.start import start_many
from nnscratch.search.strategy import Strategy
from nnscratch.search.task import DataCache


def check_search(config: Config, data: DataCache, report: Report = lambda _: None) -> Experiment:
    """Returns the experiment of a config that has a search, which is fit to be searched.

    Raises:
        UsageError: It has no search, or its sampler is not installed.
        ConfigError: The objective is not measured, or parts do not fit.
        DataError: The data is not available.
    """
    if config.search is None:
        raise UsageError("the config has no `search`; docs/search.md shows one")
    Strategy(config)  # raises
    base = with_values(config, SINGLE)
    plan = plan_of(config.search)
    if plan:
        rows = data.get(base, report, is_whole=True)
        experiment = start_many(base, Plan(**plan), dataset=rows).first
    else:
        experiment = prepare(base, dataset=data.get(base, report))
    check_objective(with_objective(config, experiment), experiment)
    if config.search.prune:
        first = rungs(config.epochs)[0]
        short = with_values(config, {**SINGLE, "epochs": first})
        for problem in find_contradictions(short):
            rule = f"trains the first trials for {first} epochs: `{problem.key}` {problem.rule}"
            raise config.error(Problem(rule, "search.prune"))
    return experiment


def begin(
    config: Config,
    runs_directory: Path | str = "runs",
    *,
    experiment: Experiment,
    crew: Crew,
    command: Sequence[str] = (),
) -> Search:
    """Returns a search in a new directory, of whose config `check_search` made the experiment."""
    config = with_objective(config, experiment)
    fingerprint = experiment.data_fingerprint
    directory = SearchDirectory.create(Path(runs_directory), config, command, fingerprint)
    return Search(directory, crew, command)


def go_on(
    path: Path,
    changes: Sequence[str] = (),
    *,
    crew: Crew,
    command: Sequence[str] = (),
    data_fingerprint: str = "",
) -> Search:
    """Returns a search that goes on where it stopped.

    Raises:
        As `SearchDirectory.reopen`.
    """
    return Search(SearchDirectory.reopen(path, changes, data_fingerprint), crew, command)


def gather(
    workers: int, data: DataCache, config: Config, on_epoch: Callable[[], None] = lambda: None
) -> tuple[Crew, int]:
    """Returns a crew on this machine, and how many it is: as many as its cores are enough for."""
    threads = 1 if config.threads == "auto" else config.threads
    count = max(1, min(workers, cores() // threads))
    return (Processes(count, on_epoch) if count > 1 else Alone(data, on_epoch)), count


def cores() -> int:
    """Returns how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
