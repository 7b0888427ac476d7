"""What all formats share: the files that are written, and what is not known to a format."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnscratch.errors import NNScratchError
from nnscratch.model.operation import Operation


@dataclass(frozen=True)
class Export:
    """What an export consists of.

    Attributes:
        files: The content of each file, by what its name has behind the name of the export, such
            as `.py` or `_main.c`; the one that the format is named after comes first.
        notes: What is to be known about them.
    """

    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


def refuse(operation: Operation, file_format: str) -> NNScratchError:
    """Returns the error for an operation that a format cannot write yet."""
    file = "page/model.js" if file_format == "html" else f"{file_format}_format.py"
    return NNScratchError(
        f"the operation {type(operation).__name__} cannot be exported to {file_format}; "
        f"nnscratch/export/{file} has one function for each that it knows"
    )


def comment_text(text: str, most: int = 100) -> str:
    """Returns text for a comment: letters, digits and harmless marks, whatever it held before."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in " .,:=+_-()%") else "?" for c in text)
    return safe if len(safe) <= most else f"{safe[: most - 3]}..."
