"""A finished file gets a new name and replaces nothing, also where there are no hard links."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nnscratch.files import new_name
from nnscratch.files.new_name import rename_to_new

REFUSALS = [errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES]


def refuse_links(monkeypatch: pytest.MonkeyPatch, code: int = errno.EPERM) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", link)


@pytest.fixture(params=["links", "one step", "two steps"])
def old(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file where there are hard links, or only a rename that replaces nothing, or neither."""
    if request.param != "links":
        refuse_links(monkeypatch)
    if request.param == "two steps":
        monkeypatch.setattr(new_name, "_rename_in_one_step", lambda *_: False)
    path = tmp_path / "old"
    path.write_bytes(b"content")
    return path


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_has_only_the_new_name(old: Path) -> None:
    rename_to_new(old, old.parent / "new")
    assert names_in(old.parent) == ["new"]
    assert (old.parent / "new").read_bytes() == b"content"


@pytest.mark.parametrize("there", ["file", "folder", "link to nothing"])
def test_what_has_the_name_stays(there: str, old: Path) -> None:
    new = old.parent / "new"
    if there == "file":
        new.write_bytes(b"precious")
    elif there == "folder":
        new.mkdir()
    else:
        new.symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        rename_to_new(old, new)
    assert old.read_bytes() == b"content"
    assert names_in(old.parent) == ["new", "old"]
    if there == "file":
        assert new.read_bytes() == b"precious"
    else:
        assert new.is_dir() if there == "folder" else new.is_symlink()


def test_of_many_that_want_a_name_one_gets_it(old: Path) -> None:
    new, refused = old.parent / "new", []
    several = [old.parent / f"old{i}" for i in range(8)]
    for path in several:
        path.write_text(path.name)
    start = threading.Barrier(len(several))

    def rename(path: Path) -> None:
        start.wait()
        try:
            rename_to_new(path, new)
        except FileExistsError:
            refused.append(path)

    threads = [threading.Thread(target=rename, args=[path]) for path in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (got,) = set(several) - set(refused)
    assert new.read_text() == got.name
    assert all(path.read_text() == path.name for path in refused)


@pytest.mark.parametrize("code", REFUSALS, ids=[errno.errorcode[code] for code in REFUSALS])
def test_a_file_system_may_refuse_links_as_it_likes(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_links(monkeypatch, code)
    (tmp_path / "old").write_bytes(b"content")
    rename_to_new(tmp_path / "old", tmp_path / "new")
    assert names_in(tmp_path) == ["new"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may have no such rename")
def test_without_links_no_reader_sees_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_links(monkeypatch)

    def fail(*_: object) -> None:
        raise AssertionError("the name was taken by an empty file")

    monkeypatch.setattr(new_name, "_rename_in_two_steps", fail)
    (tmp_path / "old").write_bytes(b"content")
    rename_to_new(tmp_path / "old", tmp_path / "new")
    assert (tmp_path / "new").read_bytes() == b"content"


def test_a_rename_that_fails_takes_no_name(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_links(monkeypatch)
    monkeypatch.setattr(new_name, "_rename_in_one_step", lambda *_: False)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="Input/output error"):
        rename_to_new(old, old.parent / "new")
    assert names_in(old.parent) == ["old"]


def test_importing_it_loads_no_foreign_functions() -> None:
    script = "import sys, nnscratch.files.new_name; print('ctypes' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
