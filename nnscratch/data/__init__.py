"""Data sets by name: `load(name="xor")` finds the source that makes it."""

from typing import Any

from nnscratch.data import sources
from nnscratch.data.dataset import Dataset, Report
from nnscratch.data.sources.base import OnlineSource, Source
from nnscratch.nn.registry import components, create, import_modules

import_modules(sources.__name__, sources.__path__)
DATASETS = components(Source)


def load(
    name: str,
    *,
    download: bool = True,
    report: Report = lambda _: None,
    rows: int | None = None,
    **settings: Any,
) -> Dataset:
    """Returns the data set `name`, made with the settings of its source.

    Args:
        name: A name in `DATASETS`.
        download: Whether a data set on the network may be fetched.
        report: Called with a line that says what is being done, if it takes long.
        rows: How many rows of each part are enough, where a source can read as few.
        **settings: The source's settings.

    Raises:
        SettingError: A setting does not fit the data.
        DataError: The data is not available, cannot be read, or cannot be learned from.
    """
    source = create(DATASETS, {"name": name, **settings})
    if isinstance(source, OnlineSource):
        return source.fetch(download=download, report=report)
    return source.load() if rows is None else source.load_sample(rows)
