"""What `train` and `resume` do with many runs: progress, signals, a line for each, the summary."""

import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import typer

from nnscratch.cli import progress
from nnscratch.cli.drawing import draw_plots
from nnscratch.cli.interrupt import InterruptSignals
from nnscratch.cli.many_scores import print_scores
from nnscratch.cli.output import print_document, print_message, print_text
from nnscratch.cli.training_session import write_out
from nnscratch.errors import DivergedError
from nnscratch.formatting import plural, some, typed
from nnscratch.model.scores import brief_scores_text, scores_of, scores_text
from nnscratch.runs import summarize

if TYPE_CHECKING:
    from nnscratch.search.many_run import ManyResult, ManyRun, Part

_SECONDS_BETWEEN = 0.1


class Pace:
    """Which of many runs is under way, and how long those that are left will take.

    Args:
        names: Of all of them, in their order.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._numbers = {name: number for number, name in enumerate(names, start=1)}
        self._began = time.monotonic()
        self._epochs = 0

    @property
    def width(self) -> int:
        """The length of the longest name."""
        return max(map(len, self._numbers))

    def count(self) -> None:
        """Takes note that an epoch is over."""
        self._epochs += 1

    def text(self, name: str, epoch: int, epochs: int, scores: str) -> str:
        """Returns a line such as `run 2 of 5, seed-43: epoch 3/60  loss 0.1  0:12 left`.

        Args:
            name: Of the run that is under way.
            epoch: How many epochs it has done.
            epochs: How many it has in all, as each of the others is taken to have, too.
            scores: Those of its last epoch.
        """
        number, runs = self._numbers[name], len(self._numbers)
        left = epochs - epoch + (runs - number) * epochs
        seconds = (time.monotonic() - self._began) / self._epochs * left
        minutes, seconds = divmod(round(seconds), 60)
        where = f"run {number} of {runs}, {name}: epoch {epoch:,}/{epochs:,}"
        return f"{where}  {scores}  {minutes}:{seconds:02} left"


def carry_out_many(many: "ManyRun", *, quiet: bool, no_plots: bool, as_json: bool = False) -> None:
    """Carries out all runs, or those until a signal; then prints what they have in common.

    Args:
        many: The runs.
        quiet: Whether to print the path of their directory only.
        no_plots: Whether to draw no plots.
        as_json: Whether the result is a JSON document; then it is that, quiet or not.

    Raises:
        OSError: The result cannot be written. The plots are drawn all the same.
        Exit: With the exit code of the signal, if one stopped them.
    """
    code = 0
    pace = Pace(many.names)
    with many as parts:
        for part in parts:
            code = _carry_out(part, pace, quiet=quiet)
            if code:
                many.stop("stopped by the user")
    result = many.result
    show = partial(_print_result, many, quiet=quiet)
    lost = write_out(partial(print_document, summarize(result.path)) if as_json else show)
    if result.status == "completed" and not no_plots:
        of_history = not many.plan.tests_alike
        if draw_plots(result.path, quiet=quiet, of_history=of_history) and not (quiet or as_json):
            lost = lost or write_out(partial(print_text, f"plots    {result.path}/plots"))
    if lost:
        raise lost
    if result.status == "interrupted":
        raise typer.Exit(code)


def _carry_out(part: "Part", pace: Pace, *, quiet: bool) -> int:
    """Carries out one run and prints a line of it; returns the exit code of a signal, or 0."""
    run = part.run
    epochs = run.trainer.experiment.config.epochs
    is_shown = sys.stderr.isatty() and not quiet
    diverged = ""
    shown = 0.0
    with InterruptSignals(run.interruption) as signals, progress.Spinner(quiet=quiet) as spinner:
        try:
            with run:
                for record in run:
                    pace.count()
                    if is_shown and time.monotonic() - shown >= _SECONDS_BETWEEN:
                        shown = time.monotonic()
                        scores = brief_scores_text(record.scores)
                        spinner.say(pace.text(part.name, record.epoch, epochs, scores))
                    if signals.received:
                        run.stop("stopped by the user")
        except DivergedError as error:
            diverged = str(error).splitlines()[0]
    if not quiet:
        with suppress(OSError):
            print_message(f"{part.name:{pace.width}}  {diverged or _line(part)}")
    return signals.exit_code


def _line(part: "Part") -> str:
    """Returns how a run ended, in a line, which is narrow: the table below it has all scores."""
    result = part.run.result
    scores = scores_of(result.last.scores) if result.last else {}
    last = scores_text(scores)
    tested = {name: value for name, value in (result.test or {}).items() if name in scores}
    test = f"  test {scores_text(tested)}" if tested else ""
    epochs = plural(result.last.epoch if result.last else 0, "epoch")
    stopped = "" if result.status == "completed" else f"{result.status} after "
    return f"{stopped}{epochs}, {last}{test}"


def _print_result(many: "ManyRun", *, quiet: bool) -> None:
    result = many.result
    path = typed(result.path)
    interrupted = result.status == "interrupted"
    if quiet:
        print_text(result.path)
        if interrupted:
            print_message(f"{result.stop_reason}; to go on: nnscratch resume {path}")
        return
    if not interrupted:
        _print_summary(many, result)
    print_text(f"run      {result.path}")
    if not interrupted:
        print_text(f"check    nnscratch doctor {path}")
    print_text(f"next     nnscratch {'resume' if interrupted else 'predict'} {path}")


def _print_summary(many: "ManyRun", result: "ManyResult") -> None:
    from nnscratch.search.results import REFIT, ManyRuns
    from nnscratch.search.summary import count_solved

    recorded = result.record.many
    assert recorded
    runs = plural(recorded.completed or 0, "run")
    print_text(f"completed: {runs} in {result.record.seconds:.2f} s; {recorded.part} rows")
    print_scores(recorded)
    if recorded.diverged:
        print_text(f"diverged {some(recorded.diverged)}")
    scores = ManyRuns(result.path, many.plan, many.jobs).scores
    solved = count_solved(scores)
    if solved is not None:
        counted = sum(job.name != REFIT for job in many.jobs)
        print_text(f"solved   {solved} of {counted}")
    if many.plan.tests_alike and result.record.test:
        together = {name: value for name, value in result.record.test.items() if value is not None}
        print_text(f"together test {scores_text(together)}")
