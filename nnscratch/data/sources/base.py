"""What all sources of data have in common: settings that a config gives, and a way to load."""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from nnscratch.data.dataset import Dataset, Report
from nnscratch.nn.registry import Component

Task = Literal["auto", "regression", "classification"]
Missing = Literal["error", "impute"]

ABOUT_TASK = "Whether to predict numbers or classes; auto looks at the loss and the targets."
ABOUT_MISSING = (
    "Missing inputs: refuse them, or impute: numbers become the median, with an input that marks "
    "them; a missing category is one of its own."
)
ABOUT_PATH = "File, relative to the config's folder or the current one."


class Source(Component, ABC):
    """Where a data set comes from.

    Attributes:
        path_keys: The settings that name files or directories.
        is_prepared: Whether its inputs can be scaled, and rows held out for validation.
        has_test_part: Whether the data itself says which rows are for testing.
    """

    path_keys: ClassVar[tuple[str, ...]] = ()
    is_prepared: ClassVar[bool] = True
    has_test_part: ClassVar[bool] = False

    @abstractmethod
    def load(self) -> Dataset:
        """Returns the data set.

        Raises:
            SettingError: A setting does not fit the data.
            DataError: The data cannot be read, or cannot be learned from.
        """

    def load_sample(self, rows: int) -> Dataset:
        """Returns the first rows of each part, or all of them where reading fewer saves nothing.

        Raises:
            SettingError: As `load`.
            DataError: As `load`.
        """
        return self.load()


class OnlineSource(Source):
    """Data on the network, which is kept in a cache."""

    @abstractmethod
    def fetch(self, *, download: bool, report: Report) -> Dataset:
        """Returns the data set; raises as `load` does.

        Args:
            download: Whether it may be fetched where it is not in the cache.
            report: Called with a line that says what is being done, if it takes long.
        """

    def load(self) -> Dataset:
        return self.fetch(download=True, report=lambda _: None)
