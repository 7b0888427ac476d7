"""`nnscratch note`: a note and tags of a run, and that the other commands show them."""

import json
from pathlib import Path

from tests.conftest import Command


def test_a_note_and_tags_are_kept_and_shown(trained: Path, nnscratch: Command) -> None:
    before = {p.name: p.read_bytes() for p in trained.iterdir() if p.is_file()}
    result = nnscratch("note", "latest", "twice as wide", "--tag", "base", "--tag", "b2")
    assert result.code == 0, result.err
    assert "note     twice as wide" in result.out
    assert nnscratch("note", "latest").out == result.out
    for command in (["runs"], ["show", "latest"]):
        shown = nnscratch(*command).out
        assert "twice as wide" in shown
        assert "base, b2" in shown
    after = {p.name: p.read_bytes() for p in trained.iterdir() if p.is_file()}
    notes = after.pop("notes.json")
    assert after == before
    assert json.loads(notes) == {"note": "twice as wide", "tags": ["base", "b2"]}


def test_a_note_is_replaced_and_removed(trained: Path, nnscratch: Command) -> None:
    nnscratch("note", "latest", "one", "--tag", "a")
    assert "note     two" in nnscratch("note", "latest", "two").out
    emptied = nnscratch("note", "latest", "--delete", "--untag", "a").out
    assert emptied.splitlines()[1:] == ["tags     none", "note     none"]
    assert json.loads((trained / "notes.json").read_text()) == {"note": "", "tags": []}
    assert nnscratch("runs").out.splitlines()[0].split()[-1] == "age"


def test_train_writes_them_from_the_beginning(workplace: Path, nnscratch: Command) -> None:
    options = ["--no-plots", "--tag", "base", "--note", "wide"]
    trained = json.loads(
        nnscratch("train", "configs/xor.yaml", "epochs=2", *options, "--format", "json").out
    )
    assert (trained["tags"], trained["note"]) == (["base"], "wide")
    assert nnscratch("runs", "--tag", "base").out.count("xor-") == 1
    assert nnscratch("runs", "--tag", "other").out == ""


def test_mistakes(trained: Path, nnscratch: Command) -> None:
    for arguments, words in (
        (["note", "nowhere", "x"], "nowhere"),
        (["note", "latest", "x", "--delete"], "not both"),
        (["note", "latest", "--tag", "two words"], "one word"),
        (["note", "latest", "--untag", "x"], "no tags"),
        (["train", "configs/xor.yaml", "--tag", "a,b"], "one word"),
    ):
        result = nnscratch(*arguments)
        assert (result.code, result.out) == (2, "")
        assert words in result.err
    assert [path.name for path in trained.parent.iterdir()] == [trained.name]
    alone = trained.parent.parent / "alone.npz"
    alone.write_bytes((trained / "weights.npz").read_bytes())
    assert "belongs to no run" in nnscratch("note", alone, "x").err
