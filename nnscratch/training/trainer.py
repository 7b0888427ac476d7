"""The trainer: an experiment's network, all that training it takes, and when training is over."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nnscratch.errors import TimeUpError
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.optimization import build_optimizer, build_penalty, build_rate_factors
from nnscratch.formatting import plural
from nnscratch.nn.metrics import validation_loss
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array
from nnscratch.nn.state import Stateful
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.by_name import create_schedule
from nnscratch.nn.training.early_stopping import EarlyStopping
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.interruption import Interruption
from nnscratch.nn.training.keep_best import KeepBest
from nnscratch.training.checkpoint import Checkpoint
from nnscratch.training.parts import inputs_and_targets

# An epoch may take longer than `max_seconds` by this share of it, but by no less and no more.
_GRACE, _LEAST_GRACE_SECONDS, _MOST_GRACE_SECONDS = 0.1, 1.0, 5.0


class StopReason(NamedTuple):
    """Why training ends by itself."""

    setting: str
    """The setting that ends it, or `optimizer`."""
    text: str
    """The same in words."""


class Trainer:
    """Trains an experiment's network in memory, from its present state on.

    Args:
        experiment: Its network is trained in place.

    Attributes:
        last: The record of the last epoch; None if none is finished.
    """

    def __init__(self, experiment: Experiment) -> None:
        config = experiment.config
        self.experiment = experiment
        self.last: EpochRecord | None = None
        self._earlier_seconds = 0.0
        self._started = time.perf_counter()
        self._undone_epoch: int | None = None
        self._measures_before = False
        self._optimizer = build_optimizer(config)
        self._schedule = create_schedule(config.schedule.model_dump())
        self._average = Average(config.average.decay) if config.average else None
        stopping = config.early_stopping
        self._stopping = EarlyStopping(**stopping.model_dump()) if stopping else None
        validated = "validation" in experiment.dataset.splits
        loss = validation_loss(calibrated=bool(config.calibrate)) if validated else "loss"
        monitor = stopping.monitor if stopping else loss
        # The training loss alone is no reason to prefer an earlier epoch.
        self._best = KeepBest(monitor, keep_weights=stopping is not None or validated)

    @property
    def network(self) -> Network:
        """The network that is trained."""
        return self.experiment.model.network

    @property
    def epochs_done(self) -> int:
        """How many epochs are finished."""
        return self.last.epoch if self.last else 0

    @property
    def best(self) -> EpochRecord | None:
        """The record of the best epoch, by what early stopping monitors, else the loss."""
        return self._best.record

    @property
    def best_weights(self) -> Array | None:
        """The `weights` of the best epoch, calibrated or not, if they are the ones to keep."""
        return self._best.weights

    @property
    def kept_epoch(self) -> int:
        """The epoch whose weights are the ones to keep."""
        return self.best.epoch if self.best and self.best_weights is not None else self.epochs_done

    @property
    def seconds(self) -> float:
        """How long training has taken so far."""
        return self._earlier_seconds + time.perf_counter() - self._started

    def checkpoint(self) -> Checkpoint:
        """Returns a copy of the state after an epoch; at least one must be finished."""
        assert self.last is not None
        return Checkpoint(
            config=self.experiment.config,
            data_fingerprint=self.experiment.data_fingerprint,
            weights=self.network.weights.copy(),
            best_weights=None if self.best_weights is None else self.best_weights.copy(),
            states={name: part.snapshot() for name, part in self._parts().items()},
            last=self.last,
            best=self.best,
            seconds=self.seconds,
            measured_before=self._measures_before,
        )

    def restore(self, saved: Checkpoint) -> None:
        """Takes the state of another training run of the same config.

        Raises:
            KeyError: The state of a part is missing.
            ValueError: A state or the weights are those of another network.
        """
        weights = self.network.weights
        for given in (saved.weights, saved.best_weights):
            if given is not None and (given.shape, given.dtype) != (weights.shape, weights.dtype):
                raise ValueError("the weights are those of another network")
        measured = {"loss", self.experiment.model.encoding.metric().name}
        known = saved.best is None or self._best.monitor in saved.best.scores
        if not (known and measured <= saved.last.scores.keys()):
            raise ValueError("it lacks scores of its epochs")
        weights[:] = saved.weights
        self._optimizer.prepare(self.network.params.flat)
        if self._average:
            self._average.prepare(weights)
        for name, part in self._parts().items():
            part.restore(saved.states[name])
        self.last = saved.last
        self._best.record = saved.best
        self._best.weights = saved.best_weights
        self._earlier_seconds = saved.seconds
        self._measures_before = saved.measured_before
        self._started = time.perf_counter()

    def _limit_time(self, interruption: Interruption) -> None:
        """Has an epoch ended that goes on well after `max_seconds`."""
        limit = self.experiment.config.max_seconds
        if limit is not None:
            grace = min(max(_GRACE * limit, _LEAST_GRACE_SECONDS), _MOST_GRACE_SECONDS)
            interruption.end_after(limit + grace - self.seconds)

    def epochs(self, interruption: Interruption | None = None) -> Iterator[EpochRecord]:
        """Trains on and writes nothing; an epoch that goes on far beyond `max_seconds` is undone.

        Args:
            interruption: What may end an epoch; see `fit`.

        Raises:
            DivergedError: As `fit`; all is then as it was after the last finished epoch.
            TimeUpError: `max_seconds` are over, and no epoch is finished.
        """
        config = self.experiment.config
        interruption = interruption or Interruption()
        self._limit_time(interruption)
        model = self.experiment.model
        parts, transform = inputs_and_targets(self.experiment)
        inputs, targets, weights = parts["train"]
        records = fit(
            model.network,
            inputs,
            targets,
            weights=weights,
            optimizer=self._optimizer,
            learning_rate=config.learning_rate,
            schedule=self._schedule or "constant",
            epochs=config.epochs,
            batch_size=None if config.batch_size == "full" else config.batch_size,
            validation=parts.get("validation"),
            test=parts.get("test"),
            validate_every=config.validate_every,
            transform=transform,
            penalty=build_penalty(config),
            clip_norm=config.clip_norm,
            max_norm=config.max_norm,
            average=self._average,
            rate_factors=build_rate_factors(config),
            early_stopping=self._stopping,
            keep_best=self._best,
            interruption=interruption,
            metric=model.encoding.metric(),
            measure_before=self._measures_before,
            calibrate=bool(config.calibrate),
            seed=config.seed,
            after=self.epochs_done,
        )
        try:
            for record in records:
                self.last = record
                yield record
        except TimeUpError:
            if self.last is None:
                over = f"max_seconds, {config.max_seconds:g}, are over before the first epoch is"
                raise TimeUpError(f"{over} finished; give it more, or fewer rows") from None
            self._undone_epoch = self.epochs_done + 1

    def stop_reason(self) -> StopReason | None:
        """Returns why no further epoch should be trained, if there is a reason."""
        config, stopping = self.experiment.config, self._stopping
        if self.last is None:
            return None
        if self.epochs_done >= config.epochs:
            return StopReason("epochs", "all epochs done")
        # Patience ends in an epoch that measures the figure, which not every epoch does.
        measured = stopping and stopping.monitor in self.last.scores
        if stopping and measured and stopping.is_over(self.epochs_done):
            patience = plural(stopping.patience, "epoch")
            return StopReason("early_stopping", f"{stopping.monitor} got no better for {patience}")
        if self._optimizer.finished:
            return StopReason("optimizer", f"{config.optimizer.name} finds nothing better")
        if config.max_seconds is not None and self.seconds >= config.max_seconds:
            text, undone = f"max_seconds, {config.max_seconds:g}, are over", self._undone_epoch
            text += f"; epoch {undone:,} took too long and is undone" if undone else ""
            return StopReason("max_seconds", text)
        return None

    def install_best(self) -> None:
        """Gives the network the weights to keep; no further epoch may follow."""
        self._best.install(self.network)

    def save_best(self, path: Path) -> None:
        """Saves the model with the weights to keep; the network goes on with its own.

        Raises:
            OSError: It cannot be written.
        """
        current = self.network.weights.copy()
        self.install_best()
        try:
            self.experiment.model.save(path)
        finally:
            self.network.weights[:] = current

    def _parts(self) -> dict[str, Stateful]:
        """Returns all that has a state of its own, by its name in a checkpoint."""
        parts = {
            "optimizer": self._optimizer,
            "average": self._average,
            "schedule": self._schedule,
            "schedule_watch": getattr(self._schedule, "watch", None),
            "stopping": self._stopping,
        }
        return {name: part for name, part in parts.items() if part is not None}
