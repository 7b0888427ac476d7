"""What an examination before training comes to: findings in plain words, and figures by layer.

A finding says one thing with its numbers and, unless all is well, what to do about it.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

# All is well; worth a look; training will most likely come to nothing.
Level = Literal["fine", "look", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes:
        level: How serious it is.
        what: One sentence, with the numbers.
        advice: What to do; empty where nothing need be done.
    """

    level: Level
    what: str
    advice: str = ""


class LayerScale(NamedTuple):
    """How large the numbers of one layer are before training, each a root mean square."""

    name: str
    weights: float
    """Of the kernel."""
    gradient: float
    """Of the loss's gradient by the kernel."""
    step: float | None
    """By how much the first step changes the kernel, as a share of `weights`; None if there is no
    step or the weights are all zero."""


@dataclass(frozen=True)
class Diagnosis:
    """All that was found, in the order in which it is read.

    Attributes:
        findings: About the data, what is to be beaten, and the network.
        layers: First to last; none where the loss is not finite.
    """

    findings: tuple[Finding, ...]
    layers: tuple[LayerScale, ...] = ()

    def count(self, level: Level) -> int:
        """Returns how many findings are of a level."""
        return sum(finding.level == level for finding in self.findings)
