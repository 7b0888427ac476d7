"""The conductor: trains what a config describes and records it in a run directory."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnscratch.errors import DivergedError, RunError
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import finite_or_none
from nnscratch.model.model import Model
from nnscratch.nn.training.fit import EpochRecord
from nnscratch.runs import CHECKPOINT, INITIAL, WEIGHTS, Run
from nnscratch.training import checkpoint, snapshots
from nnscratch.training.learner import Learning
from nnscratch.training.result import Outcome
from nnscratch.training.threads import Threads
from nnscratch.training.warm_start import take_weights

_IN_AN_EPOCH = "stopped by the user in the middle of an epoch"


def train(
    experiment: Experiment,
    runs_directory: Path | str = "runs",
    *,
    command: Sequence[str] = (),
    initial: Model | None = None,
    on_epoch: Callable[[EpochRecord], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Trains the experiment's network and records it in a new run directory.

    Args:
        experiment: Its network is trained in place.
        runs_directory: Where the run directory is made.
        command: What the user typed, for the record.
        initial: Whose weights to begin with; a copy is kept with the run.
        on_epoch: Called after each epoch with its record.
        should_stop: Asked after each epoch; the run is then saved as interrupted.

    Raises:
        DivergedError: The loss or gradient is not finite; the weights before that are saved.
        RunError: The run directory cannot be made, or its metrics cannot be written.
        UsageError: The weights to begin with are those of a network of another shape.
        OSError: The weights or the record cannot be written.
    """
    learning, config = Learning(experiment), experiment.config
    if initial:
        take_weights(learning.network, initial.network)
    facts = {
        "command": list(command),
        "seed": config.seed,
        "parameters": experiment.model.network.params.flat.size,
        "data_fingerprint": experiment.data_fingerprint,
        **({"initial": initial.fingerprint()} if initial else {}),
    }
    run = Run.create(Path(runs_directory), config.name, config.to_yaml(), facts)
    if initial:
        try:
            initial.save(run.path / INITIAL)
        except OSError as error:
            run.finish("failed", stop_reason=str(error))
            raise
    return carry_on(learning, run, on_epoch=on_epoch, should_stop=should_stop)


