"""The idx files that MNIST came in, written here byte by byte."""

import gzip
import json
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch import load_config, prepare
from nnscratch.data.dataset import Dataset, ImageFormat
from nnscratch.data.sources.idx import IdxSource
from nnscratch.errors import DataError
from nnscratch.model.evaluation import evaluate_split
from nnscratch.training.trainer import Trainer
from tests.conftest import Command

NAMES = {
    ("train", "images"): "train-images-idx3-ubyte",
    ("train", "labels"): "train-labels-idx1-ubyte",
    ("test", "images"): "t10k-images-idx3-ubyte",
    ("test", "labels"): "t10k-labels-idx1-ubyte",
}
# Two pictures of 2 × 3 pixels and their labels, as the format's description has them.
IMAGES = bytes.fromhex("00000803 00000002 00000002 00000003 000102030405 fafbfcfdfeff")
LABELS = bytes.fromhex("00000801 00000002 0701")


def load_idx(path: Any) -> Dataset:
    return IdxSource(str(path)).load()


def write(directory: Path, *, zipped: bool = False, prefix: str = "", **files: bytes) -> Path:
    """Writes files given as `train_images=…`."""
    for key, content in files.items():
        part, kind = key.split("_")
        name = prefix + NAMES[part, kind] + (".gz" if zipped else "")
        (directory / name).write_bytes(gzip.compress(content) if zipped else content)
    return directory


def whole(directory: Path, **changes: bytes) -> Path:
    for name in ("train_images", "train_labels", "test_images", "test_labels"):
        content = IMAGES if name.endswith("images") else LABELS
        write(directory, **{name: changes.get(name, content)})  # type: ignore[arg-type]
    return directory


