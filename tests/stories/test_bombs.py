"""Small files that would become gigabytes are refused by their headers, not expanded."""

import gzip
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc"),
]

MOST_MEGABYTES = 300
# What is left of a message is printed, and the most memory that the process had, in kilobytes;
# `ru_maxrss` would count what its parent had too.
SCRIPT = """
import sys
from pathlib import Path
from nnscratch.data.dataset import ImageFormat
from nnscratch.data.images import read_image
from nnscratch.data.sources.csv import CsvSource
from nnscratch.data.sources.idx import IdxSource
from nnscratch.data.sources.npz import NpzSource
from nnscratch.errors import DataError
kind, path = sys.argv[1:]
try:
    if kind == "image":
        print(read_image(Path(path), ImageFormat(28, 28, 255.0)).round().sum())
    elif kind == "csv":
        print(CsvSource(path, "b").load())
    else:
        print({"idx": IdxSource, "npz": NpzSource}[kind](path).load())
except DataError as error:
    print(error)
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
BLOCK = 1 << 26


def read(kind: str, path: Path) -> tuple[str, float]:
    """Returns what became of a file, and the peak of memory in megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, kind, str(path)], capture_output=True, text=True, check=True
    )
    message, _, peak = done.stdout.strip().rpartition("\n")
    return message, float(peak) / 1000


def zipped_zeros(blocks: int) -> bytes:
    """Returns a part of a raw deflate stream of `blocks` times 64 MB of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(bytes(BLOCK)) + packer.flush(zlib.Z_FULL_FLUSH)) * blocks


def npy(shape: tuple[int, ...], data: bytes = b"") -> bytes:
    """Returns a .npy file of bytes whose header says `shape`, whatever it holds."""
    stream = io.BytesIO()
    header: Any = {"descr": "|u1", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue() + data


def write_npz(path: Path, shape: tuple[int, ...], blocks: int, targets: int) -> Path:
    """Writes an x that says `shape` and expands to `blocks` blocks, and a y of `targets` zeros."""
    start = npy(shape)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    begun = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", begun + zipped_zeros(blocks) + b"\3\0")
        info = archive.getinfo("x.npy")
        info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, len(start) + blocks * BLOCK
        info.CRC = zlib.crc32(start)  # of more than the header, the end is never reached
        archive.writestr("y.npy", npy((targets,), bytes(targets)))
    return path


def test_a_gzipped_idx_file_is_read_as_far_as_its_header_promises(tmp_path: Path) -> None:
    images = struct.pack(">HBB3I", 0, 8, 3, 10, 8, 8)
    packed = gzip.compress(images) + 50 * gzip.compress(bytes(BLOCK))
    assert len(packed) < 15e6
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(packed)
    labels = struct.pack(">HBBI", 0, 8, 1, 10) + bytes(range(10))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(labels)
    message, peak = read("idx", tmp_path)
    assert "has more than 640 bytes of numbers, but a header for shape (10, 8, 8)" in message
    assert peak < MOST_MEGABYTES


def test_an_idx_file_that_promises_too_much_is_compared_with_its_labels(tmp_path: Path) -> None:
    images = struct.pack(">HBB3I", 0, 8, 3, 50, 8192, 8192)
    packed = gzip.compress(images) + 50 * gzip.compress(bytes(BLOCK))
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(packed)
    labels = struct.pack(">HBBI", 0, 8, 1, 10) + bytes(range(10))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(labels)
    message, peak = read("idx", tmp_path)
    assert "must have one label for each image of train-images-idx3-ubyte.gz, 50" in message
    assert peak < MOST_MEGABYTES


@pytest.mark.parametrize(
    ("shape", "blocks", "targets", "expected"),
    [
        ((10, 64), 50, 10, "x has 3,355,443,200 bytes, but a header for uint8 of shape (10, 64)"),
        ((10**9, 4), 0, 10, "x has 0 bytes, but a header for uint8 of shape (1000000000, 4)"),
        ((10**30, 4), 0, 10, "x has 0 bytes, but a header for uint8 of shape (1000000"),
        ((50 * BLOCK, 1), 50, 10, "3,355,443,200 rows of inputs, but targets of shape (10,)"),
    ],
)
def test_arrays_are_compared_with_their_headers_and_each_other(
    shape: tuple[int, ...], blocks: int, targets: int, expected: str, tmp_path: Path
) -> None:
    path = write_npz(tmp_path / "bomb.npz", shape, blocks, targets)
    message, peak = read("npz", path)
    assert expected in message
    assert peak < MOST_MEGABYTES


def test_an_image_of_very_many_pixels_is_refused(tmp_path: Path) -> None:
    Image.new("1", (9400, 9400)).save(tmp_path / "bomb.png")
    assert (tmp_path / "bomb.png").stat().st_size < 200_000
    message, peak = read("image", tmp_path / "bomb.png")
    assert "has 9,400 × 9,400 pixels; at most 16,000,000 can be read" in message
    assert peak < MOST_MEGABYTES


@pytest.mark.parametrize(
    "mode",
    ["RGBA", *(pytest.param(m, marks=pytest.mark.slow) for m in ("L", "RGB", "P", "I;16"))],
)  # each takes a second
def test_a_large_image_is_shrunk_and_looks_like_a_small_one(mode: str, tmp_path: Path) -> None:
    sums = []
    for side in (400, 4000):
        page = np.full((side, side), 255, np.uint8)
        page[side // 4 : side // 2, side // 4 : side // 2] = 0
        image = Image.fromarray(page)
        image = (
            Image.fromarray(page.astype(np.uint16) * 257) if mode == "I;16" else image.convert(mode)
        )
        image.save(tmp_path / "page.png")
        message, peak = read("image", tmp_path / "page.png")
        sums.append(float(message))
        assert peak < MOST_MEGABYTES
    assert sums[1] == pytest.approx(sums[0], rel=0.02)
    assert sums[0] == pytest.approx(255 * 20 * 20, rel=0.02)  # a square fills 20 × 20 pixels


def test_a_table_that_expands_as_no_table_does_is_refused_before_it_is_held(tmp_path: Path) -> None:
    # A megabyte of rows over and over: each block of a stream that is flushed can stand alone.
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    begun = packer.compress(b"a,b\n") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"1,2\n" * (1 << 18)) + packer.flush(zlib.Z_FULL_FLUSH)
    path = tmp_path / "t.csv.gz"
    path.write_bytes(begun + block * 3000)
    message, peak = read("csv", path)
    assert "expand to more than" in message
    assert peak < MOST_MEGABYTES