def carry_on(
    learning: Learning,
    run: Run,
    *,
    threads: Threads | None = None,
    on_epoch: Callable[[EpochRecord], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Trains until there is a reason to stop, and saves what there is whatever happens.

    Args:
        learning: How far the training has come.
        run: Where it is recorded; closed at the end.
        threads: Other threads than a new training would have.
        on_epoch: Called after each epoch with its record.
        should_stop: Asked after each epoch; the run is then saved as interrupted.

    Raises:
        As `train` does.
    """
    outcome = Outcome(run.path, learning)
    failure: DivergedError | None = None
    try:
        with threads or choose_threads(learning.experiment) as chosen:
            _record(run, outcome, chosen, on_epoch, should_stop)
    except DivergedError as error:
        outcome.status, outcome.reason = "diverged", str(error).replace("\n", "; ")
        figures = {"gradient_norm": error.gradient_norm}
        where = {"epoch": error.epoch, "step": error.step, "layer": error.layer}
        run.record["diverged"] = {**where, **finite_or_none(figures)}
        failure = error
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        outcome.status = "interrupted" if interrupted else "failed"
        outcome.reason = _IN_AN_EPOCH if interrupted else str(error) or type(error).__name__
        # Whoever asked for it wants to know what came of it, not that it was done.
        if not (interrupted and should_stop()):
            _finish_after(error, run, outcome)
            raise
    _finish(run, outcome)
    if failure:
        if outcome.last:
            kept = "best" if outcome.best_weights is not None else "last"
            failure.args = (f"{failure}\nthe weights of the {kept} epoch are in {run.path}",)
        raise failure
    return outcome


def _finish_after(error: BaseException, run: Run, outcome: Outcome) -> None:
    """Saves what there is after an error, and notes with it what became of that."""
    try:
        _finish(run, outcome)
    except (OSError, RunError, MemoryError) as second:
        # Of a full disk it is known already.
        if not isinstance(error, OSError | RunError):
            error.add_note(f"the last epochs could not be saved: {second}")
    if (run.path / CHECKPOINT).is_file():
        error.add_note(f"to go on: nnscratch resume {run.path}")


def choose_threads(experiment: Experiment, **how: Any) -> Threads:
    """Returns the threads for the largest matrix product of a step; `how` is as for `Threads`."""
    size, rows = experiment.config.batch_size, len(experiment.dataset.splits["train"])
    batch = rows if size == "full" else min(size, rows)
    largest = max(dense.kernel.size for dense in experiment.model.network.dense)
    return Threads(experiment.config.threads, batch * largest, **how)


def _record(
    run: Run,
    outcome: Outcome,
    threads: Threads,
    on_epoch: Callable[[EpochRecord], None],
    should_stop: Callable[[], bool],
) -> None:
    learning, saved = outcome.learning, time.monotonic()
    config = learning.experiment.config
    run.record |= threads.record()
    outcome.status = "completed"
    snapshots.cut(run.path, learning.epochs_done)
    # Once more where the run is resumed: the last one may not have come to the disk.
    snapshots.keep_if_due(run.path, learning)
    reason = learning.why_stop() if learning.last else None
    if reason:  # it only had not been said yet
        outcome.reason = reason.text
        return
    # A diverging network overflows; DivergedError tells of it, NumPy's warnings need not.
    with np.errstate(all="ignore"):
        for record in learning.epochs():
            run.metrics.append(record)
            if config.snapshots:
                snapshots.keep_if_due(run.path, learning)
            on_epoch(record)
            reason = learning.why_stop()
            if reason:
                outcome.reason = reason.text
                return
            threads.adapt(record.epoch + 1)
            run.record |= threads.record()
            if time.monotonic() - saved >= config.checkpoint_seconds:
                _save(run, learning)
                run.record |= _figures(learning)
                run.save_record()
                saved = time.monotonic()
            # Last of all, so that what is asked for while all is saved is heard.
            if should_stop():
                outcome.status, outcome.reason = "interrupted", "stopped by the user"
                return


def _save(run: Run, learning: Learning) -> None:
    """Saves how far the training has come, so that nothing of it can be lost any more."""
    with learning.showing_best():
        learning.experiment.model.save(run.path / WEIGHTS)
    run.record["kept_epoch"] = learning.kept_epoch
    # A run goes on from its checkpoint, so its rows must reach at least as far.
    run.metrics.flush(to_disk=True)
    checkpoint.save(run.path / CHECKPOINT, learning)
    run.record["checkpoint_epoch"] = learning.epochs_done


def _finish(run: Run, outcome: Outcome) -> None:
    """Writes what was learnt, then what happened."""
    learning, experiment = outcome.learning, outcome.learning.experiment
    try:
        if outcome.last:
            _save(run, learning)
            learning.install_best()
            test = experiment.dataset.splits.get("test")
            if test:
                from nnscratch.model.evaluation import evaluate_split

                outcome.test = evaluate_split(experiment.model, "test", test).scores
    except BaseException as error:
        outcome.status, outcome.reason = "failed", str(error) or type(error).__name__
        raise
    finally:
        outcome.seconds = learning.seconds
        run.finish(
            outcome.status,
            stop_reason=outcome.reason,
            **_figures(learning),
            test=finite_or_none(outcome.test) if outcome.test else None,
        )


def _figures(learning: Learning) -> dict[str, Any]:
    """Returns what run.json says of how far a training has come."""
    last, best = learning.last, learning.best
    return {
        "seconds": round(learning.seconds, 3),
        "epochs_done": learning.epochs_done,
        "final": finite_or_none(last.scores) if last else None,
        "best_epoch": best.epoch if best else None,
        "best": finite_or_none(best.scores) if best else None,
    }
