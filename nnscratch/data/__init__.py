"""Data sets by name: `load(name="xor")` finds the one function that makes it."""

from collections.abc import Callable
from typing import Any

from nnscratch.data.dataset import Dataset
from nnscratch.data.gates import GATES, load_gate
from nnscratch.data.inline import load_inline

DATASETS: dict[str, Callable[..., Dataset]] = {
    **dict.fromkeys(GATES, load_gate),
    "inline": load_inline,
}


def load(name: str, **settings: Any) -> Dataset:
    """Returns the data set `name`, made with the settings of its function in `DATASETS`."""
    loader = DATASETS[name]
    return loader(name, **settings) if name in GATES else loader(**settings)