def header(code: int, *shape: int) -> bytes:
    return bytes([0, 0, code, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)


def refusal(path: Path, *fragments: str) -> None:
    with pytest.raises(DataError) as caught:
        load_idx(str(path))
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    for fragment in (str(path), *fragments):
        assert fragment in message


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("prefix", ["", "fashion-", "emnist-letters-", "my [1] "])
def test_pictures_and_labels_are_read(tmp_path: Path, zipped: bool, prefix: str) -> None:
    swapped = header(8, 1, 2, 3) + bytes(6)
    write(
        tmp_path,
        zipped=zipped,
        prefix=prefix,
        train_images=IMAGES,
        train_labels=LABELS,
        test_images=swapped,
        test_labels=header(8, 1) + b"\x07",
    )
    dataset = load_idx(str(tmp_path))
    assert list(dataset.splits) == ["train", "test"]
    train = dataset.splits["train"]
    assert train.inputs.dtype == np.uint8
    assert train.inputs.tolist() == [[0, 1, 2, 3, 4, 5], [250, 251, 252, 253, 254, 255]]
    assert dataset.classes == (1, 7)
    assert train.targets.tolist() == [1, 0]
    assert dataset.splits["test"].inputs.tolist() == [[0] * 6]
    assert dataset.splits["test"].targets.tolist() == [1]
    assert dataset.image == ImageFormat(2, 3, 255)


def test_emnist_as_it_is_downloaded(tmp_path: Path) -> None:
    # EMNIST calls its test files …-test-images-idx3-ubyte.gz, where MNIST's are t10k-….
    write(tmp_path, zipped=True, prefix="emnist-digits-", train_images=IMAGES, train_labels=LABELS)
    for kind, content in (("images-idx3", IMAGES), ("labels-idx1", LABELS)):
        path = tmp_path / f"emnist-digits-test-{kind}-ubyte.gz"
        path.write_bytes(gzip.compress(content))
    assert list(load_idx(str(tmp_path)).splits) == ["train", "test"]


def test_names_with_a_dot_as_some_programs_unpack_them(tmp_path: Path) -> None:
    (tmp_path / "train-images.idx3-ubyte").write_bytes(IMAGES)
    (tmp_path / "train-labels.idx1-ubyte").write_bytes(LABELS)
    assert len(load_idx(str(tmp_path)).splits["train"]) == 2


def test_a_directory_of_the_same_name_is_no_file(tmp_path: Path) -> None:
    # Archives of MNIST have train-images-idx3-ubyte/ beside train-images.idx3-ubyte.
    for (_, kind), name in NAMES.items():
        (tmp_path / name).mkdir()
        content = IMAGES if kind == "images" else LABELS
        (tmp_path / name.replace("-idx", ".idx")).write_bytes(content)
    assert list(load_idx(str(tmp_path)).splits) == ["train", "test"]


def test_a_file_both_zipped_and_not_is_read_once(tmp_path: Path) -> None:
    whole(tmp_path)
    write(tmp_path, zipped=True, train_images=IMAGES)
    assert len(load_idx(str(tmp_path)).splits["train"]) == 2


def test_what_is_zipped_is_seen_from_the_bytes_and_not_from_the_name(tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(gzip.compress(IMAGES))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(LABELS)
    assert len(load_idx(str(tmp_path)).splits["train"]) == 2


def test_two_data_sets_in_one_directory_are_not_guessed_between(tmp_path: Path) -> None:
    for prefix in ("a-", "b-"):
        write(tmp_path, prefix=prefix, train_images=IMAGES, train_labels=LABELS)
    refusal(tmp_path, "a-train-images-idx3-ubyte", "b-train-images-idx3-ubyte")


def test_training_files_alone_are_enough(tmp_path: Path) -> None:
    write(tmp_path, train_images=IMAGES, train_labels=LABELS)
    assert list(load_idx(str(tmp_path)).splits) == ["train"]


@pytest.mark.parametrize(
    ("code", "numbers", "values"),
    [
        (0x08, "00 7f 80 ff", [0, 127, 128, 255]),
        (0x09, "00 7f 80 ff", [0, 127, -128, -1]),
        (0x0B, "0000 0100 7fff 8000", [0, 256, 32767, -32768]),
        (0x0C, "00000000 00010000 7fffffff 80000000", [0, 65536, 2**31 - 1, -(2**31)]),
        (0x0D, "00000000 3f800000 c0200000 3e800000", [0, 1, -2.5, 0.25]),
        (
            0x0E,
            "0000000000000000 3ff0000000000000 c004000000000000 3fd0000000000000",
            [0, 1, -2.5, 0.25],
        ),
    ],
)
def test_each_type_of_number_is_read_big_endian(
    tmp_path: Path, code: int, numbers: str, values: list[float]
) -> None:
    pictures = header(code, 2, 1, 2) + bytes.fromhex(numbers)
    write(tmp_path, train_images=pictures, train_labels=LABELS)
    inputs = load_idx(str(tmp_path)).splits["train"].inputs
    assert inputs.ravel().tolist() == values
    assert inputs.dtype.isnative
    assert inputs.dtype == {8: np.uint8, 13: np.float32}.get(code, np.float64)


def test_labels_of_more_than_a_byte(tmp_path: Path) -> None:
    labels = header(0x0C, 2) + struct.pack(">2i", 70_000, -1)
    write(tmp_path, train_images=IMAGES, train_labels=labels)
    assert load_idx(str(tmp_path)).classes == (-1, 70_000)


@pytest.mark.parametrize("absent", NAMES)
def test_a_missing_file_is_named(tmp_path: Path, absent: tuple[str, str]) -> None:
    whole(tmp_path)
    (tmp_path / NAMES[absent]).unlink()
    refusal(tmp_path, NAMES[absent])


def test_a_place_that_is_no_directory_is_said_to_be_none(tmp_path: Path) -> None:
    refusal(tmp_path, "train-images-idx3-ubyte")
    refusal(tmp_path / "nowhere", "directory")
    (tmp_path / "file").write_bytes(IMAGES)
    refusal(tmp_path / "file", "directory")


BAD_IMAGES = {
    "empty": b"",
    "three bytes": IMAGES[:3],
    "half a header": IMAGES[:9],
    "wrong magic": b"\x01" + IMAGES[1:],
    "unknown type": IMAGES[:2] + b"\x0a" + IMAGES[3:],
    "type 0": IMAGES[:2] + b"\0" + IMAGES[3:],
    "a page": b"<html>404 Not Found</html>",
    "numpy": b"\x93NUMPY",
    "one byte short": IMAGES[:-1],
    "one byte more": IMAGES + b"\0",
    "header alone": IMAGES[:16],
    "size beyond memory": header(8, 2**32 - 1, 2**32 - 1, 2**32 - 1),
    "no rows": header(8, 0, 2, 3),
    "no pixels": header(8, 2, 0, 3),
    "no dimension": header(8) + b"\0",
    "one dimension": header(8, 2) + b"\0\0",
    "a hundred dimensions": header(8, *[1] * 100) + b"\0",
    "other count": header(8, 3, 2, 2) + bytes(12),
    "zip of another": gzip.compress(b"hello"),
    "cut zip": gzip.compress(IMAGES)[:-12],
    "zip head": b"\x1f\x8b",
    "damaged zip": gzip.compress(IMAGES)[:12] + b"\xff" * 40,
    "wrong checksum": gzip.compress(IMAGES)[:-8] + bytes(8),
    "nan": header(0x0D, 2, 1, 1) + struct.pack(">2f", float("nan"), 0),
}


@pytest.mark.parametrize("content", BAD_IMAGES.values(), ids=BAD_IMAGES)
@pytest.mark.parametrize("name", ["train_images", "test_images"])
def test_a_damaged_file_of_pictures_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    refusal(whole(tmp_path, **{name: content}))


@pytest.mark.parametrize(
    "content",
    [
        header(8) + b"\x01",
        header(8, 1) + b"\x01",
        header(8, 3) + b"\x01\x02\x03",
        header(8, 2, 2) + bytes(4),
        IMAGES,
        header(0x0D, 2) + struct.pack(">2f", float("nan"), 0),
        LABELS[:-1],
    ],
    ids=["number", "too few", "too many", "rows of two", "pictures", "nan", "short"],
)
@pytest.mark.parametrize("name", ["train_labels", "test_labels"])
def test_labels_that_do_not_fit_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    refusal(whole(tmp_path, **{name: content}))


def test_labels_that_are_rows_are_refused_without_talk_of_settings(tmp_path: Path) -> None:
    rows = header(8, 2, 2) + bytes(4)
    write(tmp_path, train_images=IMAGES, train_labels=rows)
    refusal(tmp_path, "(2, 2)")


def test_pictures_of_two_sizes_are_refused_and_both_are_named(tmp_path: Path) -> None:
    whole(tmp_path, test_images=header(8, 2, 3, 3) + bytes(18))
    refusal(tmp_path, "(2, 2, 3)", "(2, 3, 3)")


def shades(rows: int) -> tuple[bytes, bytes, NDArray[Any]]:
    """Dark and light pictures."""
    labels = (np.arange(rows) % 2).astype(np.uint8)
    noise = np.random.default_rng(0).integers(0, 80, (rows, 4, 4))
    pictures = (noise + 170 * labels[:, np.newaxis, np.newaxis]).astype(np.uint8)
    return (
        header(8, rows, 4, 4) + pictures.tobytes(),
        header(8, rows) + labels.tobytes(),
        labels,
    )


CONFIG = "dataset: {name: idx, path: tiny}\nlearning_rate: 0.02\nepochs: 20\n"


@pytest.mark.parametrize("with_test", [True, False])
def test_a_small_directory_is_trained_evaluated_and_predicted(
    workplace: Path, nnscratch: Command, with_test: bool
) -> None:
    directory = workplace / "tiny"
    directory.mkdir()
    images, labels, _ = shades(64)
    write(directory, zipped=True, train_images=images, train_labels=labels)
    part, rows = ("test", 10) if with_test else ("train", 64)
    images, labels, truth = shades(rows)
    if with_test:
        write(directory, zipped=True, test_images=images, test_labels=labels)
    (workplace / "tiny.yaml").write_text(CONFIG)
    all_rows = [] if with_test else ["dataset.test=0"]
    arguments = ["train", "tiny.yaml", *all_rows, "--quiet", "--no-plots"]
    runs = [nnscratch(*arguments) for _ in range(2)]
    assert [run.code for run in runs] == [0, 0], runs[0].err
    first, again = ((workplace / r.out.strip() / "weights.npz").read_bytes() for r in runs)
    assert first == again
    report = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert (report["split"], report["rows"], report["accuracy"]) == (part, rows, 1.0)
    predicted = nnscratch("predict", "latest", "--split", part).out.splitlines()
    assert [line.split(",")[1] for line in predicted[1:]] == [str(label) for label in truth]


def test_many_pictures_stay_bytes_while_they_are_trained_on(tmp_path: Path) -> None:
    rows, pixels = 30_000, 28 * 28
    pictures = np.random.default_rng(0).integers(0, 256, rows * pixels, np.uint8)
    labels = (np.arange(rows) % 10).astype(np.uint8)
    write(
        tmp_path,
        train_images=header(8, rows, 28, 28) + pictures.tobytes(),
        train_labels=header(8, rows) + labels.tobytes(),
    )
    config = tmp_path / "many.yaml"
    config.write_text("dataset: {name: idx, path: .}\nbatch_size: 1024\nepochs: 1\n")
    experiment = prepare(load_config(config))
    tracemalloc.start()
    (record,) = Trainer(experiment).epochs()
    evaluate_split(experiment.model, "train", experiment.dataset.splits["train"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert record.epoch == 1
    assert peak < 2 * rows * pixels  # a copy as float32 alone is four times as large


def test_a_mistake_is_one_line_and_no_run(workplace: Path, nnscratch: Command) -> None:
    (workplace / "tiny.yaml").write_text(CONFIG)
    (workplace / "tiny").mkdir()
    code, out, err = nnscratch("train", "tiny.yaml")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 1
    assert "train-images-idx3-ubyte" in err
    assert not (workplace / "runs").exists()
