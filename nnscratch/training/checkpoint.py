"""checkpoint.npz: how far a training has come, whole and checked, with what it belongs to."""

from pathlib import Path

from nnscratch.files import npz
from nnscratch.training.learner import Learning

FORMAT = "nnscratch checkpoint"
VERSION = 1


def save(path: Path, learning: Learning) -> None:
    """Replaces `path`, at once and whole, by how far a training has come.

    Raises:
        OSError: It cannot be written; what was there still is.
    """
    progress, experiment = learning.progress(), learning.experiment
    arrays = {"weights": progress.weights}
    if progress.best_weights is not None:
        arrays["best_weights"] = progress.best_weights
    for name, (_, state) in progress.states.items():
        arrays |= {f"{name}.{key}": array for key, array in state.items()}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "config": experiment.config.to_dict(),
        "data_fingerprint": experiment.data_fingerprint,
        "last": progress.last._asdict(),
        "best": progress.best and progress.best._asdict(),
        "seconds": progress.seconds,
        "numbers": {name: numbers for name, (numbers, _) in progress.states.items()},
    }
    npz.write(path, arrays, manifest)
