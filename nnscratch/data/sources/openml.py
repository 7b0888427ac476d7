"""Data sets from OpenML, such as MNIST: fetched once, then cached as numbers.

scikit-learn caches its downloads as text, which takes half a minute and a gigabyte to read each
time. The numbers are kept beside it, in a checked .npz file that loads in an instant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nnscratch.data.columns import refuse_missing
from nnscratch.data.dataset import Dataset, Feature, Report, Split
from nnscratch.data.sources.base import ABOUT_MISSING, ABOUT_TASK, Missing, OnlineSource, Task
from nnscratch.data.targets import AUTOMATIC_TASKS, index_targets, whole_as_int
from nnscratch.errors import FileFormatError, SettingError, UnavailableError
from nnscratch.files import npz
from nnscratch.nn.registry import setting

if TYPE_CHECKING:
    from nnscratch.data.fetching import FetchedTable

_MNIST = {"name": "mnist_784", "version": 1}
_MNIST_TRAIN_SHARE = 6 / 7  # the first 60,000 of 70,000 rows
_FORMAT = "nnscratch data 1"


@dataclass(eq=False)
class MnistSource(OnlineSource):
    """Images of handwritten digits, 28 × 28 pixels, 60,000 to train and 10,000 to test.

    LeCun, Cortes and Burges 1998, "The MNIST database of handwritten digits".
    """

    name = "mnist"
    has_test_part = True

    def fetch(self, *, download: bool, report: Report) -> Dataset:
        try:
            whole = _load(_MNIST, "classification", download=download, report=report)
        except SettingError as error:
            reason = f"mnist: openml.org does not know it: {error.rule}"
            raise UnavailableError(f"{reason}\n{_ways_on(_cache_path(_MNIST))}") from error
        images = whole.splits["train"]
        rows = round(len(images) * _MNIST_TRAIN_SHARE)
        return replace(whole, splits={"train": images[:rows], "test": images[rows:]})


@dataclass(eq=False)
class OpenMLSource(OnlineSource):
    """A dense data set of openml.org."""

    data_name: str | None = setting(None, "Its name at OpenML.", example="Fashion-MNIST")
    version: int = setting(1, "Version, among the data sets of that name.", ge=1, lt=2**31)
    data_id: int | None = setting(
        None, "OpenML's number for it, instead of data_name.", ge=1, lt=2**31, example=40996
    )
    target: str | None = setting(
        None, "Column to predict; OpenML's own choice unless given.", example="class"
    )
    task: Task = setting("auto", ABOUT_TASK)
    missing: Missing = setting("error", ABOUT_MISSING)
    name = "openml"

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if (settings.data_name is None) == (settings.data_id is None):
            yield "data_name", "or `data_id` must be given, and not both"

    def fetch(self, *, download: bool, report: Report) -> Dataset:
        request: dict[str, Any] = {"name": self.data_name, "version": self.version}
        if self.data_id:
            request = {"data_id": self.data_id}
        if self.target is not None:
            request["target_column"] = self.target
        dataset = _load(request, self.task, download=download, report=report)
        if self.missing == "error":
            refuse_missing(_title(request), dataset.features, dataset.splits["train"].inputs)
        return dataset


def _load(request: dict[str, Any], task: str, *, download: bool, report: Report) -> Dataset:
    from nnscratch.data.fetching import fetch
    from nnscratch.data.images import image_of_names

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
            raise SettingError("task", "cannot be regression: the target holds text")
        task = "classification" if task in AUTOMATIC_TASKS else task
    classes, targets = index_targets(labels, task)
    image = image_of_names([feature.name for feature in fetched.features])
    image = image if fetched.inputs.dtype == np.uint8 else None
    split = Split(fetched.inputs, targets)
    return Dataset({"train": split}, fetched.features, classes, image=image)


def _as_numbers(labels: list[str]) -> list[str] | list[int]:
    """Returns 0, 1, … for the labels "0", "1", …, as a user would write them."""
    try:
        numbers = [int(label) for label in labels]
    except ValueError:
        return labels
    return numbers if list(map(str, numbers)) == labels else labels


def _read_cache(path: Path, request: dict[str, Any], report: Report) -> "FetchedTable | None":
    from nnscratch.data.fetching import FetchedTable

    try:
        arrays, manifest = npz.read(path)
        if manifest["format"] != _FORMAT or manifest["request"] != request:
            raise FileFormatError(f"{path}: holds another data set")
        features = tuple(map(Feature.from_json, manifest["features"]))
        return FetchedTable(arrays["inputs"], arrays["targets"], features, manifest["labels"])
    except FileNotFoundError:
        return None
    except (OSError, FileFormatError, KeyError) as error:
        report(f"the cache cannot be used and is rebuilt: {error}")
        return None


def _write_cache(
    path: Path, request: dict[str, Any], fetched: "FetchedTable", report: Report
) -> None:
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
        # The data has been read; only the next run will be slow again.
        report(f"warning: {path}: the data could not be cached: {error.strerror}")


def _title(request: dict[str, Any]) -> str:
    if "data_id" in request:
        return f"OpenML's data set {request['data_id']}"
    return f"{request['name']} version {request['version']}"


def _cache_path(request: dict[str, Any]) -> Path:
    from nnscratch.data.fetching import data_home

    wanted = "-".join(str(value) for value in request.values())
    name = re.sub(r"[^A-Za-z0-9._-]", "_", wanted)[:100]
    if name != wanted or "target_column" in request:
        # Two requests may become the same once they are valid file names.
        import hashlib

        name += "-" + hashlib.sha256(repr(request).encode()).hexdigest()[:8]
    return data_home() / "nnscratch" / f"openml-{name}.npz"


def _ways_on(cache: Path) -> str:
    return (
        "without a network: configs/digits.yaml needs none\n"
        "with files of your own: dataset={name: idx, path: DIRECTORY} or {name: npz, path: FILE}\n"
        f"with data of another computer: set SCIKIT_LEARN_DATA to its folder, or copy it to {cache}"
    )
