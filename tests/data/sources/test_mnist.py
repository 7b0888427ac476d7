"""MNIST: its split, its cache of numbers, and the real one to the byte."""

import errno
import gzip
import hashlib
import json
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch import Adam, Model, Network, fit
from nnscratch.data import load
from nnscratch.data.dataset import Dataset, ImageFormat
from nnscratch.data.fetching import data_home as our_data_home
from nnscratch.data.images import read_image
from nnscratch.errors import UnavailableError
from nnscratch.files import npz
from tests.conftest import Command
from tests.data.drawing import DIGITS, drawn
from tests.data.openml_cache import small_mnist, write_cache

# The files that LeCun, Cortes and Burges published, without gzip.
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
CONFIG = "dataset: mnist\narchitecture: [4]\nepochs: 1\n"
# What a process does that has no network and wants MNIST.
LOAD = """
import json, pathlib, re, socket, sys
def refuse(*_): raise SystemExit("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
from nnscratch.data import load
fingerprint = load("mnist").fingerprint()
# The peak of this program alone; getrusage tells that of its parent, too.
status = pathlib.Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s*(\\d+) kB", status.read_text()) if status.exists() else None
megabytes = int(peak[1]) / 1024 if peak else 0
print(json.dumps([fingerprint, "sklearn" in sys.modules, megabytes]))
"""


@pytest.fixture
def cached(data_home: Path) -> Path:
    """The file of our own cache, made from a small MNIST in scikit-learn's."""
    write_cache(data_home, small_mnist())
    load("mnist")
    (file,) = (data_home / "nnscratch").iterdir()
    return file


def is_small_mnist(dataset: Dataset) -> bool:
    pixels = (np.arange(70)[:, np.newaxis] + np.arange(784)) % 256
    labels = 3 * np.arange(70) % 10
    train, test = dataset.splits["train"], dataset.splits["test"]
    return (
        train.inputs.dtype == test.inputs.dtype == np.uint8
        and np.array_equal(train.inputs, pixels[:60])
        and np.array_equal(test.inputs, pixels[60:])
        and np.array_equal(train.targets, labels[:60])
        and np.array_equal(test.targets, labels[60:])
    )


def test_the_first_six_sevenths_are_to_train_and_the_rest_to_test(data_home: Path) -> None:
    write_cache(data_home, small_mnist())
    for _ in ("from scikit-learn's cache", "from our own"):
        dataset = load("mnist")
        assert list(dataset.splits) == ["train", "test"]
        assert is_small_mnist(dataset)
        assert dataset.classes == tuple(range(10))
        assert dataset.image == ImageFormat(28, 28, largest=255)
        assert dataset.features[0].name == "pixel1"
        assert len(dataset.features) == 784


