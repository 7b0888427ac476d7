"""`.npz` files with a manifest: arrays and metadata, verified to the last byte before use.

The file is what `numpy.savez` writes plus one member, `manifest.json`, which lists the dtype, shape
and SHA-256 of each array and holds a checksum of itself. `numpy.load` can read the arrays; `read`
is the safe way: no pickle, no decompression, no unbounded memory.
"""

import errno
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nnscratch.errors import FileFormatError
from nnscratch.files.atomic import replacing
from nnscratch.files.regular import open_regular

_MANIFEST = "manifest.json"
_KINDS = "fiu"  # NumPy's letters for floats, signed and unsigned integers
_MANIFEST_BYTES = 16_000_000
_NAME = re.compile(r"\w+(?:\.\w+)*")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed time, so that equal arrays give identical files


def write(path: Path, arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, Any]) -> None:
    """Writes `arrays` and `manifest`, a mapping of JSON values, to `path`, replacing it atomically.

    Raises:
        ValueError: An array does not hold numbers, or its name could be a path.
        OSError: The file cannot be written; an existing one is unchanged.
    """
    for name, array in arrays.items():
        if array.dtype.kind not in _KINDS or not _NAME.fullmatch(name):
            raise ValueError(
                f"`arrays` must be numbers by plain names; got {name!r}, {array.dtype}."
            )
    members = {f"{name}.npy": _npy_bytes(array) for name, array in arrays.items()}
    entries = {
        name: {
            "dtype": array.dtype.str,
            "shape": list(array.shape),
            "sha256": _digest(members[f"{name}.npy"]),
        }
        for name, array in arrays.items()
    }
    content = {**manifest, "arrays": entries}
    content["checksum"] = _digest(_canonical(content))
    members[_MANIFEST] = json.dumps(content, indent=1).encode()
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)


def read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Returns the arrays, read-only, and the manifest that `write` stored in `path`.

    Raises:
        FileFormatError: Anything in the file differs from what `write` writes.
        OSError: The file cannot be opened.
    """
    with open_regular(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return _read(archive, path.stat().st_size)
        except FileFormatError as error:
            raise FileFormatError(f"{path}: {error}") from None
        except MemoryError:
            raise
        except Exception as error:
            # A crafted archive has zipfile seek to where nothing can be; the disk has other errors.
            if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
                raise OSError(error.errno, error.strerror, str(path)) from error
            # zipfile and NumPy raise a dozen unrelated exceptions for a broken file.
            raise FileFormatError(f"{path}: is damaged, or not an .npz file: {error}") from error


def _read(archive: zipfile.ZipFile, size: int) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if _MANIFEST not in names:
        raise FileFormatError(f"holds no {_MANIFEST}, so nnscratch did not write it")
    if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
        raise FileFormatError("has compressed members; nnscratch writes them uncompressed")
    # zipfile would allocate a wrong, huge size before noticing that it is wrong.
    if sum(max(info.file_size, info.compress_size) for info in infos) > size:
        raise FileFormatError("claims to hold more bytes than it has")
    manifest = _read_manifest(archive)
    entries = manifest["arrays"]
    if not all(_NAME.fullmatch(name) for name in entries):
        raise FileFormatError("has an array whose name could be a path")
    if sorted(names) != sorted([_MANIFEST, *(f"{name}.npy" for name in entries)]):
        raise FileFormatError("does not hold exactly the arrays that its manifest lists")
    return {name: _read_array(archive, name, entry) for name, entry in entries.items()}, manifest


def _read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    if archive.getinfo(_MANIFEST).file_size > _MANIFEST_BYTES:
        raise FileFormatError("has a manifest too large to be one")
    manifest = json.loads(archive.read(_MANIFEST))
    checksum = manifest.pop("checksum", None) if isinstance(manifest, dict) else None
    if checksum is None or checksum != _digest(_canonical(manifest)):
        raise FileFormatError("has a manifest that does not match its checksum")
    assert isinstance(manifest, dict)
    try:
        json.dumps(manifest, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise FileFormatError("has a manifest with text that is not Unicode") from None
    return manifest


def _read_array(archive: zipfile.ZipFile, name: str, entry: Mapping[str, Any]) -> NDArray[Any]:
    data = archive.read(f"{name}.npy")
    if _digest(data) != entry["sha256"]:
        raise FileFormatError(f"has an array {name!r} that does not match its checksum")
    stream = io.BytesIO(data)
    if npy.read_magic(stream) != (1, 0):
        raise FileFormatError(f"has an array {name!r} of an unknown format")
    shape, fortran_order, dtype = npy.read_array_header_1_0(stream)
    size = len(data) - stream.tell()
    # Checked before memory is allocated: the header may claim any shape, and objects mean pickle.
    if dtype.kind not in _KINDS or fortran_order or size != prod(shape) * dtype.itemsize:
        raise FileFormatError(f"has an array {name!r} whose bytes do not fit its shape and dtype")
    if [dtype.str, list(shape)] != [entry["dtype"], entry["shape"]]:
        raise FileFormatError(f"has an array {name!r} that is not what its manifest says")
    # A read-only view of the bytes: a data set is large, and a copy would double the memory.
    return np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape)


def _npy_bytes(array: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    npy.write_array(stream, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
    return stream.getvalue()


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
