"""A training run: a trainer at work, and the run directory that records it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Self

import numpy as np

from nnscratch.errors import DivergedError, RunError
from nnscratch.formatting import finite_or_none, typed
from nnscratch.model.model import Model
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.interruption import Interruption
from nnscratch.runs import CHECKPOINT, INITIAL, WEIGHTS, RunDirectory, RunRecord
from nnscratch.runs.record import Divergence
from nnscratch.training import snapshots
from nnscratch.training.checkpoint import save_checkpoint
from nnscratch.training.circumstances import changed_circumstances
from nnscratch.training.result import TrainingResult
from nnscratch.training.threads import parse_threads, threads_for
from nnscratch.training.trainer import Trainer

_IN_AN_EPOCH = "stopped by the user in the middle of an epoch"


class TrainingRun:
    """A context to train in, and in it an iterator over the epochs that are left.

    Nothing is written before the context begins. An epoch's record is yielded when all that is to
    be saved of it is saved. However the block is left, the run directory then holds all finished
    epochs and records how the run ended.

    Args:
        trainer: In the state to train on from.
        open_directory: Opens the directory where the run is recorded.
        initial: The model whose weights it begins with, to be kept with the run.
        earlier: The record so far, for a run that is resumed.

    Attributes:
        interruption: What may end an epoch from a signal handler; see `fit`.
        changes: What has changed since `earlier` and may change the last bits of the weights.
        result: How the run ended; there once the context has ended.
    """

    result: TrainingResult

    def __init__(
        self,
        trainer: Trainer,
        open_directory: Callable[[], RunDirectory],
        *,
        initial: Model | None = None,
        earlier: RunRecord | None = None,
    ) -> None:
        self.trainer = trainer
        self.changes: list[str] = []
        self._open_directory = open_directory
        self._initial = initial
        self.interruption = Interruption()
        self._earlier = earlier
        self._is_stopped = False
        # How it ends, as status and reason, if the loop is left without either.
        self._ending = ("interrupted", "stopped by the program")
        self._contexts = ExitStack()

    def __enter__(self) -> Self:
        """Opens the run directory.

        Raises:
            RunError: It cannot be made, or metrics.csv lacks rows.
            UsageError: Another process trains it, or has done so since it was read.
            OSError: It cannot be written.
        """
        self._directory = self._open_directory()
        self._saved = time.monotonic()
        try:
            self._begin()
        except BaseException as error:
            self.__exit__(type(error), error)
            raise
        return self

    def __iter__(self) -> Iterator[EpochRecord]:
        """Trains on and yields each epoch's record.

        Raises:
            DivergedError: The loss or gradient is not finite.
            RunError: metrics.csv cannot be written.
            OSError: Another file cannot be written.
        """
        # Of a run that was killed after its last epoch, only the end was not recorded.
        if self._is_over():
            return
        try:
            for record in self.trainer.epochs(self.interruption):
                self._save_epoch(record)
                yield record
                if self._is_over():
                    return
                self._threads.adapt(record.epoch + 1)
                self._record_threads()
            self._is_over()  # the time was over in the middle of an epoch
        except KeyboardInterrupt:
            if not self.interruption.requested:
                raise
            self._ending = ("interrupted", _IN_AN_EPOCH)

    def stop(self, reason: str) -> None:
        """Has the run end as interrupted, after the epoch that was yielded last.

        `reason` is for the record.
        """
        self._is_stopped = True
        if self._ending[0] != "completed":
            self._ending = ("interrupted", reason)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, *_: object
    ) -> None:
        self._contexts.close()
        if error is None:
            self._finish()
        elif isinstance(error, DivergedError):
            self._finish_diverged(error)
        else:
            self._finish_after(error)

    def _begin(self) -> None:
        if self._initial:
            self._initial.save(self._directory.path / INITIAL)
        done = self.trainer.epochs_done
        earlier = parse_threads(self._earlier.threads) if self._earlier else {}
        threads = threads_for(self.trainer.experiment, earlier=earlier, since=done + 1)
        self._threads = self._contexts.enter_context(threads)
        # A diverging network overflows; DivergedError reports it, NumPy's warnings need not.
        self._contexts.enter_context(np.errstate(all="ignore"))
        if self._earlier:
            self.changes = changed_circumstances(self._earlier, threads)
        self._record_threads()
        snapshots.cut(self._directory.path, done)
        # Again where the run is resumed: the last one may not have reached the disk.
        snapshots.keep_if_due(self._directory.path, self.trainer)

    def _record_threads(self) -> None:
        record, used = self._directory.record, self._threads.record()
        if used and used != record.threads:
            record.threads = used

    def _is_over(self) -> bool:
        """Returns whether the run ends here, and notes why."""
        reason = self.trainer.stop_reason()
        if reason:
            self._ending = ("completed", reason.text)
        return self._is_stopped or reason is not None

    def _save_epoch(self, record: EpochRecord) -> None:
        """Saves the figures of an epoch and, when it is time, the weights and the checkpoint."""
        config = self.trainer.experiment.config
        self._directory.metrics.append(record)
        snapshots.keep_if_due(self._directory.path, self.trainer)
        due = time.monotonic() - self._saved >= config.checkpoint_seconds
        if due and not self.trainer.stop_reason():  # at the end, all is saved anyway
            self._save()
            self._directory.record.update(**self._figures())
            self._directory.save_record()
            self._saved = time.monotonic()

    def _save(self) -> None:
        """Saves the weights to keep and the state to go on from."""
        path, record, trainer = self._directory.path, self._directory.record, self.trainer
        trainer.save_best(path / WEIGHTS)
        record.kept_epoch = trainer.kept_epoch
        # A run goes on from its checkpoint, so its rows must reach at least as far.
        self._directory.metrics.flush(to_disk=True)
        save_checkpoint(path / CHECKPOINT, trainer.checkpoint())
        record.checkpoint_epoch = trainer.epochs_done

    def _finish(self) -> None:
        """Saves the state, evaluates the test rows, and writes how the run ended."""
        from nnscratch.model.evaluation import evaluate_split

        trainer = self.trainer
        rows = trainer.experiment.dataset.splits.get("test")
        test = None
        try:
            if trainer.last:
                self._save()
                trainer.install_best()
            if trainer.last and rows is not None:
                test = evaluate_split(trainer.experiment.model, "test", rows).scores
        except BaseException as error:
            self._ending = ("failed", str(error) or type(error).__name__)
            raise
        finally:
            status, reason = self._ending
            written = finite_or_none(test) if test else None
            self._directory.finish(status, stop_reason=reason, **self._figures(), test=written)
        self.result = TrainingResult(
            path=self._directory.path,
            status=status,
            stop_reason=reason,
            last=trainer.last,
            best=trainer.best,
            best_weights=trainer.best_weights,
            test=test,
            seconds=trainer.seconds,
        )

    def _finish_diverged(self, error: DivergedError) -> None:
        """Saves the finished epochs, and adds to the error where their weights are."""
        self._ending = ("diverged", str(error).replace("\n", "; "))
        self._directory.record.diverged = Divergence(
            epoch=error.epoch,
            step=error.step,
            layer=error.layer,
            **finite_or_none({"gradient_norm": error.gradient_norm}),
        )
        self._finish()
        if self.trainer.last:
            kept = "last" if self.trainer.best_weights is None else "best"
            where = f"the weights of the {kept} epoch are in {self._directory.path}"
            error.args = (f"{error}\n{where}",)

    def _finish_after(self, error: BaseException) -> None:
        """Saves the finished epochs after an error, and notes with it whether that succeeded."""
        if isinstance(error, KeyboardInterrupt):
            self._ending = ("interrupted", _IN_AN_EPOCH)
        else:
            self._ending = ("failed", str(error) or type(error).__name__)
        try:
            self._finish()
        except (OSError, RunError, MemoryError) as second:
            # A full disk has already been reported.
            if not isinstance(error, OSError | RunError):
                error.add_note(f"the last epochs could not be saved: {second}")
        if (self._directory.path / CHECKPOINT).is_file():
            error.add_note(f"to go on: nnscratch resume {typed(self._directory.path)}")

    def _figures(self) -> dict[str, Any]:
        """Returns what run.json records of the epochs so far."""
        last, best = self.trainer.last, self.trainer.best
        return {
            "seconds": round(self.trainer.seconds, 3),
            "epochs_done": self.trainer.epochs_done,
            "final": finite_or_none(last.scores) if last else None,
            "best_epoch": best.epoch if best else None,
            "best": finite_or_none(best.scores) if best else None,
        }
