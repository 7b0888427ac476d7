"""The conductor: trains what a config describes and records it in a run directory."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nnscratch.config import Config
from nnscratch.errors import DivergedError, RunError
from nnscratch.nn.parameters import Array
from nnscratch.nn.stopping import EarlyStopping, is_better
from nnscratch.nn.training import EpochRecord
from nnscratch.preparation import Experiment, learn
from nnscratch.runs import WEIGHTS, Run, read_metrics
from nnscratch.threads import Threads
from nnscratch.wording import finite_or_none, plural


@dataclass
class Outcome:
    """What a training came to.

    Attributes:
        path: The run directory.
        status: `running`, `completed`, `interrupted`, `diverged` or `failed`.
        reason: Why it stopped.
        last: The record of the last epoch; None if none was finished.
        best: The record of the epoch with the smallest loss; or the smallest val_loss, or what
            early stopping monitors, and then its weights are those saved.
        test: The figures of the test part, if there is one.
        best_weights: The network's `weights` after the best epoch, if those are saved.
        seconds: How long the training took.
    """

    path: Path
    status: str = "running"
    reason: str = ""
    last: EpochRecord | None = None
    best: EpochRecord | None = None
    test: dict[str, float] | None = None
    best_weights: Array | None = field(default=None, repr=False)
    seconds: float = 0.0


def train(
    experiment: Experiment,
    runs_directory: Path | str = "runs",
    *,
    command: Sequence[str] = (),
    on_epoch: Callable[[EpochRecord], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Trains the experiment's network and records it in a new run directory.

    Args:
        experiment: Its network is trained in place.
        runs_directory: Where the run directory is made.
        command: What the user typed, for the record.
        on_epoch: Called after each epoch with its record.
        should_stop: Asked after each epoch; the run is then saved as interrupted.

    Raises:
        DivergedError: The loss or gradient is not finite; the weights before that are saved.
        RunError: The run directory cannot be made, or its metrics cannot be written.
        OSError: The weights or the record cannot be written.
    """
    config = experiment.config
    facts = {
        "command": list(command),
        "seed": config.seed,
        "parameters": experiment.model.network.params.flat.size,
        "data_fingerprint": experiment.dataset.fingerprint(),
    }
    run = Run.create(Path(runs_directory), config.name, config.to_yaml(), facts)
    outcome = Outcome(run.path)
    failure: DivergedError | None = None
    started = time.perf_counter()
    try:
        _record(experiment, run, outcome, on_epoch, should_stop)
    except DivergedError as error:
        kept = "before it" if outcome.best_weights is None else "of the best epoch"
        where = f"; the weights {kept} are in {run.path}" if outcome.last else ""
        outcome.status, outcome.reason = "diverged", str(error)
        failure = DivergedError(f"{error}{where}")
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        outcome.status = "interrupted" if interrupted else "failed"
        outcome.reason = str(error) or type(error).__name__
        # The first error tells more than that the same disk is still full.
        with suppress(OSError, RunError):
            _save(experiment, run, outcome, started)
        raise
    _save(experiment, run, outcome, started)
    if failure:
        raise failure
    return outcome


def _record(
    experiment: Experiment,
    run: Run,
    outcome: Outcome,
    on_epoch: Callable[[EpochRecord], None],
    should_stop: Callable[[], bool],
) -> None:
    config, stopping = experiment.config, None
    if config.early_stopping is not None:
        stopping = EarlyStopping(**config.early_stopping.model_dump())
    started = time.monotonic()
    # A diverging network overflows; DivergedError tells of it, NumPy's warnings need not.
    with _threads(experiment) as threads, np.errstate(all="ignore"):
        run.record |= threads.record()
        for record in learn(experiment):
            run.log(record)
            outcome.last = record
            _keep_best(outcome, record, experiment.model.network.weights, stopping)
            on_epoch(record)
            if record.epoch == config.epochs:
                break
            if should_stop():
                outcome.status, outcome.reason = "interrupted", "stopped by the user"
                return
            outcome.reason = _reason_to_stop(config, record, stopping, time.monotonic() - started)
            if outcome.reason:
                break
            threads.adapt(record.epoch + 1)
            run.record |= threads.record()
        else:
            outcome.reason = f"{config.optimizer.name} finds nothing better"
    outcome.status, outcome.reason = "completed", outcome.reason or "all epochs done"


def _threads(experiment: Experiment) -> Threads:
    """Returns the threads for the largest matrix product of a step."""
    size, rows = experiment.config.batch_size, len(experiment.dataset.splits["train"])
    batch = rows if size == "full" else min(size, rows)
    largest = max(dense.kernel.size for dense in experiment.model.network.dense)
    return Threads(experiment.config.threads, batch * largest)


def _keep_best(
    outcome: Outcome, record: EpochRecord, weights: Array, stopping: EarlyStopping | None
) -> None:
    """Notes the best epoch, and its weights where there is a figure to judge them by."""
    # The first epoch is validated if any is, later ones need not be.
    judge = "val_loss" if "val_loss" in (outcome.best or record).scores else "loss"
    judge = stopping.monitor if stopping else judge
    if judge not in record.scores:
        return
    if outcome.best is None or is_better(judge, record.scores[judge], outcome.best.scores[judge]):
        if stopping or judge == "val_loss":
            outcome.best_weights = weights.copy()
        outcome.best = record


def _reason_to_stop(
    config: Config, record: EpochRecord, stopping: EarlyStopping | None, seconds: float
) -> str:
    """Returns why not to go on, or nothing."""
    monitored = record.scores.get(stopping.monitor) if stopping else None
    if stopping and monitored is not None and stopping.observe(record.epoch, monitored):
        return f"{stopping.monitor} got no better for {plural(stopping.patience, 'epoch')}"
    if config.max_seconds is not None and seconds >= config.max_seconds:
        return f"max_seconds, {config.max_seconds:g}, are over"
    return ""


def _save(experiment: Experiment, run: Run, outcome: Outcome, started: float) -> None:
    """Writes what was learnt, then what happened."""
    outcome.seconds = time.perf_counter() - started
    model, test = experiment.model, experiment.dataset.splits.get("test")
    if outcome.best_weights is not None:
        model.network.weights[:] = outcome.best_weights
    try:
        if outcome.last:
            model.save(run.path / WEIGHTS)
            if test:
                from nnscratch.evaluation import evaluate_split

                outcome.test = evaluate_split(model, "test", test).scores
    except OSError as error:
        outcome.status, outcome.reason = "failed", str(error)
        raise
    finally:
        run.finish(
            outcome.status,
            stop_reason=outcome.reason,
            seconds=round(outcome.seconds, 3),
            epochs_done=outcome.last.epoch if outcome.last else 0,
            final=finite_or_none(outcome.last.scores) if outcome.last else None,
            best_epoch=outcome.best.epoch if outcome.best else None,
            best=finite_or_none(outcome.best.scores) if outcome.best else None,
            test=finite_or_none(outcome.test) if outcome.test else None,
        )


def draw(run: Path) -> None:
    """Draws the curves of a run's metrics into its plots/, one picture for each.

    Raises:
        RunError: The metrics cannot be read.
        OSError: A picture cannot be written.
    """
    from nnscratch.plots import curves, style

    history = read_metrics(run)
    (run / "plots").mkdir(exist_ok=True)
    for column in curves.metric_columns(history):
        figure = curves.draw_curves({run.name: history}, [column])
        style.save(figure, run / "plots" / f"{column}.png")
