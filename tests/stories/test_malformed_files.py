"""Files crafted to do harm get one clear error that names the file.

It comes before memory is allocated or anything waits, in `Model.load`, predict and resume alike.
"""

import io
import os
import pickle
import resource
import signal
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from nnscratch.errors import FileFormatError, UsageError
from nnscratch.model.model import Model
from nnscratch.training.checkpoint import load_checkpoint
from tests.conftest import Command

CONFIG = "dataset: not\narchitecture: [2]\nepochs: 2\noptimizer: {name: sgd, momentum: 0.5}\n"
PEAK = 8_000_000  # bytes; the files claim gigabytes
SECONDS = 2
READERS: dict[str, Callable[[Path], object]] = {
    "weights.npz": Model.load,
    "checkpoint.npz": load_checkpoint,
}
COMMANDS = {"weights.npz": ["predict"], "checkpoint.npz": ["resume", "epochs=4"]}
for_each_file = pytest.mark.parametrize("name", READERS)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_bytes(CONFIG.encode())
    result = nnscratch("train", "tiny.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return Path(result.out.strip())


@contextmanager
def in_time() -> Iterator[None]:
    """Raises what no reader expects where something waits for ever."""

    def stop(_: int, __: FrameType | None) -> None:
        raise SystemExit("still waiting")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def assert_refused(run: Path, name: str, nnscratch: Command) -> None:
    """The reader raises what names the file, and its command says so in one line."""
    tracemalloc.start()
    try:
        with in_time(), pytest.raises((FileFormatError, UsageError, OSError)) as caught:
            READERS[name](run / name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < PEAK
    assert str(run / name) in str(caught.value)
    assert_command_refused(run, name, nnscratch)


def assert_command_refused(run: Path, name: str, nnscratch: Command) -> None:
    command, *changes = COMMANDS[name]
    before = {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}
    with in_time():
        result = nnscratch(command, run, *changes)
    assert result.code in (1, 2), result.err
    assert len(result.err.splitlines()) == 1, result.err
    assert result.err.startswith("error: ")
    assert name in result.err
    assert "mistake in nnscratch" not in result.err
    # Nor does a command that is refused change anything.
    assert before == {path.name: path.read_bytes() for path in run.iterdir() if path.is_file()}


def write_zip(path: Path, members: Mapping[str, bytes], compression: int) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def objects() -> bytes:
    """A .npy file that is a pickle inside."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([{}], dtype=object), allow_pickle=True)
    return stream.getvalue()


def huge() -> bytes:
    """The head of a .npy file of four terabytes."""
    head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }"
    head += b" " * (117 - len(head)) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head


def plain_npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.ones(3))
    return stream.getvalue()


CONTENTS = {
    "empty": b"",
    "npy": plain_npy(),
    "pickle": pickle.dumps({"weights": [1.0]}),
    "objects": objects(),
    "huge head": huge(),
    "huge head of version 2": huge().replace(b"\x01\x00v\x00", b"\x02\x00v\x00\x00\x00"),
    "gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 50,
    "a zip of nothing": b"PK\x05\x06" + b"\x00" * 18,
    "a zip64 of nothing": b"PK\x06\x06" + b"\xff" * 52 + b"PK\x06\x07" + b"\x00" * 16
    + b"PK\x05\x06" + b"\x00" * 4 + b"\xff" * 12 + b"\x00" * 2,
}  # fmt: skip


@for_each_file
@pytest.mark.parametrize("content", CONTENTS)
def test_a_file_of_another_kind_is_refused(
    content: str, name: str, run: Path, nnscratch: Command
) -> None:
    (run / name).write_bytes(CONTENTS[content])
    assert_refused(run, name, nnscratch)


@for_each_file
@pytest.mark.parametrize("data", [objects(), huge(), plain_npy(), b""])
def test_a_member_that_is_not_the_expected_array_is_refused(
    data: bytes, name: str, run: Path, nnscratch: Command
) -> None:
    members = members_of(run / name)
    members[next(iter(members))] = data
    write_zip(run / name, members, zipfile.ZIP_STORED)
    assert_refused(run, name, nnscratch)


@for_each_file
@pytest.mark.parametrize("member", ["an array", "manifest.json", "another"])
def test_a_zip_bomb_is_refused(member: str, name: str, run: Path, nnscratch: Command) -> None:
    members = members_of(run / name)
    known = next(iter(members)) if member == "an array" else member
    members[known] = members.get(known, b"") + b" " * 40_000_000
    write_zip(run / name, members, zipfile.ZIP_DEFLATED)
    del members
    assert (run / name).stat().st_size < 100_000
    assert_refused(run, name, nnscratch)


@for_each_file
@pytest.mark.parametrize("other", ["../evil.npy", "/tmp/evil.npy", "manifest.json", "a\\b.npy"])  # noqa: S108 - nothing is written there
def test_an_extra_member_is_refused(other: str, name: str, run: Path, nnscratch: Command) -> None:
    with zipfile.ZipFile(run / name, "a") as archive:
        if other == "manifest.json":
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr(other, b"{}")
        else:
            archive.writestr(other, plain_npy())
    assert_refused(run, name, nnscratch)


def central_entries(content: bytes | bytearray) -> list[int]:
    """Where each member's entry in the zip's directory begins."""
    found = [i for i in range(len(content)) if content.startswith(b"PK\x01\x02", i)]
    assert found
    return found


@for_each_file
@pytest.mark.parametrize("members", ["first", "all"])
def test_members_marked_as_encrypted_are_refused(
    members: str, name: str, run: Path, nnscratch: Command
) -> None:
    content = bytearray((run / name).read_bytes())
    entries = central_entries(content)
    for entry in entries[:1] if members == "first" else entries:
        content[entry + 8] |= 1
        content[struct.unpack_from("<L", content, entry + 42)[0] + 6] |= 1
    (run / name).write_bytes(content)
    assert_refused(run, name, nnscratch)


@for_each_file
@pytest.mark.parametrize("size", [2**31, 2**40, 2**63 - 1, 2**64 - 1])
def test_members_that_claim_a_huge_size_are_refused(
    size: int, name: str, run: Path, nnscratch: Command
) -> None:
    content = (run / name).read_bytes()
    entry = central_entries(content)[0]
    length = struct.unpack_from("<H", content, entry + 28)[0]
    extra = struct.pack("<HHQQ", 1, 16, size, size)
    head = bytearray(content[entry : entry + 46])
    struct.pack_into("<LL", head, 20, 2**32 - 1, 2**32 - 1)
    struct.pack_into("<H", head, 30, len(extra))
    named = entry + 46 + length
    content = content[:entry] + head + content[entry + 46 : named] + extra + content[named:]
    # The directory has grown, which its own entry at the end says.
    end = bytearray(content[content.rindex(b"PK\x05\x06") :])
    struct.pack_into("<L", end, 12, struct.unpack_from("<L", end, 12)[0] + len(extra))
    (run / name).write_bytes(content[: -len(end)] + end)
    assert_refused(run, name, nnscratch)


@for_each_file
@pytest.mark.parametrize("where", ["before", "behind", "both"])
def test_bytes_around_the_archive_are_refused_or_change_nothing(
    where: str, name: str, run: Path, nnscratch: Command
) -> None:
    whole = READERS[name](run / name)
    content, junk = (run / name).read_bytes(), b"#!/bin/sh\nexit 1\n" * 10
    parts = {"before": junk + content, "behind": content + junk, "both": junk + content + junk}
    (run / name).write_bytes(parts[where])
    try:
        again = READERS[name](run / name)
    except FileFormatError:
        assert_command_refused(run, name, nnscratch)
    else:
        assert type(again) is type(whole)


@for_each_file
def test_a_directory_in_place_of_a_file_is_refused(
    name: str, run: Path, nnscratch: Command
) -> None:
    (run / name).unlink()
    (run / name).mkdir()
    assert_command_refused(run, name, nnscratch)


@for_each_file
def test_a_link_to_itself_in_place_of_a_file_is_refused(
    name: str, run: Path, nnscratch: Command
) -> None:
    (run / name).unlink()
    (run / name).symlink_to(name)
    command, *changes = COMMANDS[name]
    result = nnscratch(command, run, *changes)
    assert result.code in (1, 2), result.err
    assert result.err.startswith(f"error: {run}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
@for_each_file
def test_a_pipe_in_place_of_a_file_is_not_waited_for(
    name: str, run: Path, nnscratch: Command
) -> None:
    (run / name).unlink()
    os.mkfifo(run / name)
    assert_command_refused(run, name, nnscratch)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "folder"])
@pytest.mark.parametrize("kind", ["config", "change", "image", "npz"])
def test_a_file_that_is_none_is_refused_at_once(
    kind: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(CONFIG)
    path = Path(f"file.{'yaml' if kind in ('config', 'change') else kind}")
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to(what)
    if kind == "image":
        images = np.arange(20 * 64, dtype=np.uint16).astype(np.uint8).reshape(20, 8, 8)
        np.savez("images.npz", x=images, y=np.arange(20) % 2)
        data = "dataset={name: npz, path: images.npz}"
        made = nnscratch("train", "tiny.yaml", data, "--quiet", "--no-plots")
        assert made.code == 0, made.err
    commands: dict[str, list[object]] = {
        "config": ["train", path],
        "change": ["train", "tiny.yaml", path],
        "image": ["predict", "latest", "--image", path],
        "npz": ["train", "tiny.yaml", f"dataset={{name: npz, path: {path}}}", "--no-plots"],
    }
    with in_time():
        result = nnscratch(*commands[kind])
    assert result.code in (1, 2)
    assert result.err.startswith("error: "), result.err
    reasons = {"pipe": "a pipe, not a file", "folder": "directory", "/dev/zero": "a device, not"}
    assert f"{path}: " in result.err
    assert reasons[what] in result.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
@pytest.mark.parametrize("put", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("metrics.csv", ["resume", "RUN", "epochs=4"]),
        ("metrics.csv", ["plot", "RUN"]),
        ("run.json", ["resume", "RUN", "epochs=4"]),
        ("run.json", ["compare", "RUN", "RUN"]),
        ("config.yaml", ["resume", "RUN", "epochs=4"]),
        ("weights.npz", ["evaluate", "RUN"]),
    ],
)
def test_a_file_of_a_run_that_is_none_is_refused_at_once(
    name: str, command: list[str], put: Callable[[Path], None], run: Path, nnscratch: Command
) -> None:
    (run / name).unlink()
    put(run / name)
    with in_time():
        result = nnscratch(*(run if word == "RUN" else word for word in command))
    assert result.code in (1, 2)
    assert "mistake in nnscratch" not in result.err
    errors = [line for line in result.err.splitlines() if not line.startswith("resumes ")]
    assert len(errors) == 1
    assert errors[0].startswith(f"error: {run}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_run_whose_metrics_are_a_pipe_is_listed_as_interrupted(
    run: Path, nnscratch: Command
) -> None:
    record = (run / "run.json").read_text()
    (run / "run.json").write_text(record.replace('"completed"', '"running"'))
    (run / "metrics.csv").unlink()
    os.mkfifo(run / "metrics.csv")
    with in_time():
        assert "interrupted" in nnscratch("runs").out


def without_end(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def bomb(path: Path) -> None:
    members = members_of(path)
    members["bomb.npy"] = huge() + b"\x00" * 200_000_000
    write_zip(path, members, zipfile.ZIP_DEFLATED)


@pytest.mark.slow  # starts Python
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
@pytest.mark.parametrize("put", [bomb, without_end])
@for_each_file
def test_little_memory_is_enough_to_refuse_a_file(
    name: str, put: Callable[[Path], None], run: Path
) -> None:
    put(run / name)
    limit = 600_000_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    command, *changes = COMMANDS[name]
    done = subprocess.run(
        [sys.executable, "-m", "nnscratch", command, str(run), *changes],
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in (1, 2), done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr
