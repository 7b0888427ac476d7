"""A file is replaced whole or not at all: if anything fails, the old file is unchanged.

Nothing else is left behind.
"""

import errno
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nnscratch.files.atomic import check_new, replacing, sweep, write_text

OLD, NEW = b"the old content\n", b"the new content, which is longer\n"


def replace(path: Path, content: bytes, error: BaseException | None = None) -> None:
    """Writes `content` in two pieces, and raises `error` between them if there is one."""
    with replacing(path) as file:
        file.write(content[:5])
        file.flush()
        if error:
            raise error
        file.write(content[5:])


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    path = tmp_path / "weights.npz"
    path.write_bytes(OLD)
    return path


def test_a_new_file_is_written(tmp_path: Path) -> None:
    replace(tmp_path / "weights.npz", NEW)

    assert (tmp_path / "weights.npz").read_bytes() == NEW
    assert names_in(tmp_path) == ["weights.npz"]


def test_an_old_file_is_replaced(old_file: Path) -> None:
    replace(old_file, NEW)

    assert old_file.read_bytes() == NEW
    assert names_in(old_file.parent) == [old_file.name]


def test_an_empty_block_makes_an_empty_file(old_file: Path) -> None:
    with replacing(old_file):
        pass

    assert old_file.read_bytes() == b""


def test_the_old_file_is_there_until_the_block_ends(old_file: Path) -> None:
    with replacing(old_file) as file:
        file.write(NEW)
        file.flush()
        during = old_file.read_bytes()

    assert during == OLD
    assert old_file.read_bytes() == NEW


def test_no_file_is_there_until_the_block_ends(tmp_path: Path) -> None:
    with replacing(tmp_path / "weights.npz") as file:
        file.write(NEW)
        there = (tmp_path / "weights.npz").exists()

    assert not there


def test_the_bytes_go_to_one_temporary_file_in_the_same_directory(old_file: Path) -> None:
    with replacing(old_file) as file:
        file.write(NEW)
        file.flush()
        sizes = {path.name: path.stat().st_size for path in old_file.parent.iterdir()}

    del sizes[old_file.name]
    assert list(sizes.values()) == [len(NEW)]


def test_one_file_can_be_replaced_again_and_again(old_file: Path) -> None:
    for count in range(5):
        replace(old_file, NEW * count)

        assert old_file.read_bytes() == NEW * count
    assert names_in(old_file.parent) == [old_file.name]


def test_two_files_can_be_written_at_once(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as first, replacing(tmp_path / "b") as second:
        first.write(OLD)
        second.write(NEW)

    assert (tmp_path / "a").read_bytes() == OLD
    assert (tmp_path / "b").read_bytes() == NEW


@pytest.mark.parametrize(
    "error", [ValueError("wrong"), OSError(28, "No space left"), KeyboardInterrupt(), SystemExit(1)]
)
def test_an_exception_in_the_block_leaves_the_old_file(
    old_file: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)) as caught:
        replace(old_file, NEW, error)

    assert caught.value is error
    assert old_file.read_bytes() == OLD
    assert names_in(old_file.parent) == [old_file.name]


def test_an_exception_in_the_block_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wrong"):
        replace(tmp_path / "weights.npz", NEW, ValueError("wrong"))

    assert names_in(tmp_path) == []


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_failing_disk_leaves_the_old_file(
    old_file: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, function, fail)
        with pytest.raises(OSError, match="Input/output error"):
            replace(old_file, NEW)

    assert old_file.read_bytes() == OLD
    assert names_in(old_file.parent) == [old_file.name]
    replace(old_file, NEW)
    assert old_file.read_bytes() == NEW


