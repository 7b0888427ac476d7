"""The conductor: from a config to data, network, training and a run directory.

`prepare` puts together what a config describes; `train` runs it and records it on disk.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.errors import DivergedError, RunError
from nnscratch.model import Model
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create
from nnscratch.nn.training import EpochRecord, fit
from nnscratch.resolution import choose_encoding, load_dataset, resolve
from nnscratch.runs import WEIGHTS, Run, read_metrics


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


@dataclass
class Outcome:
    """What a training came to.

    Attributes:
        path: The run directory.
        status: `running`, `completed`, `interrupted`, `diverged` or `failed`.
        reason: Why it stopped.
        last: The record of the last epoch; None if none was finished.
        best: The record of the epoch with the smallest loss.
        seconds: How long the training took.
    """

    path: Path
    status: str = "running"
    reason: str = ""
    last: EpochRecord | None = None
    best: EpochRecord | None = None
    seconds: float = 0.0


def prepare(config: Config) -> Experiment:
    """Loads the data and builds the network.

    Raises:
        ConfigError: Parts of the config do not fit the data or each other.
    """
    dataset = load_dataset(config)
    config = resolve(config, dataset)
    encoding = choose_encoding(config, dataset)
    network = Network(
        len(dataset.feature_names),
        [layer.model_dump(exclude_none=True) for layer in config.architecture],
        encoding.outputs,
        activation=config.activation.model_dump(),
        output_activation=config.output_activation.model_dump(),
        use_bias=config.use_bias,
        initializer=config.initializer.model_dump(),
        loss=encoding.loss,
        seed=config.seed,
        dtype=config.dtype,
    )
    return Experiment(config, dataset, Model(network, encoding, dataset.feature_names))


def learn(experiment: Experiment) -> Iterator[EpochRecord]:
    """Trains the experiment's network in place, epoch by epoch, and writes nothing.

    Raises:
        DivergedError: As `fit`.
    """
    config, model = experiment.config, experiment.model
    split = experiment.dataset.splits["train"]
    return fit(
        model.network,
        split.inputs,
        model.encoding.encode(split.targets),
        optimizer=create(OPTIMIZERS, config.optimizer.model_dump()),
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=None if config.batch_size == "full" else config.batch_size,
        metric=model.encoding.metric(),
        seed=config.seed,
    )


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
        where = f"; the weights before it are in {run.path}" if outcome.last else ""
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
    epochs = experiment.config.epochs
    # A diverging network overflows; DivergedError tells of it, NumPy's warnings need not.
    with np.errstate(all="ignore"):
        for record in learn(experiment):
            run.log(record)
            outcome.last = record
            if outcome.best is None or record.scores["loss"] < outcome.best.scores["loss"]:
                outcome.best = record
            on_epoch(record)
            if should_stop() and record.epoch < epochs:
                outcome.status, outcome.reason = "interrupted", "stopped by the user"
                return
    outcome.status, outcome.reason = "completed", "all epochs done"


def _save(experiment: Experiment, run: Run, outcome: Outcome, started: float) -> None:
    """Writes what was learnt, then what happened."""
    outcome.seconds = time.perf_counter() - started
    try:
        if outcome.last:
            experiment.model.save(run.path / WEIGHTS)
    except OSError as error:
        outcome.status, outcome.reason = "failed", str(error)
        raise
    finally:
        run.finish(
            outcome.status,
            stop_reason=outcome.reason,
            seconds=round(outcome.seconds, 3),
            epochs_done=outcome.last.epoch if outcome.last else 0,
            final=outcome.last.scores if outcome.last else None,
            best_epoch=outcome.best.epoch if outcome.best else None,
            best=outcome.best.scores if outcome.best else None,
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
