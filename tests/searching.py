"""Small searches for the tests, carried out in this process."""

import json
from pathlib import Path
from typing import Any

from nnscratch.config import Config, load
from nnscratch.search.crews.alone import Alone
from nnscratch.search.crews.base import Crew
from nnscratch.search.launch import begin, check_search, go_on
from nnscratch.search.search import Search
from nnscratch.search.task import DataCache

# Two dozen rows and a handful of epochs: a trial takes a few milliseconds.
BASE = """
dataset: {name: moons, samples: 40, validation: 0.25, test: 0.2}
architecture: [4]
epochs: 6
"""
SPACE = """
  space:
    learning_rate: {log_uniform: [0.001, 1.0]}
    optimizer: {choice: [adam, sgd]}
    optimizer.momentum: {uniform: [0, 0.9], when: {optimizer: sgd}}
    architecture: {choice: [[4], [8, 4]]}
"""


def write_config(folder: Path, search: str = "", *, base: str = BASE, space: str = SPACE) -> Path:
    """Writes a config whose search has these lines and this space, and returns the file."""
    path = folder / "small.yaml"
    given = [line for line in search.split("; ") if line]
    given += [] if "confirm" in search else ["confirm: 0"]
    lines = "".join(f"\n  {line}" for line in given)
    path.write_text(f"{base}search:{lines}{space}")
    return path


def small(folder: Path, search: str = "trials: 4", **parts: str) -> Config:
    """Returns that config."""
    return load(write_config(folder, search, **parts))


def start(config: Config, folder: Path) -> Search:
    """Returns a search that begins in `folder`."""
    return begin_with(config, folder, Alone(DataCache()))


def begin_with(config: Config, folder: Path, crew: Crew) -> Search:
    """Returns the same with another crew."""
    return begin(config, folder, experiment=check_search(config, DataCache()), crew=crew)


def resumed(search: Search, *changes: str) -> Search:
    """Returns the search that goes on with another."""
    return go_on(search.directory.path, changes, crew=Alone(DataCache()))


def finish(search: Search) -> Search:
    """Carries a search out, and returns it."""
    with search:
        for _ in search:
            pass
    return search


def trials_of(path: Path) -> list[dict[str, Any]]:
    """Returns what is on disk of all trials, but for how long they took."""
    trials = []
    for file in sorted(path.glob("trials/*/trial.json")):
        trial = json.loads(file.read_text())
        for result in trial.get("results", {}).values():
            result.pop("seconds", None)
        trials.append(trial)
    return trials


def weights_of(path: Path) -> dict[str, bytes]:
    """Returns the weights file of each run in a search, by its place in it.

    They hold no time, so those of equal runs are equal.
    """
    return {
        file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("weights.npz")
    }
