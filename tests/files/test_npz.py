"""`.npz` files are read back bit for bit, by `numpy.load` too; damaged ones are refused.

So are edited and crafted ones, before anything in them is used.
"""

import hashlib
import io
import json
import os
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.errors import FileFormatError
from nnscratch.files import npz

Arrays = dict[str, NDArray[Any]]

ARRAYS: Arrays = {
    "dense_1.kernel": np.array([[1.5, -2.0, 0.25], [0.0, 3.0, -1.0]], dtype=np.float32),
    "dense_1.bias": np.array([1.0, 2.0], dtype=np.float64),
}
MANIFEST = {"format": "a test", "version": 3, "names": ["a", "ä"], "nested": {"x": None, "y": 0.1}}


def same(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> bool:
    """The same names, dtypes, shapes and bits; NaN is itself, and 0.0 is not -0.0."""
    return list(one) == list(other) and all(
        (one[name].dtype, one[name].shape, one[name].tobytes())
        == (other[name].dtype, other[name].shape, other[name].tobytes())
        for name in one
    )


def is_the_written(arrays: Arrays, manifest: Mapping[str, Any]) -> bool:
    """Whether these are ARRAYS and MANIFEST; `read` adds the arrays' own entries."""
    return (
        same(arrays, ARRAYS)
        and {key: value for key, value in manifest.items() if key != "arrays"} == MANIFEST
    )


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def npy_bytes(array: NDArray[Any], *, pickled: bool = False) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=(1, 0), allow_pickle=pickled)
    return stream.getvalue()


def npy_claiming(descr: str, shape: str, payload: bytes, *, order: bool = False) -> bytes:
    """A .npy file of version 1.0 whose header says what it likes."""
    header = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + payload


def sealed(content: Mapping[str, Any]) -> bytes:
    """A manifest with the checksum that belongs to it."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return json.dumps({**content, "checksum": digest(text.encode())}).encode()


def manifest_of(members: Mapping[str, bytes], **entries: Mapping[str, Any]) -> bytes:
    """A sealed manifest that fits members such as `a.npy`; `entries` say more about some."""
    arrays: dict[str, Any] = {}
    for member, data in members.items():
        name = member.removesuffix(".npy")
        arrays[name] = {"dtype": "<f4", "shape": [2], "sha256": digest(data)}
        arrays[name].update(entries.get(name, {}))
    return sealed({"format": "a test", "arrays": arrays})


def write_zip(
    path: Path, members: Sequence[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED
) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)


def craft(path: Path, data: bytes, **entry: object) -> None:
    """A file with the one array `a` and a manifest that agrees with it in everything."""
    members = {"a.npy": data}
    write_zip(path, [*members.items(), ("manifest.json", manifest_of(members, a=entry))])


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def assert_refused(path: Path) -> None:
    """One clear line that names the file."""
    with pytest.raises(FileFormatError) as caught:
        npz.read(path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


class Exploit:
    """Makes a directory when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "weights.npz"


@pytest.fixture
def written(path: Path) -> Path:
    npz.write(path, ARRAYS, MANIFEST)
    return path


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(0,), (1,), (7,), (0, 3), (3, 0), (1, 1), (5, 3), (2, 3, 4)])
def test_arrays_are_read_as_they_were_written(
    path: Path, dtype: type[np.floating[Any]], shape: tuple[int, ...]
) -> None:
    arrays = {"x": np.random.default_rng(0).normal(size=shape).astype(dtype)}

    npz.write(path, arrays, {})

    assert same(npz.read(path)[0], arrays)


@pytest.mark.parametrize(
    "array",
    [
        np.array([0.0, -0.0, np.inf, -np.inf, np.nan, -np.nan], np.float32),
        np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1.7976931348623157e308]),
        np.array([0x7FF0_0000_0000_0001, 0x7FF8_0000_0000_1234, 0xFFFF_0000_0000_0001]).view("f8"),
        np.arange(20, dtype=np.float32)[::3],
        np.arange(6.0)[::-1],
        np.arange(6.0).reshape(2, 3).T,
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(24.0).reshape(2, 3, 4)[:, 1:, ::2],
        np.broadcast_to(np.float32(1.5), (3, 2)),
        np.array([1, -(2**62)]),
        np.array([1.5, -2.0], dtype=">f4"),
    ],
)
def test_bits_and_memory_layouts_survive(path: Path, array: NDArray[Any]) -> None:
    npz.write(path, {"x": array}, {})

    assert same(npz.read(path)[0], {"x": array})


