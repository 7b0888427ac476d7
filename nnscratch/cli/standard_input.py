"""A table from standard input, `-`: kept in a file while the command runs, as it is read twice."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from nnscratch.cli.output import print_message
from nnscratch.errors import NNScratchError, UsageError

_DASH = Path("-")
_NAME = "standard input"
_FOLDER = "nnscratch-stdin-"


@contextmanager
def as_file(path: Path) -> Iterator[Path]:
    """Yields the path of a table; for `-`, that of a copy of what stands in standard input.

    A message about the copy calls it `standard input`.

    Raises:
        UsageError: There is no standard input.
        OSError: It cannot be read, or there is no room for it.
    """
    if path != _DASH:
        yield path
        return
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("-: there is no standard input")
    if sys.stdin.isatty():
        print_message("reading a table from the terminal")
    with TemporaryDirectory(prefix=_FOLDER) as folder:
        copy = Path(folder, _NAME)
        with copy.open("xb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        try:
            yield copy
        except NNScratchError as error:
            error.args = (rename(str(error), copy),)
            raise


def rename(text: str, path: Path) -> str:
    """Returns a text with the name that the user knows for the path of a table."""
    is_copy = path.name == _NAME and path.parent.name.startswith(_FOLDER)
    return text.replace(str(path), _NAME) if is_copy else text
