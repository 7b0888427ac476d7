"""A trial: a point, and what came of training with it, recorded beside its run.

trial.json is written before the run begins, so a search that is killed knows what it had suggested.
"""

import json
from math import inf
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nnscratch.errors import RunError
from nnscratch.files.atomic import write_text
from nnscratch.files.regular import open_regular
from nnscratch.search.samplers.base import Observation

TRIALS = "trials"
RECORD = "trial.json"


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", defer_build=True)


class Result(_Part):
    """What is known of a trial once it has trained for some epochs."""

    order: int = Field(ge=0)
    """How many results the search had before."""
    epochs: int = Field(ge=0)
    cost: float
    """The objective, turned so that less is better; infinite if the trial failed."""
    is_whole: bool
    """Whether it trained to its end."""
    seconds: float = Field(0.0, ge=0)
    reason: str = ""
    """Why it failed, or empty."""


class Trial(_Part):
    """What trial.json holds."""

    number: int = Field(ge=0)
    """Counted from 1; 0 is the config itself."""
    point: dict[str, Any]
    told: int = Field(ge=0)
    """How many results the sampler knew."""
    same_as: int | None = None
    """An earlier trial with the same point, whose results are those of this one too."""
    results: dict[int, Result] = {}
    """By the rung; a search that does not prune has rung 0 only."""

    @property
    def last(self) -> Result | None:
        """The result after the most epochs."""
        return self.results[max(self.results)] if self.results else None

    @property
    def is_failed(self) -> bool:
        """Whether it failed."""
        return self.last is not None and self.last.cost == inf

    def observation(self) -> Observation:
        """Returns what the sampler is told of a trial that has a result."""
        last = self.last
        assert last
        return Observation(self.point, last.cost, last.epochs, last.is_whole)


def directory_of(search: Path, number: int) -> Path:
    """Returns the directory of a trial, which is its run directory too."""
    return search / TRIALS / f"{number:04d}"


def write_trial(search: Path, trial: Trial) -> None:
    """Replaces trial.json.

    Raises:
        OSError: It cannot be written.
    """
    directory = directory_of(search, trial.number)
    directory.mkdir(parents=True, exist_ok=True)
    values = trial.model_dump(mode="json", exclude_defaults=True)
    write_text(directory / RECORD, json.dumps(values, indent=2) + "\n")


def read_trials(search: Path) -> list[Trial]:
    """Returns all trials that have begun, by their numbers.

    Raises:
        RunError: A trial.json is damaged.
    """
    trials: list[Trial] = []
    while (file := directory_of(search, len(trials)) / RECORD).is_file():
        try:
            with open_regular(file) as content:
                trial = Trial.model_validate_json(content.read())
        except OSError as error:
            raise RunError(f"{file}: cannot be read: {error.strerror}") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise RunError(f"{file}: cannot be read: {first['msg']}") from None
        if trial.number != len(trials):
            raise RunError(f"{file}: is of trial {trial.number}, not {len(trials)}")
        trials.append(trial)
    return trials
