"""Verifying a run: its config is trained again, and every bit of its weights compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.config import load
from nnscratch.data.dataset import Report
from nnscratch.errors import DataError, FileFormatError, UsageError
from nnscratch.experiment.prepare import prepare
from nnscratch.model.model import Model
from nnscratch.nn.parameters import Array
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs import RunFiles, read_record, status_of
from nnscratch.training.circumstances import changed_circumstances
from nnscratch.training.resume import begin_again
from nnscratch.training.threads import Threads, parse_threads, threads_for
from nnscratch.training.trainer import Trainer


class WeightDifferences(NamedTuple):
    """How the weights of the second training differ from the saved ones, as bits."""

    weights: int
    """How many weights there are."""
    by_array: dict[str, int]
    """How many of them differ, by the array's name; empty if none does."""
    largest: float
    """The largest difference."""


@dataclass
class Verification:
    """The second training of a run: an iterator over its epochs, and then the comparison.

    It trains in memory and writes nothing.

    Attributes:
        trainer: Before the first epoch.
        epochs: The epoch after which the run ended.
        model: What the run saved then.
        threads: As many, from epoch to epoch, as the run had.
        changes: What has changed since and may change the last bits.
    """

    trainer: Trainer
    epochs: int
    model: Model
    threads: Threads
    changes: list[str]

    def __iter__(self) -> Iterator[EpochRecord]:
        with self.threads, np.errstate(all="ignore"):
            for record in self.trainer.epochs():
                yield record
                if record.epoch >= self.epochs:
                    return
                self.threads.adapt(record.epoch + 1)

    def compare(self) -> WeightDifferences:
        """Compares the weights, once all epochs are trained."""
        self.trainer.install_best()
        saved, again = self.model.network, self.trainer.network
        new = {**again.params, **again.statistics}
        old = {**saved.params, **saved.statistics}
        # As bits: 0 and -0 are equal, but not the same.
        counts = {k: int(np.count_nonzero(_bits(old[k]) != _bits(new[k]))) for k in old}
        return WeightDifferences(
            saved.weights.size,
            {name: count for name, count in counts.items() if count},
            float(np.abs(saved.weights - again.weights).max()),
        )


def prepare_verification(files: RunFiles, *, report: Report = lambda _: None) -> Verification:
    """Reads a run and prepares its training once more.

    Raises:
        DataError: The data are no longer those of the run.
        UsageError: The run did not end in order, so there is nothing to compare with.
        Others as `prepare` and `Model.load` do.
    """
    path = files.directory
    if path is None or files.config is None:
        raise UsageError(f"{files.weights}: belongs to no run with a config to train again")
    record = read_record(path)
    done = record.checkpoint_epoch
    if record.status == "running" or not done or done != record.epochs_done:
        status = status_of(path, record)
        raise UsageError(f"{path}: has saved no end to compare with; its status is {status}")
    model = Model.load(files.weights)
    # The clock might stop it after another epoch.
    config = load(files.config).model_copy(update={"max_seconds": None})
    experiment = prepare(config, preprocessing=model.preprocessing, report=report)
    if experiment.data_fingerprint != record.data_fingerprint:
        raise DataError(f"{path}: the data have changed since it was trained")
    if model.network.describe() != experiment.model.network.describe():
        raise FileFormatError(f"{files.weights}: is of another network than {files.config}")
    trainer = begin_again(path, record, experiment)
    earlier = parse_threads(record.threads)
    threads = threads_for(experiment, earlier=earlier, replay=bool(earlier))
    return Verification(trainer, done, model, threads, changed_circumstances(record, threads))


def _bits(array: Array) -> NDArray[Any]:
    return np.ascontiguousarray(array).view(f"u{array.itemsize}")
