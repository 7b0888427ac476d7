"""Data sets by name: `load(name="xor")` finds the source that makes it."""

from typing import Any

from nnscratch.data import sources
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.sources.base import OnlineSource, Source
from nnscratch.nn.registry import components, create, import_modules

import_modules(sources.__name__, sources.__path__)
DATASETS = components(Source)


def load(
    name: str, *, download: bool = True, report: Report = lambda _: None, **settings: Any
) -> Dataset:
    """Returns the data set `name`, made with the settings of its source.

    Args:
        name: A name in `DATASETS`.
        download: Whether a data set on the network may be fetched.
        report: Told what is being done if it takes long.
        **settings: The source's settings.

    Raises:
        SettingError: A setting does not fit the data.
        DataError: The data cannot be had.
    """
    source = create(DATASETS, {"name": name, **settings})
    if isinstance(source, OnlineSource):
        return source.fetch(download=download, report=report)
    return source.load()
