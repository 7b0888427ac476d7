"""Choosing runs by what is known of them: by conditions such as `accuracy>0.98`, name and tags."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from math import isfinite
from pathlib import Path
from typing import Any

from nnscratch.errors import UsageError
from nnscratch.formatting import some
from nnscratch.runs.summary import Summary, figures_of

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_CONDITION = re.compile(
    rf"\s*([^<>=!]+?)\s*({'|'.join(_OPERATORS)})\s*((?![<>=!]).*?)\s*", re.DOTALL
)


@dataclass(frozen=True)
class Condition:
    """A figure of a run compared with a value: numbers as numbers, texts by their letters.

    A value such as `98%` is 0.98, as tables show accuracies.

    Attributes:
        text: The condition as it was written.
        figure: The name of the figure.
        compare: The comparison.
        value: What it is compared with.
    """

    text: str
    figure: str
    compare: Callable[[Any, Any], bool]
    value: str

    def holds(self, summary: Summary) -> bool:
        """Returns whether a run fulfils it; one that has no such figure does not.

        Raises:
            UsageError: The figure is a number, and the value is none.
        """
        figure = figures_of(summary).get(self.figure)
        if figure is None:
            return False
        if isinstance(figure, str):
            return self.compare(figure, self.value)
        try:
            share = self.value.removesuffix("%")
            number = float(share) if share == self.value else float(share) / 100
            if not isfinite(number):
                raise ValueError
        except ValueError:
            rule = f"{self.figure} is a number; got {self.value!r}"
            raise UsageError(f"{self.text}: {rule}") from None
        return self.compare(figure, number)


def parse_condition(text: str) -> Condition:
    """Returns the condition that a text such as `accuracy>0.98` stands for.

    Raises:
        UsageError: It is none.
    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        rule = "a condition is a figure, one of > >= < <= = != and a value, such as accuracy>0.98"
        raise UsageError(f"{text}: {rule}")
    figure, sign, value = match.groups()
    return Condition(text, figure, _OPERATORS[sign], value)


@dataclass(frozen=True)
class Selection:
    """Which runs are chosen, and in which order; by default all, in the order in which they come.

    Attributes:
        conditions: All of them have to hold.
        name: A part of the run's name or directory, or a pattern with `*`, `?` and `[…]` for it.
        statuses: The run has one of them.
        tags: The run has all of them.
        sort: The figure to sort by; `-figure` sorts from the largest. Runs without it come last.
        limit: The most runs, at least 1: the first of those that are sorted, else the last.
    """

    conditions: Sequence[Condition] = ()
    name: str | None = None
    statuses: Sequence[str] = ()
    tags: Sequence[str] = ()
    sort: str | None = None
    limit: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves any run out."""
        has_filter = bool(self.conditions or self.statuses or self.tags)
        return has_filter or self.name is not None or self.limit is not None

    def choose(self, summaries: Sequence[Summary]) -> list[Summary]:
        """Returns the runs that are chosen.

        Raises:
            UsageError: No run has a figure that is named, or it is not compared with a number.
        """
        figures = [condition.figure for condition in self.conditions]
        figures += [self.sort.removeprefix("-")] if self.sort else []
        _check_known(figures, summaries)
        chosen = [summary for summary in summaries if self._fits(summary)]
        if self.sort:
            chosen = _sort(chosen, self.sort.removeprefix("-"), falling=self.sort[0] == "-")
        if self.limit is None:
            return chosen
        return chosen[: self.limit] if self.sort else chosen[-self.limit :]

    def _fits(self, summary: Summary) -> bool:
        return (
            all(condition.holds(summary) for condition in self.conditions)
            and (self.name is None or _is_named(summary, self.name))
            and (not self.statuses or summary["status"] in self.statuses)
            and {*self.tags} <= {*summary["tags"]}
        )


def _is_named(summary: Summary, pattern: str) -> bool:
    names = (summary["name"] or "", Path(summary["run"]).name)
    if any(sign in pattern for sign in "*?["):
        return any(fnmatchcase(name, pattern) for name in names)
    return any(pattern in name for name in names)


def _check_known(names: Sequence[str], summaries: Sequence[Summary]) -> None:
    known = dict.fromkeys(name for summary in summaries for name in figures_of(summary))
    for name in names if summaries else ():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}? There" if near else "there"
            raise UsageError(f"no run has the figure {name!r}; {hint} are {some([*known], 50)}")


def _sort(summaries: Sequence[Summary], name: str, *, falling: bool) -> list[Summary]:
    values = [(figures_of(summary).get(name), summary) for summary in summaries]
    having = [(value, summary) for value, summary in values if value is not None]
    # Later versions may write a figure as a text in some runs and as a number in others.
    having.sort(key=lambda pair: (isinstance(pair[0], str), pair[0]), reverse=falling)
    return [s for _, s in having] + [s for value, s in values if value is None]
