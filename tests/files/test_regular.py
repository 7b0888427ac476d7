"""A file is opened; whatever would be waited for, or never ends, is an error at once."""

import os
import socket
from pathlib import Path

import pytest

from nnscratch.files.regular import open_regular


def reason(path: Path) -> str:
    with pytest.raises(OSError, match="not a file") as caught:
        open_regular(path)
    assert caught.value.filename == str(path)
    return str(caught.value.strerror)


def test_a_file_and_a_link_to_one_are_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to("file")
    for name in ("file", "link"):
        with open_regular(tmp_path / name) as file:
            assert file.read() == b"content"


def test_a_file_can_be_opened_to_write_into_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    with open_regular(tmp_path / "file", "r+b") as file:
        file.write(b"CON")
    assert (tmp_path / "file").read_bytes() == b"CONtent"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    assert reason(tmp_path / "pipe") == reason(tmp_path / "link") == "it is a pipe, not a file"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_device_is_not_read() -> None:
    assert reason(Path("/dev/zero")) == "it is a device, not a file"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs sockets with a path")
def test_a_socket_is_named_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is at most 107 bytes long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert reason(Path("socket")) == "it is a socket, not a file"


def test_a_directory_and_a_missing_file_are_what_the_system_says(tmp_path: Path) -> None:
    for path, error in ((tmp_path, IsADirectoryError), (tmp_path / "none", FileNotFoundError)):
        with pytest.raises(error):
            open_regular(path)
