"""Whether the best trial is surely better than the config itself: both are trained again.

The best of many trials looks better than it is, as it was chosen for looking good. So both are
trained with other seeds, for which nothing was chosen, and compared seed by seed.
"""

from collections.abc import Sequence
from math import inf
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from nnscratch.errors import ConfigError, RunError
from nnscratch.search.objective import cost_of, figure_of
from nnscratch.search.significance import corrected_t_test
from nnscratch.search.task import Outcome, Task, find_end
from nnscratch.search.trial import Trial

if TYPE_CHECKING:
    from nnscratch.search.search import Search

CONFIRM = "confirm"


class Verdict(NamedTuple):
    """How much better the best trial is than the config itself, over seeds."""

    gains: list[float]
    """By how much, for each seed; positive is better, in the units of the objective."""
    mean: float
    margin: float
    """Half the width of the confidence interval; infinite for a single seed."""

    @property
    def word(self) -> str:
        """The verdict in words."""
        if self.mean > self.margin:
            return "surely better"
        if self.mean < -self.margin:
            return "surely worse"
        return "not surely better"


class Confirmation:
    """The tasks that train the best trial and the config itself with other seeds.

    Args:
        search: What has found the best.
        command: What the user typed, for the records of the runs.
    """

    def __init__(self, search: "Search", command: Sequence[str]) -> None:
        self._search = search
        self._command = tuple(command)
        self._training: set[str] = set()
        self._failed: set[str] = set()

    def next_task(self) -> Task | None:
        """Returns a task that is neither done nor under way."""
        for task in self._tasks():
            if task.where not in self._training | self._failed and find_end(task) is None:
                self._training.add(task.where)
                return task
        return None

    def take(self, task: Task, outcome: Outcome) -> None:
        """Notes how a task ended."""
        self._training.discard(task.where)
        if outcome.status == "failed":
            self._failed.add(task.where)

    def verdict(self, held_out_share: float) -> Verdict | None:
        """Returns what the runs say; None where there are none.

        Args:
            held_out_share: How many rows the objective is measured on for each row trained on.

        Raises:
            RunError: A run.json is damaged.
        """
        objective = self._search.settings.objective
        by_trial: dict[int, list[float]] = {}
        for trial, task in self._pairs():
            try:
                figure = figure_of(Path(task.where), objective)
            except RunError:
                return None
            by_trial.setdefault(trial.number, []).append(cost_of(figure, objective))
        if len(by_trial) != 2:
            return None
        gains = [a - b for a, b in zip(*by_trial.values(), strict=True)]
        return judge(gains, held_out_share)

    def _tasks(self) -> list[Task]:
        try:
            return [task for _, task in self._pairs()]
        except ConfigError:  # a seed does not matter to any rule
            return []

    def _pairs(self) -> list[tuple[Trial, Task]]:
        search, best = self._search, self._search.ledger.best
        if best is None or not search.ledger.trials or search.ledger.trials[0].is_failed:
            return []
        pairs = []
        for i in range(1, search.settings.confirm + 1):
            for trial in (search.ledger.trials[0], best):
                # A trial has as many seeds as it is repeated.
                seed = search.directory.config.seed + i * search.settings.repeat
                config = search.config_of(trial, {"seed": seed})
                where = search.directory.path / CONFIRM / f"{trial.number:04d}-seed-{seed}"
                task = Task(config.to_dict(), str(where), None, self._command, search.plan)
                pairs.append((trial, task))
        return pairs


def judge(gains: Sequence[float], held_out_share: float) -> Verdict:
    """Returns the mean of paired differences and its 95 % interval; see `corrected_t_test`."""
    if len(gains) < 2:
        return Verdict([*gains], mean(gains), inf)
    test = corrected_t_test(gains, held_out_share)
    return Verdict([*gains], test.mean, test.high - test.mean)
