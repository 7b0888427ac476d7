"""A search at work: a crew is given the trials that the plan chooses, and their ends are recorded.

A search that is killed and goes on, one trial at a time, has the same trials as one that never was.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from math import inf
from pathlib import Path
from typing import Any, Self

from nnscratch.config import Config
from nnscratch.config.contradictions import refuse_contradictions
from nnscratch.config.reading.search_space import with_values
from nnscratch.config.settings.search import SearchSettings
from nnscratch.errors import ConfigError, RunError
from nnscratch.nn.training.schedules import SCHEDULES
from nnscratch.runs import read_record
from nnscratch.search.best import write_best
from nnscratch.search.confirmation import Confirmation
from nnscratch.search.crews.base import Crew
from nnscratch.search.directory import SearchDirectory
from nnscratch.search.ledger import Ledger
from nnscratch.search.objective import cost_of, figure_of
from nnscratch.search.strategy import Strategy
from nnscratch.search.table import write_table
from nnscratch.search.task import Outcome, Task
from nnscratch.search.trial import Result, Trial, directory_of

# A task whose process dies so often has most likely killed it.
_MOST_DEATHS = 3
# The table can be made again at any moment, so it need not be the newest.
_TABLE_SECONDS = 2.0

# A trial trains one network, whatever is trained of the best in the end.
SINGLE = {"ensemble": 1}


def plan_of(settings: SearchSettings) -> dict[str, Any] | None:
    """Returns the plan of the runs of a trial; None if it is a single one."""
    if settings.folds is None and settings.repeat == 1:
        return None
    return {"folds": settings.folds, "repeat": settings.repeat}


class Search:
    """A context to search in, and in it an iterator over the trials that get a result.

    Args:
        directory: Where it is recorded; it is closed with the context.
        crew: Who trains.
        command: What the user typed, for the records of the runs.

    Attributes:
        ledger: The trials; there once the context has begun.
        strategy: What decides which of them trains next.
        plan: Of the runs of each trial; None if it is a single one.
        confirmation: The best trial and the config itself, trained again.
    """

    def __init__(self, directory: SearchDirectory, crew: Crew, command: Sequence[str] = ()) -> None:
        assert directory.config.search
        self.directory = directory
        self.settings = directory.config.search
        self.crew = crew
        self.strategy = Strategy(directory.config)
        self.plan = plan_of(self.settings)
        self.confirmation = Confirmation(self, command)
        self._command = tuple(command)
        self._training: dict[str, tuple[Trial, int]] = {}
        self._deaths: Counter[str] = Counter()
        self._news: list[Trial] = []
        self._is_over = False
        self._written = 0.0
        self._contexts = ExitStack()

    def __enter__(self) -> Self:
        self._began = time.monotonic() - self.directory.record.seconds
        self._contexts.callback(self.directory.close)
        try:
            self._contexts.enter_context(self.crew)
            self.ledger = Ledger(self.directory.path)
        except BaseException:
            self._contexts.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._contexts:
            record = self.directory.record
            record.status = "completed" if self._is_over else "interrupted"
            record.seconds = round(self.seconds, 3)
            self.directory.save()
            write_table(self)
            write_best(self)

    def __iter__(self) -> Iterator[Trial]:
        """Trains, and yields each trial that has a new result.

        Raises:
            RunError: Something is wrong that all trials would meet, such as a full disk.
            OSError: A file cannot be written.
        """
        while True:
            self._fill()
            yield from self._take_news()
            if not self.crew.busy:
                self._is_over = self.is_time_over or not self.crew.stopping
                return
            for task, outcome in self.crew.wait():
                self._take(task, outcome)
            yield from self._take_news()
            if self.is_time_over and not self.crew.stopping:
                self.crew.stop()

    @property
    def seconds(self) -> float:
        """How long it has taken, without the time between two resumptions."""
        return time.monotonic() - self._began

    @property
    def is_time_over(self) -> bool:
        """Whether `max_seconds` are over."""
        limit = self.settings.max_seconds
        return limit is not None and self.seconds >= limit

    @property
    def has_whole_rungs(self) -> bool:
        """Whether trials are pruned that do not go on from a checkpoint, but train once more."""
        spread = self.settings.space.get("schedule")
        names = [self.directory.config.schedule.name, *(spread.limits if spread else ())]
        known = [name["name"] if isinstance(name, dict) else name for name in names]
        return self.settings.prune is not None and any(SCHEDULES[n].spans_training for n in known)

    def run_of(self, trial: Trial, rung: int | None = None) -> Path:
        """Returns the run directory of a trial, or of one of its rungs where each has its own."""
        trial = self.ledger.original_of(trial)
        directory = directory_of(self.directory.path, trial.number)
        if self._is_pruned(trial) and self._spans_training(trial):
            rung = max(trial.results, default=0) if rung is None else rung
            return directory / f"epochs-{self.strategy.rungs[rung]}"
        return directory

    def config_of(self, trial: Trial, changes: Mapping[str, Any] | None = None) -> Config:
        """Returns the config of a trial, without the search.

        Raises:
            ConfigError: Its values do not fit each other.
        """
        base = self.directory.config
        # With `auto`, how busy other processes are would matter.
        threads = 1 if base.threads == "auto" else base.threads
        given = {**SINGLE, "threads": threads, **trial.point, **(changes or {})}
        config = with_values(base, given)
        refuse_contradictions(config)
        return config

    def _is_pruned(self, trial: Trial) -> bool:
        return self.settings.prune is not None and trial.number > 0

    def _spans_training(self, trial: Trial) -> bool:
        """Returns whether the learning rate of a trial is spread over all of its epochs."""
        schedule = with_values(self.directory.config, trial.point).schedule.name
        return SCHEDULES[schedule].spans_training

    def _fill(self) -> None:
        """Gives tasks to the crew while it has room for them."""
        while self.crew.room and not self.crew.stopping and not self.is_time_over:
            busy = {trial.number for trial, _ in self._training.values()}
            step = self.strategy.next_step(self.ledger, busy)
            self._news += self.strategy.skipped
            self.strategy.skipped = []
            if step:
                self._submit(*step)
                continue
            task = None if self._training else self.confirmation.next_task()
            if task is None:
                return
            self.crew.submit(task)

    def _submit(self, trial: Trial, rung: int) -> None:
        changes, until = {}, None
        try:
            if self._is_pruned(trial):
                if self._spans_training(trial):
                    changes = {"epochs": self.strategy.rungs[rung]}
                elif rung < len(self.strategy.rungs) - 1:
                    until = self.strategy.rungs[rung]
            config = self.config_of(trial, changes)
        except ConfigError as error:
            self._record(trial, rung, Outcome("failed", "; ".join(map(str, error.problems))))
            return
        where = str(self.run_of(trial, rung))
        task = Task(config.to_dict(), where, until, self._command, self.plan)
        self._training[task.where] = trial, rung
        self.crew.submit(task)

    def _take(self, task: Task, outcome: Outcome) -> None:
        """Records how a task ended.

        Raises:
            RunError: It ended for a reason that all others would meet too.
        """
        step = self._training.pop(task.where, None)
        if outcome.status == "broken":
            raise RunError(outcome.reason)
        if outcome.status == "lost":
            self._deaths[task.where] += 1
            if self._deaths[task.where] < _MOST_DEATHS:
                return
            often = f"{outcome.reason}, {_MOST_DEATHS} times; is there enough memory?"
            outcome = outcome._replace(status="failed", reason=often)
        if step is None:
            self.confirmation.take(task, outcome)
        elif outcome.status != "stopped":
            self._record(*step, outcome)

    def _record(self, trial: Trial, rung: int, outcome: Outcome) -> None:
        """Adds a result to a trial, in its trial.json and in the table."""
        run, cost, epochs, is_whole = self.run_of(trial, rung), inf, 0, True
        if outcome.status == "done":
            record = read_record(run)
            cost = cost_of(figure_of(run, self.settings.objective), self.settings.objective)
            epochs = record.epochs_done or 0
            is_last = not self._is_pruned(trial) or rung == len(self.strategy.rungs) - 1
            has_ended = record.status == "completed" and not self._spans_training(trial)
            is_whole = is_last or has_ended
        result = Result(
            order=self.ledger.results,
            epochs=epochs,
            cost=cost,
            is_whole=is_whole,
            seconds=round(outcome.seconds, 3),
            reason=outcome.reason if cost == inf else "",
        )
        self.ledger.add(trial, rung, result)
        if time.monotonic() - self._written >= _TABLE_SECONDS:
            write_table(self)
            self._written = time.monotonic()
        self._news.append(trial)

    def _take_news(self) -> list[Trial]:
        news, self._news = self._news, []
        return news
