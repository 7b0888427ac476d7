"""`.npz` files of arrays, laid out as Keras lays out MNIST or as x and y; and damaged ones."""

import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.config import load as load_config
from nnscratch.data.dataset import Dataset, ImageFormat
from nnscratch.data.sources.npz import NpzSource
from nnscratch.errors import DataError, SettingError
from nnscratch.experiment.prepare import prepare
from tests.conftest import Command

Array = NDArray[Any]

X = np.random.default_rng(0).integers(0, 256, (12, 6, 5)).astype(np.uint8)
Y = np.array([3, 1, 3, 1, 2, 2, 1, 3, 1, 2, 3, 2], np.uint8)
TABLE = np.arange(24.0).reshape(12, 2) / 7


def load_npz(path: Any, task: Any = "auto") -> Dataset:
    return NpzSource(str(path), task).load()


def refusal(load: Callable[[str], object], path: Path, error: type[Exception] = DataError) -> str:
    """Returns the one line that a file is refused with, which names it."""
    with pytest.raises(error) as caught:
        load(str(path))
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert error is SettingError or str(path) in message
    return message


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    return tmp_path / "my data.npz"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_mnist_as_keras_lays_it_out(npz: Path, save: Callable[..., None]) -> None:
    save(npz, x_test=X[8:], x_train=X[:8], y_train=Y[:8], y_test=Y[8:])
    dataset = load_npz(str(npz))
    assert list(dataset.splits) == ["train", "test"]
    train, test = dataset.splits["train"], dataset.splits["test"]
    assert train.inputs.dtype == test.inputs.dtype == np.uint8
    assert train.inputs.tolist() == [[v for line in x for v in line] for x in X[:8].tolist()]
    np.testing.assert_array_equal(test.inputs, X[8:].reshape(4, 30))
    assert dataset.classes == (1, 2, 3)
    assert train.targets.tolist() == [2, 0, 2, 0, 1, 1, 0, 2]
    assert test.targets.tolist() == [0, 1, 2, 1]
    assert dataset.image == ImageFormat(6, 5, 255)


@pytest.mark.parametrize(
    ("x", "image"),
    [
        (X[:, :5], ImageFormat(5, 5, 255)),
        (X[:, :5].reshape(12, 25), None),  # too small to be taken for a picture
        (np.tile(X.reshape(12, 30), 3)[:, :64], ImageFormat(8, 8, 255)),
        (X[..., np.newaxis], ImageFormat(6, 5, 255)),
        (X.reshape(12, 30), None),  # 30 is no square
        (X.reshape(12, 5, 2, 3), None),  # colours
        (X.astype(np.float32) / 255, None),  # so few fractions may be a sequence of measurements
        (TABLE, None),
        (np.hstack([TABLE, TABLE]), None),  # 4 is a square, but fractions are no pixels
    ],
)
def test_what_looks_like_grey_pictures(npz: Path, x: Array, image: ImageFormat | None) -> None:
    np.savez(npz, x=x, y=Y)
    dataset = load_npz(str(npz))
    assert list(dataset.splits) == ["train"]
    assert dataset.image == image
    np.testing.assert_array_equal(dataset.splits["train"].inputs, x.reshape(12, -1))
    assert len(dataset.features) == x.size // 12


@pytest.mark.parametrize("dtype", ["u1", "i8", "<f4", ">f4", "f2", ">i2", "?"])
def test_inputs_of_any_type_of_number_keep_their_values(npz: Path, dtype: str) -> None:
    x = np.arange(24).reshape(12, 2).astype(dtype)
    np.savez(npz, x=x, y=Y)
    inputs = load_npz(str(npz)).splits["train"].inputs
    small = {"u1": np.uint8, "?": np.uint8, "<f4": np.float32}
    assert inputs.dtype == small.get(dtype, np.float64)
    assert inputs.tolist() == x.astype(float).tolist()


