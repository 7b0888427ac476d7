"""A training as far as it has come: all that changes from epoch to epoch, and when it is over."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from nnscratch.data.dataset import Split
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import plural
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.parameters import Array
from nnscratch.nn.registry import create
from nnscratch.nn.state import Snapshot, Stateful
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.early_stopping import EarlyStopping, is_better
from nnscratch.nn.training.fit import EpochRecord, create_schedule, fit
from nnscratch.nn.training.penalties import Penalty

# Tables up to this size are made ready for the network once, larger ones in pieces.
_READY_BYTES = 64_000_000


class Reason(NamedTuple):
    """Why a training ends."""

    key: str
    """The setting that says so."""
    text: str
    """The same in words."""


@dataclass(frozen=True)
class Progress:
    """How far a training has come: with it, the training goes on as if it had never stopped.

    Attributes:
        weights: The network's.
        best_weights: Those of the best epoch, if they are the ones to keep.
        states: Of the optimizer and whatever else learns.
        last: The record of the last epoch.
        best: The record of the best epoch.
        seconds: How long it took.
    """

    weights: Array
    best_weights: Array | None
    states: Mapping[str, Snapshot]
    last: EpochRecord
    best: EpochRecord | None
    seconds: float


class Learning:
    """A training of an experiment's network, which it changes.

    Args:
        experiment: What is trained.

    Attributes:
        last: The record of the last epoch; None if none was finished.
        best: The record of the epoch with the smallest loss; or the smallest val_loss, or what
            early stopping monitors, and then its weights are those to keep.
        best_weights: The network's `weights` after the best epoch, if those are the ones to keep.
    """

    def __init__(self, experiment: Experiment) -> None:
        config = experiment.config
        self.experiment = experiment
        self.last: EpochRecord | None = None
        self.best: EpochRecord | None = None
        self.best_weights: Array | None = None
        self._earlier_seconds, self._started = 0.0, time.perf_counter()
        self._optimizer = create(OPTIMIZERS, config.optimizer.model_dump())
        self._schedule = create_schedule(config.schedule.model_dump())
        self._average = Average(config.average.decay) if config.average else None
        stopping = config.early_stopping
        self._stopping = EarlyStopping(**stopping.model_dump()) if stopping else None
        held_out = "validation" in experiment.dataset.splits
        self._judge = stopping.monitor if stopping else "val_loss" if held_out else "loss"

    @property
    def network(self) -> Network:
        """What is trained."""
        return self.experiment.model.network

    @property
    def epochs_done(self) -> int:
        """How many epochs are finished."""
        return self.last.epoch if self.last else 0

    @property
    def kept_epoch(self) -> int:
        """The epoch whose weights are those to keep."""
        return self.best.epoch if self.best and self.best_weights is not None else self.epochs_done

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return self._earlier_seconds + time.perf_counter() - self._started

    def progress(self) -> Progress:
        """Returns how far it has come, after an epoch at least; it shares no memory with it."""
        assert self.last is not None
        return Progress(
            self.network.weights.copy(),
            None if self.best_weights is None else self.best_weights.copy(),
            {name: part.snapshot() for name, part in self._parts().items()},
            self.last,
            self.best,
            self.seconds,
        )

    def restore(self, progress: Progress) -> None:
        """Comes as far as another training of the same config.

        Raises:
            KeyError: A state is missing.
            ValueError: A state or the weights are of another network.
        """
        weights = self.network.weights
        for given in (progress.weights, progress.best_weights):
            if given is not None and (given.shape, given.dtype) != (weights.shape, weights.dtype):
                raise ValueError("the weights are those of another network")
        weights[:] = progress.weights
        self._optimizer.prepare(self.network.params.flat)
        if self._average:
            self._average.prepare(weights)
        for name, part in self._parts().items():
            part.restore(progress.states[name])
        self.last, self.best = progress.last, progress.best
        self.best_weights = progress.best_weights
        self._earlier_seconds, self._started = progress.seconds, time.perf_counter()

    def epochs(self) -> Iterator[EpochRecord]:
        """Trains on, epoch by epoch, and writes nothing.

        Raises:
            DivergedError: As `fit`; all is then as it was after the last finished epoch.
        """
        config, model, splits = self.experiment.config, self.experiment.model, self._splits()
        # A small table is made ready once; a large one stays as it came, and becomes so in pieces.
        width = model.network.inputs * model.network.dtype.itemsize
        small = sum(map(len, splits.values())) * width <= _READY_BYTES
        parts = {
            name: (
                model.transform(split.inputs) if small else split.inputs,
                model.encoding.encode(split.targets),
            )
            for name, split in splits.items()
        }
        records = fit(
            model.network,
            *parts["train"],
            optimizer=self._optimizer,
            learning_rate=config.learning_rate,
            schedule=self._schedule or "constant",
            epochs=config.epochs,
            batch_size=None if config.batch_size == "full" else config.batch_size,
            validation=parts.get("validation"),
            test=parts.get("test"),
            validate_every=config.validate_every,
            transform=None if small else model.transform,
            penalty=Penalty(config.l1, config.l2),
            clip_norm=config.clip_norm,
            max_norm=config.max_norm,
            average=self._average,
            metric=model.encoding.metric(),
            seed=config.seed,
            after=self.epochs_done,
        )
        for record in records:
            self.last = record
            self._keep_best(record)
            yield record

    def why_stop(self) -> Reason | None:
        """Returns why no further epoch should be trained, if there is a reason."""
        config, stopping = self.experiment.config, self._stopping
        if self.epochs_done >= config.epochs:
            return Reason("epochs", "all epochs done")
        # Patience ends with a look at the figure, which not every epoch takes.
        looked = self.last and stopping and stopping.monitor in self.last.scores
        if stopping and looked and stopping.is_over(self.epochs_done):
            patience = plural(stopping.patience, "epoch")
            return Reason("early_stopping", f"{stopping.monitor} got no better for {patience}")
        if self.last and self._optimizer.finished:
            return Reason("optimizer", f"{config.optimizer.name} finds nothing better")
        if config.max_seconds is not None and self.seconds >= config.max_seconds:
            return Reason("max_seconds", f"max_seconds, {config.max_seconds:g}, are over")
        return None

    def install_best(self) -> None:
        """Gives the network the weights to keep; no further epoch may follow."""
        if self.best_weights is not None:
            self.network.weights[:] = self.best_weights

    @contextmanager
    def showing_best(self) -> Iterator[None]:
        """Gives the network the weights to keep for the time of a block."""
        current = self.network.weights.copy()
        self.install_best()
        try:
            yield
        finally:
            self.network.weights[:] = current

    def _parts(self) -> dict[str, Stateful]:
        """Returns all that has a state of its own, by name."""
        parts = {
            "optimizer": self._optimizer,
            "average": self._average,
            "schedule": self._schedule,
            "schedule_watch": getattr(self._schedule, "watch", None),
            "stopping": self._stopping,
        }
        return {name: part for name, part in parts.items() if part is not None}

    def _splits(self) -> dict[str, Split]:
        """Returns the parts of the data that training looks at."""
        splits = self.experiment.dataset.splits
        looked_at = ["train", "validation", *(["test"] if self.experiment.config.log_test else [])]
        return {name: splits[name] for name in looked_at if name in splits}

    def _keep_best(self, record: EpochRecord) -> None:
        """Notes the best epoch, and its weights where there is a figure to judge them by."""
        value = record.scores.get(self._judge)
        if value is None:
            return
        if self._stopping:
            self._stopping.observe(record.epoch, value)
        if self.best is None or is_better(self._judge, value, self.best.scores[self._judge]):
            if self._stopping or self._judge == "val_loss":
                self.best_weights = self.network.weights.copy()
            self.best = record
