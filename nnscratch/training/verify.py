"""Is a run what its config says? It is trained again, and every bit of its weights compared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.config import load
from nnscratch.data.dataset import Report
from nnscratch.errors import DataError, FileFormatError, UsageError
from nnscratch.experiment.prepare import prepare
from nnscratch.model.model import Model
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array
from nnscratch.nn.training.fit import EpochRecord
from nnscratch.runs import Found, read_record, status_of
from nnscratch.training.learner import Learning
from nnscratch.training.resume import begin, differences
from nnscratch.training.threads import Threads
from nnscratch.training.trainer import choose_threads


@dataclass(frozen=True)
class Verification:
    """What came of training a run again.

    Attributes:
        numbers: How many weights there are.
        different: How many of them came out differently, by the array's name.
        largest: The largest difference.
        changes: What is another now than when the run was trained.
    """

    numbers: int
    different: dict[str, int]
    largest: float
    changes: list[str]


@dataclass(frozen=True)
class Claim:
    """What a run says of itself: that this training leads to these weights.

    Attributes:
        learning: The training, before its first epoch.
        epochs: After so many it ended.
        model: What it saved then.
        threads: As many, from epoch to epoch, as it had.
        changes: What is another now than it was then.
    """

    learning: Learning
    epochs: int
    model: Model
    threads: Threads
    changes: list[str]


def take_claim(found: Found, *, report: Report = lambda _: None) -> Claim:
    """Reads a run and prepares its training once more.

    Raises:
        DataError: The data are not those of the run any more.
        UsageError: The run was not ended in order, so there is nothing to compare with.
        Others as `prepare` and `Model.load` do.
    """
    path = found.directory
    if path is None or found.config is None:
        raise UsageError(f"{found.weights}: belongs to no run with a config to train again")
    record = read_record(path)
    done = record.get("checkpoint_epoch")
    if record.get("status") == "running" or not done or done != record.get("epochs_done"):
        status = status_of(path, record)
        raise UsageError(f"{path}: has saved no end to compare with; its status is {status}")
    model = Model.load(found.weights)
    # The clock may stop it elsewhere.
    config = load(found.config).model_copy(update={"max_seconds": None})
    experiment = prepare(config, report=report)
    if experiment.data_fingerprint != record.get("data_fingerprint"):
        raise DataError(f"{path}: the data have changed since it was trained")
    earlier = Threads.recorded(record)
    threads = choose_threads(experiment, earlier=earlier, replay=bool(earlier))
    if model.network.describe() != experiment.model.network.describe():
        raise FileFormatError(f"{found.weights}: is of another network than {found.config}")
    learning, changes = begin(path, record, experiment), differences(record, threads)
    return Claim(learning, done, model, threads, changes)


def verify(
    claim: Claim,
    *,
    on_epoch: Callable[[EpochRecord], None] = lambda _: None,
) -> Verification:
    """Trains in memory, writes nothing, and compares.

    Args:
        claim: What is verified.
        on_epoch: Called after each epoch with its record.
    """
    learning = claim.learning
    with claim.threads as threads, np.errstate(all="ignore"):
        for record in learning.epochs():
            on_epoch(record)
            if record.epoch >= claim.epochs:
                break
            threads.adapt(record.epoch + 1)
    learning.install_best()
    return Verification(*_compare(claim.model.network, learning.network), claim.changes)


def _compare(network: Network, again: Network) -> tuple[int, dict[str, int], float]:
    """Returns the number of weights, how many of each array differ, and the largest difference."""
    old, new = ({**n.params, **n.statistics} for n in (network, again))
    # As bits: 0 and -0 are equal, but not the same.
    counts = {
        name: int(np.count_nonzero(_bits(array) != _bits(new[name]))) for name, array in old.items()
    }
    largest = float(np.abs(network.weights - again.weights).max())
    return network.weights.size, {name: count for name, count in counts.items() if count}, largest


def _bits(array: Array) -> NDArray[Any]:
    return np.ascontiguousarray(array).view(f"u{array.itemsize}")
