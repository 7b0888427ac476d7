"""Starting a training run in a new run directory."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nnscratch.errors import UsageError
from nnscratch.experiment.experiment import Experiment
from nnscratch.model.model import Model
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs import Annotations, RunDirectory, RunRecord
from nnscratch.training.result import TrainingResult
from nnscratch.training.trainer import Trainer
from nnscratch.training.training_run import TrainingRun
from nnscratch.training.warm_start import begin_with


def start(
    experiment: Experiment,
    runs_directory: Path | str = "runs",
    *,
    command: Sequence[str] = (),
    initial: Model | None = None,
    annotations: Annotations | None = None,
    where: Path | None = None,
) -> TrainingRun:
    """Returns a training run from the beginning; as it is entered, it makes its run directory.

    Args:
        experiment: Its network is trained in place.
        runs_directory: Where the run directory is made, with the time in its name.
        command: What the user typed, for the record.
        initial: A model whose weights to begin with; a copy is kept with the run.
        annotations: What the user wrote about it.
        where: The run directory itself, instead of one in `runs_directory`.

    Raises:
        UsageError: The weights to begin with are those of a network of another shape, or the
            config asks for several networks.
    """
    config = experiment.config
    if config.ensemble > 1:
        rule = f"`ensemble: {config.ensemble}` asks for several networks"
        raise UsageError(f"{rule}; train_many trains them, and this only one")
    trainer = Trainer(experiment)
    record = RunRecord(
        command=list(command),
        seed=config.seed,
        parameters=trainer.network.params.flat.size,
        data_fingerprint=experiment.data_fingerprint,
        rows={name: len(split) for name, split in experiment.dataset.splits.items()},
    )
    if initial:
        begin_with(trainer.network, initial.network)
        record.initial = initial.fingerprint()
    create = partial(
        RunDirectory.create,
        Path(runs_directory),
        config.name,
        config.to_yaml(),
        record,
        annotations,
    )
    if where is not None:
        create = partial(RunDirectory.create_at, where, config.name, config.to_yaml(), record)
    return TrainingRun(trainer, create, initial=initial)


def train(
    experiment: Experiment,
    runs_directory: Path | str = "runs",
    *,
    command: Sequence[str] = (),
    initial: Model | None = None,
    on_epoch: Callable[[EpochRecord], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> TrainingResult:
    """Trains the experiment's network to the end and records it in a new run directory.

    Args:
        experiment: Its network is trained in place.
        runs_directory: Where the run directory is made.
        command: What the user typed, for the record.
        initial: A model whose weights to begin with; a copy is kept with the run.
        on_epoch: Called after each epoch with its record.
        should_stop: Called after each epoch; if it returns True, the run ends as interrupted.

    Raises:
        DivergedError: The loss or gradient is not finite; the weights before that are saved.
        RunError: The run directory cannot be made, or its metrics cannot be written.
        UsageError: The weights to begin with are those of a network of another shape.
        OSError: The weights or the record cannot be written.
    """
    with start(experiment, runs_directory, command=command, initial=initial) as run:
        for record in run:
            on_epoch(record)
            if should_stop():
                run.stop("stopped by the user")
    return run.result