@pytest.mark.parametrize(
    "array",
    [
        np.array(1.5),
        np.array(2, dtype=np.int64),
        np.array([True, False]),
        np.array([1 + 2j]),
        np.array(["a", "ä"]),
        np.array([None, 1], dtype=object),
    ],
    ids=["float", "int", "bool", "complex", "text", "object"],
)
def test_an_array_that_cannot_be_read_back_is_not_written(path: Path, array: NDArray[Any]) -> None:
    try:
        npz.write(path, {"x": array}, {})
    except (TypeError, ValueError):
        assert not path.exists()
    else:
        assert same(npz.read(path)[0], {"x": array})


def test_several_arrays_keep_their_names_and_order(path: Path) -> None:
    arrays = {
        name: np.full(3, i) for i, name in enumerate(["z", "a.b", "dense_1.kernel", "ä", "m"])
    }

    npz.write(path, arrays, {})

    assert same(npz.read(path)[0], arrays)


def test_no_arrays_at_all_can_be_written(path: Path) -> None:
    npz.write(path, {}, MANIFEST)

    assert npz.read(path)[0] == {}


def test_the_manifest_is_read_as_it_was_written(written: Path) -> None:
    _, manifest = npz.read(written)

    assert manifest.items() >= MANIFEST.items()


def test_the_manifest_says_what_the_arrays_are(written: Path) -> None:
    entries = npz.read(written)[1]["arrays"]

    assert list(entries) == list(ARRAYS)
    assert entries["dense_1.kernel"]["dtype"] == "<f4"
    assert entries["dense_1.kernel"]["shape"] == [2, 3]
    assert entries["dense_1.bias"]["dtype"] == "<f8"
    assert entries["dense_1.bias"]["shape"] == [2]


def test_what_is_read_cannot_be_changed_by_accident(tmp_path: Path) -> None:
    npz.write(tmp_path / "a.npz", {"a": np.arange(3.0)}, {})
    arrays, _ = npz.read(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="read-only"):
        arrays["a"][0] = 5.0


def test_numpy_reads_the_arrays_too(written: Path) -> None:
    with np.load(written, allow_pickle=False) as file:
        assert same({name: file[name] for name in ARRAYS}, ARRAYS)


def test_equal_content_makes_equal_bytes_on_any_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npz.write(tmp_path / "a.npz", ARRAYS, MANIFEST)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    npz.write(tmp_path / "b.npz", {name: ARRAYS[name].copy() for name in ARRAYS}, dict(MANIFEST))

    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("manifest", [{"x": object()}, {"x": {1, 2}}, {"x": b"bytes"}])
