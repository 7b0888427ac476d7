"""Keeping the best epoch: the one with the best value of a figure, and the weights after it."""

from dataclasses import dataclass, field

from nnscratch.nn.calibration import calibrated_weights
from nnscratch.nn.metrics import is_better
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array
from nnscratch.nn.training.epoch import EpochRecord


@dataclass
class KeepBest:
    """Notes the best epoch by one figure; an epoch in which it was not measured is passed over.

    Its state is `record` and `weights`: to go on later, save both and assign them again.

    Args:
        monitor: The figure's name, such as `val_loss`.
        keep_weights: Whether to keep the weights of that epoch, and not only its record.

    Attributes:
        record: The record of the best epoch so far; None before the first.
        weights: A copy of the network's `weights` after that epoch, calibrated where it was
            observed with a temperature; None if they are not kept.
    """

    monitor: str = "val_loss"
    keep_weights: bool = True
    record: EpochRecord | None = field(default=None, init=False)
    weights: Array | None = field(default=None, init=False)

    def prepare(self) -> None:
        """Forgets all earlier epochs."""
        self.record = self.weights = None

    def observe(
        self, record: EpochRecord, network: Network, temperature: float | None = None
    ) -> None:
        """Takes an epoch's record, and a copy of the network's weights if it is the best so far.

        Args:
            record: The record.
            network: Is not changed.
            temperature: What the logits are divided by with the weights that are kept.
        """
        value = record.scores.get(self.monitor)
        if value is None:
            return
        if self.record is None or is_better(self.monitor, value, self.record.scores[self.monitor]):
            if self.keep_weights:
                if temperature is None:
                    self.weights = network.weights.copy()
                else:
                    self.weights = calibrated_weights(network, temperature)
            self.record = record

    def install(self, network: Network) -> None:
        """Gives the network the weights of the best epoch, if they were kept."""
        if self.weights is not None:
            network.weights[:] = self.weights
