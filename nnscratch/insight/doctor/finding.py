"""One thing that an examination found: with its numbers, how serious it is and what to do."""

from dataclasses import dataclass
from typing import Literal

from nnscratch.errors import Problem

# All is well; worth a look; training will most likely fail.
Level = Literal["fine", "look", "problem"]


@dataclass(frozen=True)
class Finding(Problem):
    """One thing that was found: a problem, something worth a look, or that all is well.

    Its rule is a sentence with the numbers, unless a key begins the sentence.

    Attributes:
        level: How serious it is.
        changes: Settings that may help, such as `initializer: auto`; they are tried before one of
            them becomes the remedy.
    """

    level: Level = "fine"
    changes: tuple[str, ...] = ()