def test_a_manifest_that_is_not_json_leaves_the_old_file(
    written: Path, manifest: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        npz.write(written, {"x": np.ones(2)}, manifest)

    assert is_the_written(*npz.read(written))
    assert list(written.parent.iterdir()) == [written]


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_failing_disk_leaves_the_old_file(
    written: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, function, fail)
        with pytest.raises(OSError, match="No space left"):
            npz.write(written, {"x": np.ones(2)}, {})

    assert is_the_written(*npz.read(written))
    assert list(written.parent.iterdir()) == [written]


def test_every_truncation_is_refused(written: Path) -> None:
    content = written.read_bytes()

    for length in range(len(content)):
        written.write_bytes(content[:length])
        assert_refused(written)


@pytest.mark.slow  # test_damaged.py tries a part of them on real files
def test_no_flipped_bit_changes_a_value(written: Path) -> None:
    content = written.read_bytes()
    refused = 0

    for position in range(len(content)):
        for bit in range(8):
            damaged = bytearray(content)
            damaged[position] ^= 1 << bit
            written.write_bytes(damaged)
            try:
                arrays, manifest = npz.read(written)
            except FileFormatError:
                refused += 1
            else:
                # Dates and access rights in the zip mean nothing to the arrays.
                assert is_the_written(arrays, manifest), (position, bit)
    assert refused > 4 * len(content)


@pytest.mark.parametrize("size", [2, 16, 100])
def test_no_overwritten_or_missing_stretch_changes_a_value(written: Path, size: int) -> None:
    content = written.read_bytes()

    for start in range(0, len(content), 7):
        for filling in (b"", b"\x00" * size, b"\xff" * size, b"PK\x05\x06" * (size // 4)):
            written.write_bytes(content[:start] + filling + content[start + size :])
            try:
                arrays, manifest = npz.read(written)
            except FileFormatError:
                continue
            assert is_the_written(arrays, manifest), (start, filling)


@pytest.mark.parametrize(
    "junk", [b"junk", b"\x00" * 100, b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18]
)
def test_junk_before_or_after_is_refused_or_changes_nothing(written: Path, junk: bytes) -> None:
    content = written.read_bytes()

    for damaged in (junk + content, content + junk, junk + content + junk, content + content):
        written.write_bytes(damaged)
        try:
            arrays, manifest = npz.read(written)
        except FileFormatError:
            continue
        assert is_the_written(arrays, manifest)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just text\n",
        b"dataset: xor\n" * 1000,
        b"\x00" * 1000,
        bytes(range(256)) * 10,
        b"PK\x05\x06" + b"\x00" * 18,
        b"PK\x03\x04" * 100,
        npy_bytes(np.arange(6.0)),
    ],
    ids=["empty", "text", "yaml", "zeros", "bytes", "empty zip", "zip heads", "npy"],
)
def test_a_file_of_another_kind_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    assert_refused(path)


def test_a_file_of_numpy_is_refused(path: Path) -> None:
    np.savez(path, a=np.ones(3))
    assert_refused(path)

    np.savez_compressed(path, a=np.ones(3))
    assert_refused(path)


def test_a_missing_file_and_a_directory_are_os_errors(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        npz.read(tmp_path / "none.npz")
    with pytest.raises(IsADirectoryError):
        npz.read(tmp_path)


def test_a_crafted_file_that_is_consistent_is_read(path: Path) -> None:
    # Shows that the crafted files below are refused for their own fault and no other.
    craft(path, npy_bytes(np.array([1.5, 2.5], np.float32)))
    assert same(npz.read(path)[0], {"a": np.array([1.5, 2.5], np.float32)})

    craft(path, npy_claiming("<f4", "(2,)", b"\x00" * 8))
    assert same(npz.read(path)[0], {"a": np.zeros(2, np.float32)})


def test_a_pickle_is_refused_and_not_run(path: Path) -> None:
    trap = path.with_name("trap")
    data = npy_bytes(np.array([Exploit(trap)], dtype=object), pickled=True)
    craft(path, data, dtype="|O", shape=[1])

    assert_refused(path)
    assert not trap.exists()


@pytest.mark.parametrize(
    ("data", "entry"),
    [
        (npy_claiming("|O", "(1,)", b"\x00" * 8), {"dtype": "|O", "shape": [1]}),
        (npy_claiming("|V8", "(1,)", b"\x00" * 8), {"dtype": "|V8", "shape": [1]}),
        (npy_claiming("<f4", "(1000000000000,)", b"\x00" * 8), {"shape": [10**12]}),
        (npy_claiming("<f4", "(1000000, 1000000, 1000000)", b""), {"shape": [10**6] * 3}),
        (npy_claiming("<f4", f"({2**62}, 4)", b"\x00" * 8), {"shape": [2**62, 4]}),
        (npy_claiming("<f4", f"(0, {10**30})", b""), {"shape": [0, 10**30]}),
        (npy_claiming("<f4", "(-1,)", b"\x00" * 8), {"shape": [-1]}),
        (npy_claiming("<f4", "(-1, -2)", b"\x00" * 8), {"shape": [-1, -2]}),
        (npy_claiming("<f4", "(3,)", b"\x00" * 8), {"shape": [3]}),
        (npy_claiming("<f4", "(1,)", b"\x00" * 8), {"shape": [1]}),
        (npy_claiming("<f4", "(2.0,)", b"\x00" * 8), {"shape": [2.0]}),
        (npy_claiming("<f4", "[2]", b"\x00" * 8), {}),
        (npy_claiming("<f4", "__import__('os').getpid()", b"\x00" * 8), {}),
        (npy_claiming("zzz", "(2,)", b"\x00" * 8), {"dtype": "zzz"}),
        (npy_claiming("<f4", "(2, 1)", b"\x00" * 8, order=True), {"shape": [2, 1]}),
        (npy_bytes(np.zeros(2, np.float32))[:-1], {}),
        (npy_bytes(np.zeros(2, np.float32))[:20], {}),
        (b"\x93NUMPY\x09\x00" + npy_bytes(np.zeros(2, np.float32))[8:], {}),
        (b"\x93NUMPY\x01\x00\xff\xff", {}),
        (b"no array", {}),
        (b"", {}),
        (npy_bytes(np.zeros(2, np.float32)), {"shape": [1, 2]}),
        (npy_bytes(np.zeros(2, np.float32)), {"shape": 2}),
        (npy_bytes(np.zeros(2, np.float32)), {"shape": None}),
        (npy_bytes(np.zeros(2, np.float32)), {"dtype": "<f8"}),
        (npy_bytes(np.zeros(2, np.float32)), {"dtype": "<i4"}),
        (npy_bytes(np.zeros(2, np.float32)), {"sha256": "0" * 64}),
        (npy_bytes(np.zeros(2, np.float32)), {"sha256": None}),
    ],
)
def test_an_array_that_is_not_what_it_claims_is_refused(
    path: Path, data: bytes, entry: dict[str, object]
) -> None:
    craft(path, data, **entry)

    assert_refused(path)


@pytest.mark.parametrize("shape", [(10**12,), (10**6, 10**6), (10**9,)])
def test_a_huge_shape_takes_no_memory(path: Path, shape: tuple[int, ...]) -> None:
    craft(path, npy_claiming("<f4", str(shape), b"\x00" * 8), shape=list(shape))

    tracemalloc.start()
    try:
        assert_refused(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressed_members_are_refused(written: Path, compression: int) -> None:
    write_zip(written, list(members_of(written).items()), compression)

    assert_refused(written)


@pytest.mark.parametrize("bomb", ["a.npy", "manifest.json"])
def test_a_zip_bomb_is_refused_without_being_unpacked(path: Path, bomb: str) -> None:
    members = {"a.npy": npy_bytes(np.zeros(2, np.float32))}
    members["manifest.json"] = manifest_of(members)
    members[bomb] += b" " * 50_000_000
    write_zip(path, list(members.items()), zipfile.ZIP_DEFLATED)
    del members
    assert path.stat().st_size < 1_000_000

    tracemalloc.start()
    try:
        assert_refused(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("size", [10_000, 2**31, 2**32 - 2])
@pytest.mark.parametrize("fields", [(20, 24), (20,), (24,)])
def test_a_member_that_claims_more_bytes_than_the_file_has_takes_no_memory(
    written: Path, size: int, fields: tuple[int, ...]
) -> None:
    content = bytearray(written.read_bytes())
    entry = content.index(b"PK\x01\x02")
    for offset in fields:  # the sizes, compressed and not, in the zip's central directory
        struct.pack_into("<L", content, entry + offset, size)
    written.write_bytes(content)

    tracemalloc.start()
    try:
        arrays, manifest = npz.read(written)
    except FileFormatError:
        pass
    else:
        assert is_the_written(arrays, manifest)
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("name", ["dense_1.kernel.npy", "dense_1.bias.npy", "manifest.json"])
@pytest.mark.parametrize("first", [True, False])
def test_duplicate_members_are_refused(written: Path, name: str, first: bool) -> None:
    members = list(members_of(written).items())
    double = (name, b"{}" if name == "manifest.json" else npy_bytes(np.full((2, 3), 9.0)))
    with pytest.warns(UserWarning, match="Duplicate name"):
        write_zip(written, [double, *members] if first else [*members, double])

    assert_refused(written)


def test_an_equal_duplicate_is_refused(written: Path) -> None:
    members = list(members_of(written).items())
    with pytest.warns(UserWarning, match="Duplicate name"):
        write_zip(written, [*members, members[0]])

    assert_refused(written)


@pytest.mark.parametrize(
    "name",
    [
        *["extra.npy", "extra", "readme.txt", "directory/", ".npy", "dense_1.kernel"],
        *["../evil.npy", "/etc/evil.npy", "a/../../evil.npy", "..\\evil.npy", "C:\\evil.npy"],
        *["../dense_1.kernel.npy", "./dense_1.kernel.npy", "x/dense_1.kernel.npy"],
        *["DENSE_1.KERNEL.NPY", "manifest.json.npy", "Manifest.json", "./manifest.json"],
    ],
)
def test_extra_members_are_refused(written: Path, name: str) -> None:
    data = npy_bytes(np.zeros(2, np.float32))
    write_zip(written, [*members_of(written).items(), (name, data)])

    assert_refused(written)


@pytest.mark.parametrize("name", ["dense_1.kernel.npy", "dense_1.bias.npy", "manifest.json"])
def test_missing_members_are_refused(written: Path, name: str) -> None:
    members = members_of(written)
    del members[name]
    write_zip(written, list(members.items()))

    assert_refused(written)


@pytest.mark.parametrize(
    "name", ["../dense_1.kernel.npy", "/dense_1.kernel.npy", "x/dense_1.kernel.npy", "kernel.npy"]
)
def test_renamed_members_are_refused(written: Path, name: str) -> None:
    members = members_of(written)
    members[name] = members.pop("dense_1.kernel.npy")
    write_zip(written, list(members.items()))

    assert_refused(written)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "..\\evil"])
def test_names_that_are_paths_are_refused(path: Path, name: str) -> None:
    members = {f"{name}.npy": npy_bytes(np.zeros(2, np.float32))}
    write_zip(path, [*members.items(), ("manifest.json", manifest_of(members))])

    assert_refused(path)


def test_exchanged_arrays_are_refused(path: Path) -> None:
    npz.write(path, {"a": np.zeros(2), "b": np.ones(2)}, {})
    members = members_of(path)
    members["a.npy"], members["b.npy"] = members["b.npy"], members["a.npy"]
    write_zip(path, list(members.items()))

    assert_refused(path)


def test_an_edited_array_is_refused(written: Path) -> None:
    members = members_of(written)
    members["dense_1.bias.npy"] = npy_bytes(np.array([1.0, 2.5]))
    write_zip(written, list(members.items()))

    assert_refused(written)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 4},
        {"format": "a test "},
        {"new": 1},
        {"arrays": {}},
        {"checksum": "0" * 64},
        {"checksum": ""},
        {"checksum": None},
        {"checksum": 0},
        {"checksum": []},
        {"version": 4, "checksum": "0" * 64},
    ],
)
def test_an_edited_manifest_is_refused(written: Path, change: dict[str, object]) -> None:
    members = members_of(written)
    manifest = {**json.loads(members["manifest.json"]), **change}
    members["manifest.json"] = json.dumps(manifest).encode()
    write_zip(written, list(members.items()))

    assert_refused(written)


@pytest.mark.parametrize("key", ["checksum", "version", "arrays"])
def test_a_manifest_without_one_of_its_keys_is_refused(written: Path, key: str) -> None:
    members = members_of(written)
    manifest = json.loads(members["manifest.json"])
    del manifest[key]
    members["manifest.json"] = json.dumps(manifest).encode()
    write_zip(written, list(members.items()))

    assert_refused(written)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"5",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 10_000,
        sealed({}),
        sealed({"arrays": None}),
        sealed({"arrays": ["a"]}),
        sealed({"arrays": "a"}),
        sealed({"arrays": {"a": None}}),
        sealed({"arrays": {"a": {}}}),
        sealed({"arrays": {"b": {}}}),
        sealed({"arrays": {}}),
    ],
)
def test_a_manifest_of_another_form_is_refused(path: Path, manifest: bytes) -> None:
    data = npy_bytes(np.zeros(2, np.float32))
    write_zip(path, [("a.npy", data), ("manifest.json", manifest)])

    assert_refused(path)
