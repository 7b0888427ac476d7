"""Snapshots: whole models kept in the course of a training run, to see how it learned.

Each is a weights file like the run's own, so `predict` takes it too.
"""

import re
from math import isqrt
from pathlib import Path

from nnscratch.errors import FileFormatError
from nnscratch.model.model import Model
from nnscratch.runs import SNAPSHOTS
from nnscratch.training.trainer import Trainer

_FILE = re.compile(r"epoch-(\d+)\.npz")


def keep_if_due(run: Path, trainer: Trainer) -> None:
    """Saves the network as it is now, if a snapshot of this epoch is wanted.

    Raises:
        OSError: It cannot be written.
    """
    config, epoch = trainer.experiment.config, trainer.epochs_done
    if is_due(epoch, config.epochs, config.snapshots):
        folder = run / SNAPSHOTS
        folder.mkdir(exist_ok=True)
        trainer.experiment.model.save(folder / f"epoch-{epoch:06d}.npz")


def is_due(epoch: int, epochs: int, count: int) -> bool:
    """Returns whether a snapshot is kept after an epoch; 0 is the beginning, which always has one.

    The k-th of n is that of about epochs · (k / n)², so they lie closer together in the beginning,
    when most changes. Nothing else matters, so a run that is resumed with the same settings keeps
    the same.
    """
    if not epoch or not count:
        return count > 0
    now, before = (isqrt(e * count * count // epochs) for e in (epoch, epoch - 1))
    return now > before


def cut(run: Path, epochs: int) -> None:
    """Removes the snapshots of later epochs: a run goes on from its checkpoint.

    Raises:
        OSError: One cannot be removed.
    """
    for epoch, path in find_snapshots(run).items():
        if epoch > epochs:
            path.unlink()


def find_snapshots(run: Path) -> dict[int, Path]:
    """Returns the files by their epochs, in order; none if none were kept."""
    found = {
        int(match[1]): path
        for path in (run / SNAPSHOTS).glob("*.npz")
        if (match := _FILE.fullmatch(path.name))
    }
    return dict(sorted(found.items()))


def load_snapshot(path: Path, model: Model) -> Model:
    """Returns the model of a snapshot.

    Args:
        path: The file.
        model: The run's own.

    Raises:
        FileFormatError: It is damaged, or of another network or other data than the run's own.
    """
    snapshot = Model.load(path)
    if _identity(snapshot) != _identity(model):
        raise FileFormatError(f"{path}: is of another network, or of other data, than its run")
    return snapshot


def _identity(model: Model) -> tuple[object, ...]:
    """Returns what all models of a training run have in common."""
    return model.network.describe(), model.features, model.encoding.classes, model.encoding.names
