"""An experiment: everything that a config describes, ready to train."""

from dataclasses import dataclass
from functools import cached_property

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.model import Model


@dataclass(frozen=True)
class Experiment:
    """Everything that a config describes, ready to train.

    Attributes:
        config: With no `auto` left that the data decides.
        dataset: The rows.
        model: The network, untrained, and what its inputs and outputs mean.
    """

    config: Config
    dataset: Dataset
    model: Model

    @cached_property
    def data_fingerprint(self) -> str:
        """The SHA-256 of the data."""
        return self.dataset.fingerprint()

    @property
    def batch_rows(self) -> int:
        """The number of rows in a step."""
        return self.config.batch_rows(len(self.dataset.splits["train"]))
