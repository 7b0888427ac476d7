"""`nnscratch resume` of a run whose files were edited, cut short or removed names the file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, Result
from tests.stopped import (
    assert_same_run,
    edit_record,
    fingerprint,
    quick_disk,
    read_record,
    start,
    write_config,
)

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
USAGE, FAILED = 2, 1


@pytest.fixture
def stopped(workplace: Path) -> Path:
    """A run of six epochs that was stopped after the third."""
    return start(write_config(workplace, "", epochs=6), until=3)


def assert_refused(result: Result, run: Path, before: dict[str, str], *fragments: str) -> None:
    assert result.code in (USAGE, FAILED), result
    assert result.out == ""
    assert "mistake in nnscratch" not in result.err
    lines = [line for line in result.err.splitlines() if not line.startswith("resumes  ")]
    assert lines
    assert all(line.startswith("error: ") for line in lines), result.err
    for fragment in fragments:
        assert fragment in result.err
    assert fingerprint(run) == before


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(run: Path) -> None:
        content = (run / name).read_bytes()
        changed = change(content)
        assert changed != content
        (run / name).write_bytes(changed)

    return damage


def remove(name: str) -> Callable[[Path], None]:
    return lambda run: (run / name).unlink()


def lines_of(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    return edit("metrics.csv", lambda content: b"".join(change(content.splitlines(keepends=True))))


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


METRICS: dict[str, Callable[[Path], None]] = {
    "gone": remove("metrics.csv"),
    "empty": edit("metrics.csv", lambda _: b""),
    "no header": lines_of(lambda lines: lines[1:]),
    "a header only": lines_of(lambda lines: lines[:1]),
    "the first row missing": lines_of(lambda lines: [lines[0], *lines[2:]]),
    "a row missing": lines_of(lambda lines: [*lines[:2], *lines[3:]]),
    "the last row missing": lines_of(lambda lines: lines[:-1]),
    "half a last row": edit("metrics.csv", lambda content: content[:-5]),
    "a last row without its end": edit("metrics.csv", lambda content: content[:-1]),
    "a row twice": lines_of(lambda lines: [*lines[:2], *lines[1:]]),
    "rows in another order": lines_of(lambda lines: [lines[0], lines[2], lines[1], lines[3]]),
    "an empty line": lines_of(lambda lines: [*lines[:2], b"\n", *lines[2:]]),
    "a row of fewer columns": lines_of(lambda lines: [*lines[:2], b"2,0.5\n", lines[3]]),
    "a row of words": lines_of(lambda lines: [*lines[:2], b"2,a,b,c,d,e,f\n", lines[3]]),
    "another header": lines_of(lambda lines: [b"a,b,c\n", *lines[1:]]),
    "a header of bytes": lines_of(lambda lines: [b"epoch,\xff\xfe\n", *lines[1:]]),
    "a column less": lines_of(lambda lines: [line.rsplit(b",", 1)[0] + b"\n" for line in lines]),
    "zeros": edit("metrics.csv", lambda content: bytes(len(content))),
}


@pytest.mark.parametrize("damage", METRICS)
def test_incomplete_metrics_are_refused(damage: str, stopped: Path, nnscratch: Command) -> None:
    METRICS[damage](stopped)
    assert_refused(
        nnscratch("resume", stopped, "--no-plots"), stopped, fingerprint(stopped), "metrics.csv"
    )


OTHERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "checkpoint empty": ("checkpoint.npz", edit("checkpoint.npz", lambda _: b"")),
    "checkpoint cut": ("checkpoint.npz", edit("checkpoint.npz", lambda c: c[:-30])),
    "checkpoint flipped": ("checkpoint.npz", edit("checkpoint.npz", flip)),
    "checkpoint text": ("checkpoint.npz", edit("checkpoint.npz", lambda _: b"epoch 3")),
    "checkpoint gone": ("checkpoint", remove("checkpoint.npz")),
    "run.json gone": ("run.json", remove("run.json")),
    "run.json empty": ("run.json", edit("run.json", lambda _: b"")),
    "run.json cut": ("run.json", edit("run.json", lambda c: c[:-3])),
    "run.json list": ("run.json", edit("run.json", lambda _: b"[]")),
    "run.json bytes": ("run.json", edit("run.json", lambda _: b"\xff\x00")),
    "config gone": ("", remove("config.yaml")),
    "config empty": ("config.yaml", edit("config.yaml", lambda _: b"")),
    "config junk": ("config.yaml", edit("config.yaml", lambda _: b"junk: [")),
    "config of another seed": (
        "`seed`",
        edit("config.yaml", lambda c: c.replace(b"seed: 42", b"seed: 43")),
    ),
    "config of another network": (
        "`architecture`",
        edit("config.yaml", lambda c: c.replace(b"[5, 4]", b"[5, 5]")),
    ),
    "config without a key": (
        "`batch_size`",
        edit("config.yaml", lambda c: c.replace(b"batch_size: 4\n", b"")),
    ),
}


@pytest.mark.parametrize("damage", OTHERS)
def test_a_damaged_file_is_named_and_nothing_is_touched(
    damage: str, stopped: Path, nnscratch: Command
) -> None:
    fragment, spoil = OTHERS[damage]
    spoil(stopped)
    assert_refused(
        nnscratch("resume", stopped, "--no-plots"), stopped, fingerprint(stopped), fragment
    )


def test_a_completed_run_without_a_checkpoint_is_not_trained_again(
    workplace: Path, nnscratch: Command
) -> None:
    run = start(write_config(workplace, "", epochs=3))
    (run / "checkpoint.npz").unlink()
    before = fingerprint(run)
    for changes in ([], ["epochs=6"]):
        assert_refused(nnscratch("resume", run, "--no-plots", *changes), run, before, "checkpoint")


@pytest.mark.parametrize("other", ["weights of the run", "another run", "a shorter run"])
def test_a_checkpoint_from_elsewhere_is_refused(
    other: str, stopped: Path, nnscratch: Command, workplace: Path
) -> None:
    config = workplace / "mine.yaml"
    source = {
        "weights of the run": lambda: stopped / "weights.npz",
        "another run": lambda: start(config, "architecture=[3]", until=2) / "checkpoint.npz",
        "a shorter run": lambda: start(config, "optimizer=sgd", "epochs=2") / "checkpoint.npz",
    }[other]()
    (stopped / "checkpoint.npz").write_bytes(source.read_bytes())
    assert_refused(nnscratch("resume", stopped, "--no-plots"), stopped, fingerprint(stopped))


@pytest.mark.parametrize(
    "changes",
    [
        {"resumed": 5},
        {"resumed": None},
        {"resumed": "once"},
        {"versions": 5},
        {"versions": {"numpy": None}},
        {"blas": "none"},
        {"threads": "many"},
        {"threads": {"from epoch x": 1}},
        {"threads": {"from epoch 1": "a"}},
        {"status": None},
        {"pid": "x"},
        {"data_fingerprint": None},
        {"final": 5, "best": [], "seconds": "long"},
    ],
    ids=str,
)
def test_a_strange_record_is_not_reported_as_a_bug(
    changes: dict[str, Any], stopped: Path, nnscratch: Command
) -> None:
    edit_record(stopped, **changes)
    before = fingerprint(stopped)
    result = nnscratch("resume", stopped, "--quiet", "--no-plots")
    if result.code:
        assert_refused(result, stopped, before, "run.json")
    else:
        assert_same_run(stopped, start(stopped / "config.yaml"))


def begun(workplace: Path, nnscratch: Command) -> Path:
    """Returns a run that was killed before its first epoch was saved."""
    run = start(write_config(workplace, "", epochs=3), until=1)
    for name in ("checkpoint.npz", "weights.npz"):
        (run / name).unlink()
    record = read_record(run)
    figures = ("final", "best_epoch", "best", "test")
    late = ("stop_reason", "seconds", "epochs_done", "checkpoint_epoch", *figures)
    left = {key: value for key, value in record.items() if key not in late}
    (run / "run.json").write_text(json.dumps({**left, "status": "running"}))
    return run


def test_a_run_without_a_checkpoint_yet_starts_from_the_beginning(
    workplace: Path, nnscratch: Command
) -> None:
    run = begun(workplace, nnscratch)
    result = nnscratch("resume", run, "--no-plots")
    assert result.code == 0, result.err
    assert "from its beginning" in result.err
    assert_same_run(run, start(workplace / "mine.yaml"))


def test_a_change_before_the_first_checkpoint_is_refused_or_recorded(
    workplace: Path, nnscratch: Command
) -> None:
    run = begun(workplace, nnscratch)
    before = fingerprint(run)
    for change in ("seed=7", "architecture=[3]"):
        result = nnscratch("resume", run, change, "--quiet", "--no-plots")
        if result.code:
            assert_refused(result, run, before)
            continue
        record, whole = read_record(run), read_record(start(run / "config.yaml"))
        for key in ("seed", "parameters", "data_fingerprint"):
            assert record[key] == whole[key], key
        run = begun(workplace, nnscratch)
        before = fingerprint(run)
