"""File systems that can do less: no hard links, no syncing of directories, only short names."""

import errno
import os
import stat
from pathlib import Path

import pytest

from nnscratch.files import new_name
from tests.conftest import Command

pytestmark = pytest.mark.thorough

# What a user names a new file with, and what it begins with. RUN is a run.
NEW_FILES = {
    "table": (["predict", "RUN", "--output", "new.csv"], b"row,target,prediction,"),
    "json": (["predict", "RUN", "--output", "new.json"], b"["),
    "plot": (["plot", "RUN", "--output", "new.svg"], b"<?xml"),
    "graph": (["graph", "RUN", "--row", "0", "--output", "new.dot"], b"digraph"),
    "config": (["init", "xor", "--output", "new.yaml"], b"#"),
}
for_each_new_file = pytest.mark.parametrize("kind", NEW_FILES)


@pytest.fixture(params=["two steps", "one step"])
def without_links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    if request.param == "two steps":
        monkeypatch.setattr(new_name, "_rename_in_one_step", lambda *_: False)


@pytest.fixture
def without_syncing_directories(monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)


def write_new(kind: str, run: Path, nnscratch: Command) -> tuple[int, str, Path]:
    words, _ = NEW_FILES[kind]
    result = nnscratch(*(run if word == "RUN" else word for word in words))
    return result.code, result.err, Path(words[-1])


@for_each_new_file
def test_a_new_file_needs_no_links(
    kind: str, trained: Path, nnscratch: Command, without_links: None
) -> None:
    before = {path.name for path in Path().iterdir()}
    code, err, path = write_new(kind, trained, nnscratch)
    assert code == 0, err
    assert path.read_bytes().lstrip().startswith(NEW_FILES[kind][1])
    assert {path.name for path in Path().iterdir()} - before == {path.name}


@for_each_new_file
def test_nor_is_a_file_overwritten_there(
    kind: str, trained: Path, nnscratch: Command, without_links: None
) -> None:
    path = Path(NEW_FILES[kind][0][-1])
    path.write_text("precious")
    assert write_new(kind, trained, nnscratch)[0] == 2
    assert path.read_text() == "precious"


@for_each_new_file
def test_a_new_file_needs_no_syncing_of_its_directory(
    kind: str, trained: Path, nnscratch: Command, without_syncing_directories: None
) -> None:
    code, err, path = write_new(kind, trained, nnscratch)
    assert code == 0, err
    assert path.read_bytes().lstrip().startswith(NEW_FILES[kind][1])


def test_a_run_needs_neither(
    workplace: Path, nnscratch: Command, without_links: None, without_syncing_directories: None
) -> None:
    config = ["configs/xor.yaml", "epochs=20", "checkpoint_seconds=0", "snapshots=3"]
    result = nnscratch("train", *config)
    assert result.code == 0, result.err
    assert "warning" not in result.err
    assert nnscratch("resume", "latest", "epochs=40").code == 0
    assert nnscratch("evaluate", "latest").code == 0


@pytest.mark.parametrize("length", [60, 242, 248, 255])
@pytest.mark.parametrize("suffix", [".csv", ".json", ".svg"])
def test_a_new_file_may_have_the_longest_name(
    length: int, suffix: str, trained: Path, nnscratch: Command
) -> None:
    name = "x" * (length - len(suffix)) + suffix
    command = "plot" if suffix == ".svg" else "predict"
    result = nnscratch(command, trained, "--output", name)
    assert result.code == 0, result.err
    assert Path(name).stat().st_size


@pytest.mark.parametrize("command", ["plot", "predict", "init"])
def test_a_name_that_is_too_long_is_one_line(
    command: str, trained: Path, nnscratch: Command
) -> None:
    suffix = {"plot": ".svg", "predict": ".csv", "init": ".yaml"}[command]
    name = "x" * 256 + suffix
    result = nnscratch(command, "xor" if command == "init" else trained, "--output", name)
    assert result.code in (1, 2)
    assert result.err == f"error: {name}: {os.strerror(errno.ENAMETOOLONG)}\n"
