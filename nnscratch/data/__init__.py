"""Data sets by name: `load(name="xor")` finds the one function that makes it."""

from collections.abc import Callable
from typing import Any

from nnscratch.data.bundled import BUNDLED, load_bundled
from nnscratch.data.dataset import Dataset
from nnscratch.data.fetching import Report
from nnscratch.data.gates import GATES, load_gate
from nnscratch.data.idx_file import load_idx
from nnscratch.data.inline import load_inline
from nnscratch.data.npz_file import load_npz
from nnscratch.data.openml import load_mnist, load_openml
from nnscratch.data.table import load_csv
from nnscratch.data.toy import TOYS, load_toy

DATASETS: dict[str, Callable[..., Dataset]] = {
    **dict.fromkeys(GATES, load_gate),
    **dict.fromkeys(TOYS, load_toy),
    **dict.fromkeys(BUNDLED, load_bundled),
    "inline": load_inline,
    "mnist": load_mnist,
    "openml": load_openml,
    "csv": load_csv,
    "npz": load_npz,
    "idx": load_idx,
}
# These make more than one data set, so they are told which.
_FAMILIES = (load_gate, load_toy, load_bundled)
_ONLINE = (load_mnist, load_openml)


def load(
    name: str, *, download: bool = True, report: Report = lambda _: None, **settings: Any
) -> Dataset:
    """Returns the data set `name`, made with the settings of its function in `DATASETS`.

    Args:
        name: A name in `DATASETS`.
        download: Whether a data set that lies on the network may be fetched.
        report: Told what is being done if it takes long.
        **settings: The function's arguments.

    Raises:
        SettingError: A setting does not fit the data.
        DataError: The data cannot be had.
    """
    loader = DATASETS[name]
    if loader in _ONLINE:
        return loader(**settings, download=download, report=report)
    return loader(name, **settings) if loader in _FAMILIES else loader(**settings)
