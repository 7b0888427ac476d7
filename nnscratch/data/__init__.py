"""Data sets by name: `load(name="xor")` finds the one function that makes it."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.sources.gates import GATES

# Where the function is that makes a data set. It is imported when it is called for, so that a gate
# need not wait for tables and downloads.
DATASETS: dict[str, str] = {
    **dict.fromkeys(GATES, "gates.load_gate"),
    **dict.fromkeys(("moons", "circles", "blobs", "spiral"), "toy.load_toy"),
    **dict.fromkeys(
        ("digits", "iris", "wine", "breast_cancer", "diabetes"), "sklearn_datasets.load_bundled"
    ),
    "inline": "inline.load_inline",
    "mnist": "openml.load_mnist",
    "openml": "openml.load_openml",
    "csv": "csv.load_csv",
    "npz": "npz.load_npz",
    "idx": "idx.load_idx",
}
# Functions that make more than one data set are told which.
_FAMILIES = ("gates.load_gate", "toy.load_toy", "sklearn_datasets.load_bundled")
_ONLINE = ("openml.load_mnist", "openml.load_openml")


def loader(name: str) -> Callable[..., Dataset]:
    """Returns the function that makes the data set `name`, a name in `DATASETS`."""
    module, _, function = DATASETS[name].partition(".")
    found: Callable[..., Dataset] = getattr(
        import_module(f"nnscratch.data.sources.{module}"), function
    )
    return found


def load(
    name: str, *, download: bool = True, report: Report = lambda _: None, **settings: Any
) -> Dataset:
    """Returns the data set `name`, made with the settings of its function.

    Args:
        name: A name in `DATASETS`.
        download: Whether a data set that lies on the network may be fetched.
        report: Told what is being done if it takes long.
        **settings: The function's arguments.

    Raises:
        SettingError: A setting does not fit the data.
        DataError: The data cannot be had.
    """
    make, where = loader(name), DATASETS[name]
    if where in _ONLINE:
        return make(**settings, download=download, report=report)
    return make(name, **settings) if where in _FAMILIES else make(**settings)