@pytest.mark.parametrize(
    ("y", "classes"),
    [
        (Y, (1, 2, 3)),
        (Y[:, np.newaxis], (1, 2, 3)),  # as CIFAR's
        (Y.astype(">i4"), (1, 2, 3)),
        (Y > 1, (False, True)),
        (np.array(["ja", "nein", "ä"])[Y - 1], ("ja", "nein", "ä")),
        (np.arange(12) // 2 * 10, tuple(range(0, 60, 10))),
        ((Y > 1) * 1.0, (0, 1)),
    ],
)
def test_labels_are_classes(npz: Path, y: Array, classes: tuple[object, ...]) -> None:
    np.savez(npz, x=TABLE, y=y)
    dataset = load_npz(str(npz))
    assert dataset.classes == classes
    targets = dataset.splits["train"].targets
    assert [classes[i] for i in targets] == y.ravel().tolist()


@pytest.mark.parametrize("width", [1, 2, 3])
def test_fractions_and_rows_of_them_are_numbers(npz: Path, width: int) -> None:
    y = np.random.default_rng(1).normal(size=(12, width))
    np.savez(npz, x=TABLE, y=y)
    dataset = load_npz(str(npz))
    assert dataset.classes is None
    assert dataset.numbers == width
    np.testing.assert_array_equal(dataset.splits["train"].targets, y)


def test_the_task_overrules(npz: Path) -> None:
    np.savez(npz, x=TABLE, y=Y)
    assert load_npz(str(npz), "regression").classes is None
    assert load_npz(str(npz), "regression").splits["train"].targets[:3].tolist() == [[3], [1], [3]]
    np.savez(npz, x=TABLE, y=Y + 0.5)
    assert load_npz(str(npz), "classification").classes == (1.5, 2.5, 3.5)
    np.savez(npz, x=TABLE, y=TABLE)
    rule = refusal(lambda path: load_npz(path, "classification"), npz, SettingError)
    assert "2 numbers" in rule
    np.savez(npz, x=TABLE, y=np.array(list("abc" * 4)))
    assert "text" in refusal(lambda path: load_npz(path, "regression"), npz, SettingError)


def test_a_class_of_the_test_part_only_is_a_class(npz: Path) -> None:
    np.savez(npz, x_train=TABLE, y_train=Y, x_test=TABLE[:2], y_test=np.array([9, 1]))
    dataset = load_npz(str(npz))
    assert dataset.classes == (1, 2, 3, 9)
    assert dataset.splits["test"].targets.tolist() == [3, 0]


def test_arrays_that_are_not_needed_are_not_looked_at(npz: Path) -> None:
    np.savez(npz, x=TABLE, y=Y, names=np.array(["a", None], object), n=np.array(5))
    assert len(load_npz(str(npz)).splits["train"]) == 12


WORDS = np.array(list("abc" * 4))


@pytest.mark.parametrize(
    ("arrays", "fragments"),
    [
        ({}, ["x_train", "nothing"]),
        ({"X": TABLE, "y": Y}, ["x_train", "it holds X, y"]),
        ({"x": TABLE}, ["it holds x"]),
        ({"x_train": TABLE, "y_train": Y, "x_test": TABLE}, ["y_test"]),
        ({"x_train": TABLE, "y_train": Y, "y_test": Y}, ["x_test"]),
        ({"x": TABLE, "y": Y[:11]}, ["12 rows", "(11,)"]),
        ({"x": TABLE, "y": np.array(1)}, ["12 rows", "()"]),
        ({"x": TABLE, "y": Y.reshape(12, 1, 1)}, ["(12, 1, 1)"]),
        ({"x": TABLE, "y": np.empty((12, 0))}, ["(12, 0)"]),
        ({"x": TABLE[:, 0], "y": Y}, ["(12,)"]),
        ({"x": np.array(5), "y": Y}, ["()"]),
        ({"x": TABLE[:0], "y": Y[:0]}, ["(0, 2)"]),
        ({"x": np.empty((12, 0)), "y": Y}, ["(12, 0)"]),
        ({"x": TABLE + 1j, "y": Y}, ["complex128"]),
        ({"x": np.array([list("ab")] * 12), "y": Y}, ["numbers"]),
        ({"x": np.where(TABLE > 2, np.nan, TABLE), "y": Y}, ["nan"]),
        ({"x": np.where(TABLE > 2, np.inf, TABLE), "y": Y}, ["infinity"]),
        ({"x": TABLE, "y": np.where(Y > 1, np.nan, 1.0)}, ["targets", "nan"]),
        ({"x": TABLE, "y": Y + 1j}, ["targets", "complex128"]),
        ({"x": TABLE, "y": WORDS.astype("S1")}, ["targets", "S1"]),
        ({"x_train": TABLE, "y_train": WORDS.astype(object)}, ["y_train"]),
        ({"x_train": TABLE.astype(object), "y_train": Y}, ["x_train"]),
        ({"x_train": TABLE, "y_train": Y, "x_test": X, "y_test": Y}, ["(12, 2)", "(12, 6, 5)"]),
        ({"x_train": TABLE, "y_train": Y, "x_test": TABLE[:0], "y_test": Y[:0]}, ["(0, 2)"]),
        ({"x_train": TABLE, "y_train": Y, "x_test": TABLE, "y_test": TABLE}, ["(12, 2)"]),
        ({"x_train": TABLE, "y_train": X[:, 0], "x_test": TABLE, "y_test": TABLE}, ["(12, 2)"]),
        ({"x_train": TABLE, "y_train": WORDS, "x_test": TABLE, "y_test": Y}, ["targets"]),
        (
            {"x_train": TABLE, "y_train": Y.astype("M8[D]"), "x_test": TABLE, "y_test": Y},
            ["datetime64"],
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    npz: Path, arrays: dict[str, Array], fragments: list[str]
) -> None:
    np.savez(npz, **arrays)  # type: ignore[arg-type]  # its `allow_pickle` is in the way
    message = refusal(load_npz, npz)
    for fragment in fragments:
        assert fragment in message


class Exploit:
    """Makes a directory when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def test_nothing_is_unpickled(npz: Path) -> None:
    made = npz.with_name("made")
    np.savez(npz, x=TABLE, y=np.array([Exploit(made)] * 12, object))
    refusal(load_npz, npz)
    assert not made.exists()


def npy_bytes() -> bytes:
    stream = io.BytesIO()
    np.save(stream, TABLE)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"x,y\n1,2\n", b"<html>404 Not Found</html>", npy_bytes(), gzip.compress(b"x"), b"PK"],
    ids=["empty", "text", "html", "npy", "gzip", "PK"],
)
def test_a_file_of_another_kind_is_named_as_no_npz(npz: Path, content: bytes) -> None:
    npz.write_bytes(content)
    message = refusal(load_npz, npz)
    # The message advises neither context managers nor a switch that may be dangerous.
    assert "protocol" not in message
    assert "pickle" not in message


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_truncated_file_is_refused(npz: Path, save: Callable[..., None]) -> None:
    save(npz, x=X, y=Y)
    content = npz.read_bytes()
    for length in range(0, len(content), 29):
        npz.write_bytes(content[:length])
        refusal(load_npz, npz)


def test_a_damaged_file_is_refused(npz: Path) -> None:
    np.savez_compressed(npz, x=X, y=Y)
    content = bytearray(npz.read_bytes())
    content[100] ^= 0xFF
    npz.write_bytes(content)
    refusal(load_npz, npz)


def test_a_directory_or_no_file_at_all(tmp_path: Path) -> None:
    assert "directory" in refusal(load_npz, tmp_path).lower()
    assert "No such file" in refusal(load_npz, tmp_path / "nowhere.npz")


NPZ = "dataset: {name: npz, path: tiny.npz, validation: 6}\nlearning_rate: 0.01\nepochs: 30\n"


def bars(seed: int, rows: int) -> tuple[Array, Array]:
    """Pictures of upright and of lying bars, as bytes."""
    rng = np.random.default_rng(seed)
    x, y = np.zeros((rows, 6, 6), np.uint8), (np.arange(rows) % 2).astype(np.uint8)
    for picture, lying, place in zip(x, y, rng.integers(0, 6, rows), strict=True):
        (picture if lying else picture.T)[place] = rng.integers(150, 256)
    return x, y


def write_bars(path: Path) -> None:
    (x_train, y_train), (x_test, y_test) = bars(1, 80), bars(2, 20)
    np.savez_compressed(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


def test_a_small_npz_is_trained_evaluated_and_predicted(
    workplace: Path, nnscratch: Command
) -> None:
    write_bars(workplace / "tiny.npz")
    (workplace / "tiny.yaml").write_text(NPZ)
    runs = [nnscratch("train", "tiny.yaml", "--quiet", "--no-plots") for _ in range(2)]
    assert [run.code for run in runs] == [0, 0], runs[0].err
    first, again = ((workplace / r.out.strip() / "weights.npz").read_bytes() for r in runs)
    assert first == again
    report = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert (report["split"], report["rows"], report["accuracy"]) == ("test", 20, 1.0)
    lines = nnscratch("predict", "latest", "--split", "test").out.splitlines()
    assert len(lines) == 21
    assert [line.split(",")[1] for line in lines[1:]] == [str(i % 2) for i in range(20)]
    refused = nnscratch("train", "tiny.yaml", "dataset.test=0.2")
    assert refused.code == 2
    assert "a test part of its own" in refused.err


def test_other_bytes_in_the_npz_are_noticed(workplace: Path, nnscratch: Command) -> None:
    write_bars(workplace / "tiny.npz")
    (workplace / "tiny.yaml").write_text(NPZ)
    assert nnscratch("train", "tiny.yaml", "epochs=1", "--quiet", "--no-plots").code == 0
    with np.load(workplace / "tiny.npz") as arrays:
        changed = dict(arrays)
    changed["x_train"][0, 0, 0] ^= 1
    np.savez(workplace / "tiny.npz", **changed)
    code, out, err = nnscratch("evaluate", "latest")
    assert (code, out) == (2, "")
    assert "names other data" in err
    (workplace / "tiny.npz").unlink()
    code, out, err = nnscratch("evaluate", "latest")
    assert out == ""
    assert "tiny.npz" in err
    assert "Traceback" not in err


def test_rows_of_float32_are_checked_against_the_limits_of_float64_in_silence(
    tmp_path: Path,
) -> None:
    rows = np.array([[1.0, 3e38], [2.0, 0.0], [3.0, 1.0], [5.0, 2.0]], np.float32)
    np.savez(tmp_path / "rows.npz", x=rows, y=np.array([0, 1, 0, 1]))
    (tmp_path / "rows.yaml").write_text("dataset: {name: npz, path: rows.npz, test: 0}\n")
    experiment = prepare(load_config(tmp_path / "rows.yaml"))  # warnings are errors here
    assert experiment.model.transform(rows)[:, 1].max() < 2
