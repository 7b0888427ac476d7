"""The exceptions that nnscratch raises for things a user can fix, and the problems they hold.

The command line catches `NNScratchError` in one place, prints it and exits with its code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import ClassVar


@dataclass(frozen=True)
class Place:
    """Where something is written: `configs/xor.yaml:4:1`.

    Attributes:
        source: A file's name, or what else holds it.
        line: Counted from 1; None where there are no lines.
        column: Counted from 1.
    """

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Returns source, line and column with colons between."""
        known = (part for part in (self.source, self.line, self.column) if part is not None)
        return ":".join(map(str, known))


@dataclass(frozen=True)
class Problem:
    """Something that is wrong: which rule is broken, by what, where, and how to fix it.

    Attributes:
        rule: What is wrong; it continues a sentence that the key begins: `must be above 0; got -1`.
        key: The setting, a path of dots such as `optimizer.beta_1`; empty if it is not a setting.
        remedy: What to do about it, or empty.
        place: Where it is written, if that is known.
    """

    rule: str
    key: str = ""
    remedy: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        """Returns one line: place, key, rule and remedy."""
        place = "" if self.place is None else f"{self.place}: "
        key = f"`{self.key}` " if self.key else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{key}{self.rule}{remedy}"


class NNScratchError(Exception):
    """Something went wrong that the message explains; exit code 1."""

    exit_code: ClassVar[int] = 1

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong; unless the error knows more, each line of its message."""
        return [Problem(line) for line in str(self).splitlines()]


class UsageError(NNScratchError):
    """The request cannot be carried out as it was made; exit code 2."""

    exit_code = 2


class ConfigError(UsageError):
    """A config has mistakes; the message holds one line for each of them.

    Args:
        problems: The mistakes.
        texts: The contents of the files that their places name, by file name.
    """

    def __init__(self, problems: Sequence[Problem], texts: Mapping[str, str] | None = None) -> None:
        super().__init__("\n".join(map(str, problems)))
        self._problems = tuple(problems)
        self.texts = dict(texts or {})

    @property
    def problems(self) -> Sequence[Problem]:
        """The mistakes."""
        return self._problems


class SettingError(UsageError):
    """A data set's setting does not fit its data.

    Args:
        key: The setting, such as `target`.
        rule: The rule that its value breaks.
        remedy: What to do about it, or empty.
    """

    def __init__(self, key: str, rule: str, remedy: str = "") -> None:
        super().__init__(str(Problem(rule, key, remedy)))
        self.key = key
        self.rule = rule
        self.remedy = remedy


class DataError(NNScratchError):
    """Data is not available, cannot be read, or cannot be learned from."""


class UnavailableError(DataError):
    """Data is not in the cache and could not be, or was not to be, downloaded."""


class FileFormatError(NNScratchError):
    """A file is damaged, was edited, or is not of the kind that its name says."""


class RunError(NNScratchError):
    """A run directory cannot be written or read."""


class TimeUpError(NNScratchError):
    """The time is over in the middle of an epoch."""


class DivergedError(NNScratchError):
    """The loss or a gradient is no longer finite, so training cannot go on.

    Args:
        message: What happened, where, and what usually helps.
        epoch: The epoch, counted from 1.
        step: The step, counted from 1 over all epochs; it was not applied.
        layer: The first layer whose numbers are not finite.
        gradient_norm: The norm of the step's gradient; it may be nan or infinite.
    """

    def __init__(
        self,
        message: str,
        *,
        epoch: int = 0,
        step: int = 0,
        layer: str = "",
        gradient_norm: float = nan,
    ) -> None:
        super().__init__(message)
        self.epoch, self.step, self.layer = epoch, step, layer
        self.gradient_norm = gradient_norm
