"""An experiment: all that a config describes, ready to train."""

from dataclasses import dataclass
from functools import cached_property

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.model import Model


@dataclass(frozen=True)
class Experiment:
    """All that a config describes, ready to train.

    Attributes:
        config: With nothing left to `auto` that the data decides.
        dataset: The rows.
        model: The network, untrained, and what its inputs and outputs mean.
    """

    config: Config
    dataset: Dataset
    model: Model

    @cached_property
    def data_fingerprint(self) -> str:
        """The data's fingerprint."""
        return self.dataset.fingerprint()
