"""What a person writes about a run: a note and tags, in a file of its own beside run.json.

A process that trains replaces run.json as it goes on; a note written there would be lost.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from nnscratch.errors import RunError, UsageError
from nnscratch.files.atomic import write_text
from nnscratch.files.regular import open_regular

NOTES = "notes.json"
_TAG = re.compile(r"[\w.+-]{1,50}")


class Annotations(BaseModel):
    """A note and tags; both may be empty."""

    # Keys of a later version are kept.
    model_config = ConfigDict(strict=True, frozen=True, extra="allow", defer_build=True)

    note: str = ""
    tags: list[str] = []

    def with_tags(self, added: Iterable[str], removed: Iterable[str] = ()) -> "Annotations":
        """Returns them with other tags.

        Raises:
            UsageError: One to add is not a word, or one to remove is not there.
        """
        for tag in added:
            if not _TAG.fullmatch(tag):
                rule = "a tag is one word of letters, digits and . _ + -, up to 50 of them"
                raise UsageError(f"{rule}; got {tag!r}")
        absent = [tag for tag in removed if tag not in self.tags]
        if absent:
            has = f"its tags are {', '.join(self.tags)}" if self.tags else "it has no tags"
            raise UsageError(f"the run has no tag {absent[0]!r}; {has}")
        tags = dict.fromkeys([*self.tags, *added])
        return self.model_copy(update={"tags": [tag for tag in tags if tag not in {*removed}]})

    def with_note(self, note: str) -> "Annotations":
        """Returns them with another note; blanks around it are left out.

        Raises:
            UsageError: It has bytes that are no text.
        """
        if not _is_text(note):
            raise UsageError(f"a note must be text in UTF-8; got {note!r}")
        return self.model_copy(update={"note": note.strip()})

    def write(self, run: Path) -> None:
        """Replaces the notes of a run directory.

        Raises:
            OSError: They cannot be written.
        """
        text = json.dumps(self.model_dump(), indent=2, ensure_ascii=False)
        write_text(run / NOTES, f"{text}\n")


def _is_text(note: str) -> bool:
    """Returns whether a note can be written: bytes of the command line need not be text."""
    try:
        note.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_annotations(run: Path) -> Annotations:
    """Reads the note and tags of a run directory; they are empty where nobody wrote any.

    Raises:
        RunError: They cannot be read.
    """
    file = run / NOTES
    try:
        with open_regular(file) as content:
            return Annotations.model_validate_json(content.read())
    except FileNotFoundError:
        return Annotations()
    except OSError as error:
        raise RunError(f"{file}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"`{part}` " for part in first["loc"])
        raise RunError(f"{file}: {where}cannot be read: {first['msg']}") from None
