"""Showing the progress of training: a bar on a terminal, a few plain lines elsewhere."""

import sys
import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Self

from nnscratch.cli.output import console, print_message
from nnscratch.formatting import escape

if TYPE_CHECKING:
    from rich.status import Status

    from nnscratch.nn.training.epoch import EpochRecord
    from nnscratch.training.trainer import Trainer

_REDRAWS_PER_SECOND = 10
_PLAIN_LINES = 10


class Progress(AbstractContextManager["Progress"]):
    """Shows nothing of the epochs that go by; what shows them overrides `update`."""

    def update(self, record: "EpochRecord") -> None:
        """Takes an epoch's record."""

    def __exit__(self, *_: object) -> None:
        """Leaves the screen as it is to stay."""


class Lines(Progress):
    """Prints about ten lines in all, evenly spaced, for logs and pipes."""

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs
        self._every = max(1, -(-epochs // _PLAIN_LINES))

    def update(self, record: "EpochRecord") -> None:
        epoch = record.epoch
        if epoch == 1 or epoch % self._every == 0 or epoch == self._epochs:
            from nnscratch.model.scores import scores_text
            from nnscratch.nn.metrics import CALIBRATED_LOSS

            shown = {name: v for name, v in record.scores.items() if name != CALIBRATED_LOSS}
            print_message(f"epoch {epoch:,}/{self._epochs:,}  {scores_text(shown)}")


class Bar(Progress):
    """A bar with the scores, samples per second and the time left."""

    def __init__(self, epochs: int, rows: int, done: int) -> None:
        from rich import progress

        self._rows, self._done = rows, done
        self._bar = progress.Progress(
            progress.TextColumn("epoch {task.completed:,.0f}/{task.total:,.0f}"),
            progress.BarColumn(bar_width=8),
            progress.TextColumn("{task.fields[scores]}"),
            progress.TextColumn("{task.fields[speed]}"),
            progress.TextColumn("left"),
            progress.TimeRemainingColumn(compact=True),
            console=console(stderr=True),
            auto_refresh=False,
        )
        self._task = self._bar.add_task("", total=epochs, completed=done, scores="", speed="")
        self._drawn = time.monotonic()
        self._seconds = 0.0
        self._last: EpochRecord | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def update(self, record: "EpochRecord") -> None:
        self._last = record
        self._seconds += record.seconds
        now = time.monotonic()
        if now - self._drawn >= 1 / _REDRAWS_PER_SECOND:
            self._drawn = now
            self._draw(record)

    def __exit__(self, *_: object) -> None:
        if self._last:
            self._draw(self._last)
        self._bar.stop()

    def _draw(self, record: "EpochRecord") -> None:
        from nnscratch.model.scores import brief_scores_text

        rows = (record.epoch - self._done) * self._rows
        speed = f"{_short(rows / max(self._seconds, 1e-9))} rows/s"
        scores = brief_scores_text(record.scores)
        self._bar.update(self._task, completed=record.epoch, scores=scores, speed=speed)
        self._bar.refresh()


class Spinner(AbstractContextManager["Spinner"]):
    """Shows what takes long before training begins; nothing, as long as nothing does."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._status: Status | None = None

    def say(self, text: str) -> None:
        """Shows what is being done, and that it goes on; a warning stays on the screen."""
        if text.startswith("warning"):
            self.__exit__()
            self._status = None
            print_message(text)
        elif self._quiet:
            return
        elif not sys.stderr.isatty():
            print_message(text)
        else:
            from rich.text import Text

            # As a Text it is taken literally: an error may hold brackets.
            self._status = self._status or console(stderr=True).status(Text())
            self._status.update(Text(escape(text)))
            self._status.start()

    def show(self, text: str) -> None:
        """Shows one of many steps, on a terminal only: elsewhere they would be many lines."""
        if sys.stderr.isatty():
            self.say(text)

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()


def _short(count: float) -> str:
    for letter, unit in (("M", 1e6), ("k", 1e3)):
        if count >= unit:
            return f"{count / unit:.3g}{letter}"
    return f"{count:.0f}"


def choose(trainer: "Trainer", epochs: int, *, quiet: bool = False) -> Progress:
    """Returns what suits where stderr goes, for a trainer that goes on to `epochs`."""
    if quiet:
        return Progress()
    if not sys.stderr.isatty():
        return Lines(epochs)
    return Bar(epochs, len(trainer.experiment.dataset.splits["train"]), trainer.epochs_done)
