"""A note and tags: read back as they were written, and refused where they are no words."""

import json
from pathlib import Path

import pytest

from nnscratch.errors import RunError, UsageError
from nnscratch.runs import Annotations, read_annotations


def test_they_are_read_back(tmp_path: Path) -> None:
    assert read_annotations(tmp_path) == Annotations()
    written = Annotations().with_note("  größer\nals 3 \x1b[2J ").with_tags(["base", "größer-2"])
    written.write(tmp_path)
    assert read_annotations(tmp_path) == written
    assert written.note == "größer\nals 3 \x1b[2J"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.json"]


def test_tags_are_added_once_and_removed() -> None:
    one = Annotations().with_tags(["a", "b", "a"])
    assert one.tags == ["a", "b"]
    assert one.with_tags(["c"], ["a"]).tags == ["b", "c"]
    with pytest.raises(UsageError, match="no tag 'x'; its tags are a, b"):
        one.with_tags([], ["x"])
    with pytest.raises(UsageError, match="it has no tags"):
        Annotations().with_tags([], ["x"])


@pytest.mark.parametrize("tag", ["", "two words", "a,b", "a\n", "x" * 51, "\x1b"])
def test_a_tag_is_a_word(tag: str) -> None:
    with pytest.raises(UsageError, match="a tag is one word"):
        Annotations().with_tags([tag])


@pytest.mark.parametrize("text", ["", "[]", "{", '{"tags": "a"}', '{"note": 1}', "\xff"])
def test_a_damaged_file_is_an_error_that_names_it(text: str, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(RunError, match=r"notes\.json: .*cannot be read"):
        read_annotations(tmp_path)


def test_a_note_is_text() -> None:
    with pytest.raises(UsageError, match=r"must be text in UTF-8; got 'a\\udcff'"):
        Annotations().with_note("a\udcff")  # as Python reads the byte ff of a command line


def test_what_a_later_version_wrote_is_kept(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text('{"note": "a", "tags": [], "stars": 5}')
    read_annotations(tmp_path).with_tags(["b"]).with_note("c").write(tmp_path)
    written = json.loads((tmp_path / "notes.json").read_text())
    assert written == {"note": "c", "tags": ["b"], "stars": 5}
