"""Showing the progress of a search: trials done, the best so far, and the time left."""

import sys
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Self

from nnscratch.cli.output import console, print_message
from nnscratch.model.scores import brief_text
from nnscratch.search.objective import value_of

if TYPE_CHECKING:
    from nnscratch.search.search import Search
    from nnscratch.search.trial import Trial

_REDRAWS_PER_SECOND = 5
_PLAIN_LINES = 10


class SearchProgress(AbstractContextManager["SearchProgress"]):
    """A line that changes on a terminal, about ten lines elsewhere, and nothing if `quiet`."""

    def __init__(self, search: "Search", *, quiet: bool = False) -> None:
        self._search = search
        self._drawn = 0.0
        self._shown = 0
        self._bar: Any = None
        self._is_plain = not quiet and not sys.stderr.isatty()
        if not quiet and not self._is_plain:
            from rich import progress

            self._bar = progress.Progress(
                progress.TextColumn("trial {task.completed:,.0f}/{task.total:,.0f}"),
                progress.BarColumn(bar_width=8),
                progress.TextColumn("{task.fields[best]}"),
                progress.TextColumn("{task.fields[left]}"),
                console=console(stderr=True),
                auto_refresh=False,
            )
            self._task = self._bar.add_task("", total=search.settings.trials, best="", left="")

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        self._began = time.monotonic()
        self._before: int | None = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self.draw(always=True)
            self._bar.stop()

    def update(self, trial: "Trial") -> None:
        """Takes a trial that has a new result."""
        done, trials = self._count(), self._search.settings.trials
        every = max(1, -(-trials // _PLAIN_LINES))
        is_due = done // every > self._shown // every or done == trials
        if self._is_plain and done > self._shown and is_due:
            self._shown = done
            print_message(f"trial {done:,}/{trials:,}  {self._best_text()}  {self._left_text()}")

    def draw(self, *, always: bool = False) -> None:
        """Draws the line anew if it has been there for a while."""
        if self._bar and (always or time.monotonic() - self._drawn >= 1 / _REDRAWS_PER_SECOND):
            self._drawn = time.monotonic()
            texts = {"best": self._best_text(), "left": self._left_text()}
            self._bar.update(self._task, completed=self._count(), **texts)
            self._bar.refresh()

    def _count(self) -> int:
        done = sum(
            self._search.ledger.result_of(trial) is not None
            for trial in self._search.ledger.searched
        )
        if self._before is None:
            self._before = done
        return done

    def _best_text(self) -> str:
        best, objective = self._search.ledger.best, self._search.settings.objective
        value = value_of(best.last.cost, objective) if best and best.last else None
        if best is None or value is None:
            return "no best yet"
        return f"best {brief_text(objective, value)} (trial {best.number})"

    def _left_text(self) -> str:
        """Returns how long the trials that are left take if they take as long as those so far."""
        search, done = self._search, self._count()
        new = done - (self._before or 0)
        if new <= 0:
            return ""
        if done >= search.settings.trials:
            return "confirming" if search.settings.confirm else ""
        left = (search.settings.trials - done) * (time.monotonic() - self._began) / new
        if search.settings.max_seconds is not None:
            left = min(left, max(search.settings.max_seconds - search.seconds, 0.0))
        minutes, seconds = divmod(round(left), 60)
        return f"{minutes}:{seconds:02} left"
