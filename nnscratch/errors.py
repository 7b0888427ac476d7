"""The exceptions that nnscratch raises for things a user can mend.

The command line catches `NNScratchError` in one place, prints its lines and exits with its code.
"""

from collections.abc import Mapping, Sequence
from math import nan
from typing import ClassVar


class NNScratchError(Exception):
    """Something went wrong that the message explains; exit code 1."""

    exit_code: ClassVar[int] = 1


class UsageError(NNScratchError):
    """The request cannot be carried out as it was made; exit code 2."""

    exit_code = 2


class ConfigError(UsageError):
    """A config has mistakes; the message holds one line for each of them.

    Args:
        problems: The lines.
        texts: What the files that they name held when they were read.
    """

    def __init__(self, problems: Sequence[str], texts: Mapping[str, str] | None = None) -> None:
        super().__init__("\n".join(problems))
        self.problems, self.texts = tuple(problems), dict(texts or {})


class SettingError(UsageError):
    """A data set's setting does not fit its data.

    Args:
        key: The setting, such as `target`.
        rule: What its value breaks.
    """

    def __init__(self, key: str, rule: str) -> None:
        super().__init__(f"`{key}` {rule}")
        self.key, self.rule = key, rule


class DataError(NNScratchError):
    """Data cannot be had, cannot be read, or cannot be learnt from."""


class UnavailableError(DataError):
    """Data on the network that is not in the cache and could not, or should not, be fetched."""


class FileFormatError(NNScratchError):
    """A file is damaged, was edited, or is of another kind than its name says."""


class RunError(NNScratchError):
    """A run directory cannot be written or read."""


class DivergedError(NNScratchError):
    """The loss or a gradient is not finite any more, so training cannot go on.

    Args:
        message: What happened, where, and what usually helps.
        epoch: Counted from 1.
        step: Of the whole training, counted from 1; it was not applied.
        layer: Where the numbers ceased to be finite.
        gradient_norm: Of the step's gradient; it may be nan or infinite.
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
