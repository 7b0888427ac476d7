"""Finding a class by what a person or a file writes for it: 2, 2.0 and "2" are one class."""

from collections.abc import Sequence
from math import isfinite

from nnscratch.data.dataset import Label
from nnscratch.formatting import plain_text


def find_class(classes: Sequence[Label], written: object) -> int | None:
    """Returns the index of the class that is meant; None if there is none, or if two could be.

    Args:
        classes: The classes, all different.
        written: The class itself; or another way to write the same number, or true or false.
    """
    names = list(map(plain_text, classes))
    text = plain_text(written)
    if text in names:
        return names.index(text)
    meaning = _meaning(text)
    same = [index for index, name in enumerate(names) if _meaning(name) == meaning]
    return same[0] if len(same) == 1 else None


def _meaning(text: str) -> float | str:
    """Returns a number as such, true and false in small letters, and all other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return text.lower() if text.lower() in ("true", "false") else text
    # Python reads 1_000 as a number too, and infinity.
    return number if isfinite(number) and "_" not in text else text
