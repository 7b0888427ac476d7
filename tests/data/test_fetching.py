"""What goes wrong between openml.org and here heals itself or is one clear error."""

import errno
import gzip
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nnscratch.data import fetching, load
from nnscratch.errors import DataError
from tests.data.openml_cache import (
    API,
    Server,
    openml_folder,
    redirected,
    small_mnist,
    write_cache,
)

MNIST = small_mnist()
PATHS = list(MNIST.files())
ARFF, LIST, *OTHERS = PATHS
HTML = b"<!DOCTYPE html><html><body>We are down for maintenance.</body></html>"
WAYS_ON = ("configs/digits.yaml", "idx", "npz", "openml-mnist_784-1.npz")

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "html": lambda _: gzip.compress(HTML),
    "no gzip": lambda _: HTML,
    "other json": lambda _: gzip.compress(b'{"error": {"code": "107", "message": "down"}}'),
    "a list": lambda _: gzip.compress(b"[]"),
    "truncated": lambda content: content[: len(content) // 2],
    "half": lambda content: gzip.compress(gzip.decompress(content)[:-40]),
    "flipped": lambda content: content[:-6] + bytes([content[-6] ^ 1]) + content[-5:],
}


def assert_is_small_mnist() -> None:
    dataset = load("mnist")
    train, test = dataset.splits["train"], dataset.splits["test"]
    assert (len(train), len(test)) == (60, 10)
    assert train.inputs[7, :3].tolist() == [7, 8, 9]
    assert test.targets.tolist() == [3 * i % 10 for i in range(60, 70)]


def refused(*fragments: str) -> str:
    """Checks that loading MNIST fails with an error that says what to do, and returns the error."""
    before = socket.getdefaulttimeout()
    with pytest.raises(DataError) as caught:
        load("mnist")
    message = str(caught.value)
    for fragment in ("mnist_784", *fragments, *WAYS_ON):
        assert fragment in message
    assert len(message.splitlines()) <= 4
    assert "data_name" not in message  # which mnist does not have
    assert socket.getdefaulttimeout() == before
    return message


def test_without_network_and_cache_the_error_says_so_at_once(waits: list[float]) -> None:
    refused("openml.org", "name resolution")
    assert sum(waits) <= 5


@pytest.mark.parametrize("status", [403, 404, 412, 429, 500, 503])
@pytest.mark.parametrize("path", ["", ARFF], ids=["all", "arff"])
def test_the_answer_of_the_server_is_reported(status: int, path: str, server: Server) -> None:
    server.serve(MNIST)
    server.faults[path] = status
    refused("openml.org", str(status) if status != 412 else "")
    assert len(server.asked) <= 12
    server.faults.clear()
    assert_is_small_mnist()


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        port = listening.getsockname()[1]
        monkeypatch.setattr("sklearn.datasets._openml.urlopen", redirected(port))
        monkeypatch.setattr(fetching, "_TIMEOUT_SECONDS", 0.05)
        yield listening


@pytest.mark.parametrize("before", [None, 7.5])
def test_waiting_for_a_silent_server_ends(
    before: float | None, silent: socket.socket, waits: list[float]
) -> None:
    socket.setdefaulttimeout(before)
    try:
        refused("openml.org", "timed out")
        assert socket.getdefaulttimeout() == before
    finally:
        socket.setdefaulttimeout(None)
    silent.settimeout(0)
    connections = 0
    while True:
        try:
            connection, _ = silent.accept()
        except BlockingIOError:
            break
        connection.close()
        connections += 1
    # Each of them is waited for for 20 seconds.
    assert connections * 20 <= 90


def test_the_timeout_of_other_code_is_restored_after_success(data_home: Path) -> None:
    write_cache(data_home, MNIST)
    socket.setdefaulttimeout(7.5)
    try:
        load("mnist")
        assert socket.getdefaulttimeout() == 7.5
    finally:
        socket.setdefaulttimeout(None)


def test_ctrl_c_is_not_mistaken_for_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sklearn.datasets.fetch_openml", interrupt)
    with pytest.raises(KeyboardInterrupt):
        load("mnist")
    assert socket.getdefaulttimeout() is None


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "path",
    # Each takes a tenth of a second, with each damage.
    [ARFF, LIST, *(pytest.param(path, marks=pytest.mark.slow) for path in OTHERS)],
    ids=["arff", "list", "description", "features", "count"],
)
def test_a_damaged_cache_heals_itself_or_says_what_is_wrong(
    path: str, damage: str, data_home: Path, server: Server
) -> None:
    write_cache(data_home, MNIST)
    file = openml_folder(data_home) / f"{path}.gz"
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    server.faults[""] = 503
    try:
        assert_is_small_mnist()  # such as with damaged qualities, which are not needed
    except DataError:
        refused("openml.org")
        server.serve(MNIST)
        server.faults.clear()
        assert_is_small_mnist()
    asked = len(server.asked)
    assert_is_small_mnist()
    assert len(server.asked) == asked


def test_a_damaged_cache_is_named_so_that_it_can_be_deleted(
    data_home: Path, waits: list[float]
) -> None:
    write_cache(data_home, MNIST)
    file = openml_folder(data_home) / f"{API}/{MNIST.data_id}.gz"
    file.write_bytes(gzip.compress(b"{}"))
    assert str(data_home / "openml") in refused("damaged")


def test_a_checksum_that_does_not_fit_is_fetched_anew(data_home: Path, server: Server) -> None:
    write_cache(data_home, MNIST)
    file = openml_folder(data_home) / f"{API}/{MNIST.data_id}.gz"
    description = json.loads(gzip.decompress(file.read_bytes()))
    description["data_set_description"]["md5_checksum"] = "0" * 32
    file.write_bytes(gzip.compress(json.dumps(description).encode()))
    server.serve(MNIST)
    assert_is_small_mnist()


@pytest.mark.parametrize("content", [b"", HTML, MNIST.arff[:-40]], ids=["empty", "html", "cut"])
def test_a_download_that_stays_damaged_is_refused_and_not_kept(
    content: bytes, server: Server, data_home: Path
) -> None:
    server.serve(MNIST)
    server.faults[ARFF] = content
    refused("checksum")
    assert not list(data_home.glob("nnscratch/*"))
    server.faults.clear()
    assert_is_small_mnist()


def test_an_error_page_instead_of_every_file_is_one_error(server: Server) -> None:
    server.faults[""] = HTML
    refused("openml.org")


def test_a_data_home_that_is_a_file_is_one_error(data_home: Path, server: Server) -> None:
    data_home.write_text("a file")
    server.faults[""] = 503
    refused(str(data_home))
    assert data_home.read_text() == "a file"
    server.serve(MNIST)
    server.faults.clear()
    assert_is_small_mnist()  # without a place to keep it


def test_a_full_disk_does_not_prevent_training(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    server.serve(MNIST)
    monkeypatch.setattr("sklearn.datasets._openml.shutil.copyfileobj", fail)
    reported: list[str] = []
    assert len(load("mnist", report=reported.append).splits["train"]) == 60
    assert any(os.strerror(errno.ENOSPC) in line for line in reported)
    assert not any("damaged" in line for line in reported)


def test_what_takes_long_is_reported_beforehand(data_home: Path, waits: list[float]) -> None:
    reported: list[str] = []
    with pytest.raises(DataError):
        load("mnist", report=reported.append)
    assert any("openml.org" in line and "mnist_784" in line for line in reported)
