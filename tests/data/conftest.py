"""A data home for each test, no network, and the real MNIST where it is available."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnscratch.data import load
from nnscratch.data.dataset import Dataset
from tests.data.openml_cache import Server, redirected, start

# Where the user's own data lie; tests are given other places.
HOME = Path(os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data")).expanduser()
REAL_MNIST = HOME / "openml/openml.org/data/v1/download/52667/mnist_784.arff.gz"


def cut_network(patch: pytest.MonkeyPatch) -> None:
    """Lets sockets reach this machine only, as if a cable were pulled."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def local(self: socket.socket, address: Any) -> None:
        if address[0] != "127.0.0.1":
            raise ConnectionRefusedError(111, "Connection refused")
        connect(self, address)

    def local_name(host: Any, *arguments: Any, **options: Any) -> Any:
        if host != "127.0.0.1":
            raise socket.gaierror(-3, "Temporary failure in name resolution")
        return look_up(host, *arguments, **options)

    patch.setattr(socket.socket, "connect", local)
    patch.setattr(socket, "getaddrinfo", local_name)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        patch.delenv(name, raising=False)
        patch.delenv(name.upper(), raising=False)


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data home, and no network."""
    path = tmp_path / "scikit_learn_data"
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(path))
    cut_network(monkeypatch)
    return path


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Takes the seconds that would have been slept, and no time."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> Iterator[Server]:
    """openml.org, on this machine."""
    served = Server()
    http = start(served)
    monkeypatch.setattr("sklearn.datasets._openml.urlopen", redirected(http.server_port))
    yield served
    http.shutdown()
    http.server_close()


@pytest.fixture(scope="session")
def real_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the user's OpenML cache, which a failing load could change."""
    if not REAL_MNIST.is_file():
        pytest.skip(f"the real MNIST is not here: {REAL_MNIST}; SCIKIT_LEARN_DATA names its folder")
    path = tmp_path_factory.mktemp("real") / "scikit_learn_data"
    shutil.copytree(HOME / "openml", path / "openml")
    for file in path.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)
    return path


@pytest.fixture(scope="session")
def real_mnist(real_home: Path) -> Dataset:
    """The whole of MNIST through the real `fetch_openml`, which takes a gigabyte and a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCIKIT_LEARN_DATA", str(real_home))
        cut_network(patch)
        return load("mnist")
