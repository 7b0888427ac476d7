"""Data sets from OpenML, MNIST first of all: fetched once, then cached as numbers.

scikit-learn keeps what it downloads as text, which takes half a minute and a gigabyte to read each
time. The numbers are kept beside it, in a checked .npz file that loads in an instant.
"""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nnscratch.data.columns import refuse_missing
from nnscratch.data.dataset import Dataset, Feature, Report, Split
from nnscratch.data.fetching import Fetched, data_home, fetch
from nnscratch.data.image_format import image_of_names
from nnscratch.data.targets import index_targets, whole_as_int
from nnscratch.errors import FileFormatError, SettingError, UnavailableError
from nnscratch.files import npz

_MNIST = {"name": "mnist_784", "version": 1}
_MNIST_TRAIN_SHARE = 6 / 7  # the first 60,000 of 70,000 rows
_FORMAT = "nnscratch data 1"


def load_mnist(*, download: bool = True, report: Report = lambda _: None) -> Dataset:
    """Returns MNIST: 28 × 28 pixels of handwritten digits, 60,000 to train and 10,000 to test.

    LeCun, Cortes and Burges 1998, "The MNIST database of handwritten digits".

    Args:
        download: Whether it may be fetched where it is not in the cache.
        report: Told what is being done if it takes long.

    Raises:
        DataError: It is not in the cache and cannot be fetched.
    """
    try:
        whole = _load(_MNIST, "classification", download=download, report=report)
    except SettingError as error:
        reason = f"mnist: openml.org does not know it: {error.rule}"
        raise UnavailableError(f"{reason}\n{_ways_on(_cache_path(_MNIST))}") from error
    all_rows = whole.splits["train"]
    rows = round(len(all_rows) * _MNIST_TRAIN_SHARE)
    parts = {"train": slice(rows), "test": slice(rows, None)}
    splits = {
        name: Split(all_rows.inputs[part], all_rows.targets[part]) for name, part in parts.items()
    }
    return replace(whole, splits=splits)


def load_openml(
    data_name: str | None = None,
    version: int = 1,
    data_id: int | None = None,
    target: str | None = None,
    task: str = "auto",
    missing: str = "error",
    *,
    download: bool = True,
    report: Report = lambda _: None,
) -> Dataset:
    """Returns a dense data set of OpenML's.

    Args:
        data_name: What OpenML calls it.
        version: Which of those called so.
        data_id: OpenML's number for it, instead of name and version.
        target: The column to predict; OpenML's own choice unless given.
        task: As for `index_targets`.
        missing: `error` refuses holes; `impute` leaves them to be filled.
        download: As for `load_mnist`.
        report: As for `load_mnist`.

    Raises:
        SettingError: OpenML has no such data set, or the task does not fit the target.
        DataError: It is not in the cache and cannot be fetched, or it is not dense.
    """
    request: dict[str, Any]
    request = {"data_id": data_id} if data_id else {"name": data_name, "version": version}
    if target is not None:
        request["target_column"] = target
    dataset = _load(request, task, download=download, report=report)
    if missing == "error":
        refuse_missing(_title(request), dataset.features, dataset.splits["train"].inputs)
    return dataset


def _load(request: dict[str, Any], task: str, *, download: bool, report: Report) -> Dataset:
    title, cache = _title(request), _cache_path(request)
    fetched = _read_cache(cache, request, report)
    if fetched is None and not download:
        raise UnavailableError(f"{title} is not in the cache yet, {cache}")
    if fetched is None:
        try:
            fetched = fetch(title, request, report)
        except UnavailableError as error:
            raise UnavailableError(f"{error}\n{_ways_on(cache)}") from error
        _write_cache(cache, request, fetched, report)
    labels: list[Any]
    if fetched.labels is None:
        labels = whole_as_int({"": fetched.targets})[""].tolist()
    else:
        names = _as_numbers(fetched.labels)
        labels = [names[index] for index in fetched.targets.tolist()]
        if task == "regression" and isinstance(names[0], str):
            raise SettingError("task", "cannot be regression: the target holds words")
        task = "classification" if task == "auto" else task
    classes, targets = index_targets(labels, task)
    image = image_of_names([feature.name for feature in fetched.features])
    image = image if fetched.inputs.dtype == np.uint8 else None
    split = Split(fetched.inputs, targets)
    return Dataset({"train": split}, fetched.features, classes, image=image)


def _as_numbers(labels: tuple[str, ...]) -> tuple[str, ...] | tuple[int, ...]:
    """Returns 0, 1, … for the labels "0", "1", …, as a user would write them."""
    try:
        numbers = tuple(int(label) for label in labels)
    except ValueError:
        return labels
    return numbers if tuple(map(str, numbers)) == labels else labels


def _read_cache(path: Path, request: dict[str, Any], report: Report) -> Fetched | None:
    try:
        arrays, manifest = npz.read(path)
        if manifest["format"] != _FORMAT or manifest["request"] != request:
            raise FileFormatError(f"{path}: holds something else")
        features = tuple(map(Feature.from_json, manifest["features"]))
        labels = manifest["labels"]
        return Fetched(
            arrays["inputs"], arrays["targets"], features, None if labels is None else tuple(labels)
        )
    except FileNotFoundError:
        return None
    except (OSError, FileFormatError, KeyError) as error:
        report(f"the cache cannot be used and is made again: {error}")
        return None


def _write_cache(path: Path, request: dict[str, Any], fetched: Fetched, report: Report) -> None:
    manifest = {
        "format": _FORMAT,
        "request": request,
        "features": [feature.to_json() for feature in fetched.features],
        "labels": fetched.labels,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        npz.write(path, {"inputs": fetched.inputs, "targets": fetched.targets}, manifest)
    except OSError as error:
        # The data is here; only the next start is slow again.
        report(f"warning: {path}: the data could not be cached: {error.strerror}")


def _title(request: dict[str, Any]) -> str:
    if "data_id" in request:
        return f"OpenML's data set {request['data_id']}"
    return f"{request['name']} version {request['version']}"


def _cache_path(request: dict[str, Any]) -> Path:
    wanted = "-".join(str(value) for value in request.values())
    name = re.sub(r"[^A-Za-z0-9._-]", "_", wanted)[:100]
    if name != wanted or "target_column" in request:
        # Two requests may look the same once they are fit for a file's name.
        name += "-" + hashlib.sha256(repr(request).encode()).hexdigest()[:8]
    return data_home() / "nnscratch" / f"openml-{name}.npz"


def _ways_on(cache: Path) -> str:
    return (
        "without a network: configs/digits.yaml needs none\n"
        "with files of your own: dataset={name: idx, path: DIRECTORY} or {name: npz, path: FILE}\n"
        f"with another computer's data: SCIKIT_LEARN_DATA names the folder, or copy it to {cache}"
    )
