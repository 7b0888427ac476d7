"""One thing that an examination found, with its numbers and what to do about it."""

from dataclasses import dataclass
from typing import Literal

# All is well; worth a look; training will most likely fail.
Level = Literal["fine", "look", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes:
        rule: What was found: one sentence, with the numbers.
        key: The setting or the columns concerned.
        remedy: What to do; empty where nothing needs to be done.
        level: How serious it is.
    """

    rule: str
    key: str = ""
    remedy: str = ""
    level: Level = "fine"