def test_a_second_load_asks_neither_scikit_learn_nor_the_network(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("called")

    monkeypatch.setattr("sklearn.datasets.fetch_openml", fail)
    said: list[str] = []
    assert is_small_mnist(load("mnist", report=said.append))
    assert is_small_mnist(load("mnist", download=False))
    assert not said


def test_a_second_process_does_not_even_import_scikit_learn(cached: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    fingerprint, imported, *_ = json.loads(done.stdout)
    assert not imported
    assert fingerprint == load("mnist").fingerprint()


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "text", "other", "directory"])
def test_our_own_cache_heals_itself_from_scikit_learns(
    damage: str, cached: Path, data_home: Path, waits: list[float]
) -> None:
    content = bytearray(cached.read_bytes())
    content[len(content) // 2] ^= 1
    broken: dict[str, bytes] = {
        "truncated": bytes(content[:-1000]), "flipped": bytes(content), "empty": b"",
        "text": b"no zip\n" * 999, "other": b"",
    }  # fmt: skip
    cached.unlink()
    if damage == "directory":
        cached.mkdir()
    else:
        cached.write_bytes(broken[damage])
    if damage == "other":
        npz.write(cached, {"inputs": np.zeros((70, 784))}, {"format": "another program's"})
    said: list[str] = []
    assert is_small_mnist(load("mnist", report=said.append))
    assert any(str(cached) in line for line in said)
    if damage != "directory":
        assert is_small_mnist(load("mnist", download=False))
    assert not waits


def test_a_cache_of_another_request_is_not_used(cached: Path, data_home: Path) -> None:
    arrays, manifest = npz.read(cached)
    manifest = {k: v for k, v in manifest.items() if k not in ("arrays", "checksum")}
    other = {"inputs": np.zeros_like(arrays["inputs"]), "targets": arrays["targets"]}
    npz.write(cached, other, {**manifest, "request": {"name": "mnist_784", "version": 2}})
    with pytest.raises(UnavailableError):
        load("mnist", download=False)
    assert is_small_mnist(load("mnist"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_training_goes_on_where_nothing_can_be_cached(
    number: int, data_home: Path, workplace: Path, nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write_cache(data_home, small_mnist())
    write = npz.write

    def fail(path: Path, *arguments: Any) -> None:
        if "nnscratch" in path.parent.name:
            raise OSError(number, os.strerror(number), str(path))
        write(path, *arguments)

    monkeypatch.setattr(npz, "write", fail)
    (workplace / "mine.yaml").write_text(CONFIG)
    result = nnscratch("train", "mine.yaml", "--no-plots")
    assert result.code == 0, result.err
    (warning,) = [line for line in result.err.splitlines() if "warning" in line]
    assert os.strerror(number) in warning
    assert str(data_home / "nnscratch") in warning
    (run,) = (workplace / "runs").iterdir()
    assert Model.load(run).image is not None


@pytest.mark.parametrize("value", [None, "~/sk", "relative", "absolute"])
def test_the_data_home_is_scikit_learns(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sklearn.datasets import get_data_home

    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.chdir(tmp_path)
    if value is None:
        monkeypatch.delenv("SCIKIT_LEARN_DATA")
    else:
        monkeypatch.setenv(
            "SCIKIT_LEARN_DATA", str(tmp_path / "x") if value == "absolute" else value
        )
    assert our_data_home() == Path(get_data_home())


def test_without_its_data_a_config_is_checked_and_shown_but_nothing_is_fetched(
    workplace: Path, nnscratch: Command, data_home: Path, waits: list[float]
) -> None:
    (workplace / "mine.yaml").write_text(CONFIG)
    checked = nnscratch("validate", "mine.yaml")
    assert checked.code == 0, checked.err
    assert "mine.yaml: fine" in checked.out
    shown = nnscratch("show", "mine.yaml")
    assert shown.code == 0, shown.err
    assert "name: mnist" in shown.out
    assert "Traceback" not in checked.err + shown.err
    assert not waits
    assert not data_home.exists()
    write_cache(data_home, small_mnist())
    load("mnist")
    assert "(rows, 784)" in nnscratch("show", "mine.yaml").out


def test_offline_a_training_ends_with_one_clear_error(
    workplace: Path, nnscratch: Command, waits: list[float]
) -> None:
    (workplace / "mine.yaml").write_text(CONFIG)
    for options in ([], ["--quiet"]):
        result = nnscratch("train", "mine.yaml", "--no-plots", *options)
        assert result.code == 1
        assert result.out == ""
        errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
        assert 1 <= len(errors) <= 4
        assert "openml.org" in errors[0]
        assert "configs/digits.yaml" in "".join(errors)
        assert "Traceback" not in result.err
        assert "Warning" not in result.err
    assert not (workplace / "runs").exists() or not list((workplace / "runs").glob("*/"))


def idx(array: NDArray[np.uint8]) -> bytes:
    """An array as Y. LeCun's page describes the format."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def idx_files(dataset: Dataset) -> dict[str, bytes]:
    files = {}
    for part, prefix in (("train", "train"), ("test", "t10k")):
        split = dataset.splits[part]
        files[f"{prefix}-images-idx3-ubyte"] = idx(split.inputs.reshape(-1, 28, 28))
        files[f"{prefix}-labels-idx1-ubyte"] = idx(split.targets.astype(np.uint8))
    return files


def test_the_real_mnist_is_the_published_one_to_the_byte(real_mnist: Dataset) -> None:
    assert {name: len(split) for name, split in real_mnist.splits.items()} == {
        "train": 60_000,
        "test": 10_000,
    }
    assert real_mnist.splits["train"].inputs.dtype == np.uint8
    assert real_mnist.classes == tuple(range(10))
    sums = {name: hashlib.md5(data).hexdigest() for name, data in idx_files(real_mnist).items()}  # noqa: S324 - as published
    assert sums == MD5


def test_the_published_files_are_the_same_data(real_mnist: Dataset, tmp_path: Path) -> None:
    for name, data in idx_files(real_mnist).items():
        zipped = name.startswith("train")
        file = tmp_path / (f"{name}.gz" if zipped else name)
        file.write_bytes(gzip.compress(data, 1) if zipped else data)
    dataset = load("idx", path=str(tmp_path))
    for part, split in real_mnist.splits.items():
        assert np.array_equal(dataset.splits[part].inputs, split.inputs)
        assert np.array_equal(dataset.splits[part].targets, split.targets)
    assert (dataset.classes, dataset.image) == (real_mnist.classes, real_mnist.image)


def test_the_real_mnist_needs_no_scikit_learn_and_little_memory_the_second_time(
    real_mnist: Dataset, real_home: Path
) -> None:
    environment = {**os.environ, "SCIKIT_LEARN_DATA": str(real_home)}
    done = subprocess.run(
        [sys.executable, "-c", LOAD], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    fingerprint, imported, megabytes = json.loads(done.stdout)
    assert fingerprint == real_mnist.fingerprint()
    assert not imported
    assert megabytes < 350


def test_drawn_digits_are_recognised_by_a_network_that_saw_mnist_only(
    real_mnist: Dataset, tmp_path: Path
) -> None:
    split = real_mnist.splits["train"]
    network = Network(784, [64], 10, activation="relu", loss="cross_entropy")
    pixels = split.inputs[:20_000].astype(np.float32) / 255
    list(fit(network, pixels, split.targets[:20_000], optimizer=Adam(), learning_rate=2e-3,
             epochs=3, batch_size=64))  # fmt: skip
    rows = []
    for digit in DIGITS:
        for ink, paper in ((0, 255), (255, 0), (30, 230)):
            drawn(digit, ink=ink, paper=paper).save(tmp_path / "a.png")
            rows.append(read_image(tmp_path / "a.png", ImageFormat(28, 28, largest=1)))
    answers = network.predict(np.vstack(rows)).argmax(axis=1)
    assert np.mean(answers == np.repeat(DIGITS, 3)) >= 0.8