def test_the_file_is_whole_even_if_the_directory_cannot_be_synced(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def fail_for_directories(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fail_for_directories)
    try:
        replace(old_file, NEW)
    except OSError:
        assert old_file.read_bytes() in (OLD, NEW)
    else:
        assert old_file.read_bytes() == NEW
    assert names_in(old_file.parent) == [old_file.name]


def test_the_bytes_are_synced_before_the_name_and_the_name_before_the_end(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    sync, rename = os.fsync, os.replace

    def record_sync(descriptor: int) -> None:
        status = os.fstat(descriptor)
        kind = "directory" if stat.S_ISDIR(status.st_mode) else f"{status.st_size} bytes"
        events.append(f"sync {kind}")
        sync(descriptor)

    def record_rename(source: Path, target: Path) -> None:
        events.append(f"replace {Path(target).name}")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", record_sync)
    monkeypatch.setattr(os, "replace", record_rename)
    replace(old_file, NEW)

    assert events == [f"sync {len(NEW)} bytes", f"replace {old_file.name}", "sync directory"]


def test_a_directory_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "kept").touch()

    with pytest.raises(OSError, match="runs"):
        replace(tmp_path / "runs", NEW)

    assert names_in(tmp_path) == ["runs"]
    assert names_in(tmp_path / "runs") == ["kept"]


def test_a_missing_directory_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace(tmp_path / "none" / "weights.npz", NEW)

    assert names_in(tmp_path) == []


def test_a_killed_writer_leaves_the_old_file(old_file: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from nnscratch.files.atomic import replacing

with replacing(Path(sys.argv[1])) as file:
    file.write(b"half of it")
    file.flush()
    os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", program, str(old_file)], check=False)

    assert done.returncode == -9
    assert old_file.read_bytes() == OLD
    replace(old_file, NEW)
    assert old_file.read_bytes() == NEW


def test_what_a_killed_writer_left_does_not_stop_the_next(old_file: Path) -> None:
    with replacing(old_file):
        (leftover,) = (path for path in old_file.parent.iterdir() if path != old_file)
    leftover.write_bytes(b"half of it")

    replace(old_file, NEW)

    assert old_file.read_bytes() == NEW


@pytest.mark.parametrize(
    "text", ["", "plain\n", "no end", "a\r\nb\n\r", "ä 日本 😀\n", "\ufeffx\x00"]
)
def test_text_is_written_in_utf_8_as_it_is(old_file: Path, text: str) -> None:
    write_text(old_file, text)

    assert old_file.read_bytes() == text.encode("utf-8")
    assert names_in(old_file.parent) == [old_file.name]


def test_text_that_is_not_unicode_leaves_the_old_file(old_file: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_text(old_file, "a\ud800")

    assert old_file.read_bytes() == OLD
    assert names_in(old_file.parent) == [old_file.name]


def test_text_on_a_failing_disk_leaves_the_old_file(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_text(old_file, "new")

    assert old_file.read_bytes() == OLD
    assert names_in(old_file.parent) == [old_file.name]


@pytest.mark.parametrize("refusal", ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])
@pytest.mark.parametrize("exclusive", [False, True])
def test_a_file_system_that_cannot_sync_a_directory_is_no_error(
    refusal: str, exclusive: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = getattr(errno, refusal)
    refuse_to_sync_directories(monkeypatch, code)
    write_text(tmp_path / "file", "content", exclusive=exclusive)
    assert (tmp_path / "file").read_text() == "content"
    assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_disk_that_fails_to_sync_a_directory_is_an_error(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_to_sync_directories(monkeypatch, code)
    with pytest.raises(OSError, match=os.strerror(code)):
        write_text(tmp_path / "file", "content")


def refuse_to_sync_directories(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    sync = os.fsync

    def refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)


@pytest.mark.parametrize("character", ["a", "ä", "日", "😀"])
@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("length", [60, 241, 242, 255])
def test_a_name_may_be_as_long_as_the_system_allows(
    length: int, exclusive: bool, character: str, tmp_path: Path
) -> None:
    path = tmp_path / (character * (length // len(character.encode())))
    write_text(path, "content", exclusive=exclusive)
    assert path.read_text() == "content"
    assert names_in(tmp_path) == [path.name]


def test_the_temporary_file_of_a_long_name_is_swept_away(tmp_path: Path) -> None:
    with replacing(tmp_path / ("x" * 255)):
        (left,) = tmp_path.iterdir()
    (tmp_path / ("x" * 255)).unlink()
    left.touch()
    (tmp_path / "mine.tmp").touch()
    sweep(tmp_path)
    assert names_in(tmp_path) == ["mine.tmp"]


@pytest.mark.parametrize("name", ["x" * 256, "file/below", "none/below", "file", "dangling"])
def test_a_new_file_that_cannot_be_is_refused_early(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    errors = {"file": errno.EEXIST, "dangling": errno.EEXIST, "none/below": errno.ENOENT}
    errors |= {"x" * 256: errno.ENAMETOOLONG, "file/below": errno.ENOTDIR}
    with pytest.raises(OSError, match=re.escape(os.strerror(errors[name]))) as caught:
        check_new(tmp_path / name)
    assert caught.value.filename == str(tmp_path / name)
    assert caught.value.errno == errors[name]
    check_new(tmp_path / "free")
