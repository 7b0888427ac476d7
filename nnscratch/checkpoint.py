"""checkpoint.npz: how far a training has come, whole and checked, with what it belongs to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from nnscratch.config import Config
from nnscratch.errors import FileFormatError
from nnscratch.files import npz
from nnscratch.learning import Learning, Progress
from nnscratch.nn.state import Snapshot
from nnscratch.nn.training import EpochRecord

_FORMAT = "nnscratch checkpoint"
_VERSION = 1


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint holds.

    Attributes:
        progress: How far the training has come.
        config: Its config, resolved.
        data_fingerprint: Of its data.
    """

    progress: Progress
    config: Config
    data_fingerprint: str


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
        "format": _FORMAT,
        "version": _VERSION,
        "config": experiment.config.to_dict(),
        "data_fingerprint": experiment.data_fingerprint,
        "last": progress.last._asdict(),
        "best": progress.best and progress.best._asdict(),
        "seconds": progress.seconds,
        "numbers": {name: numbers for name, (numbers, _) in progress.states.items()},
    }
    npz.write(path, arrays, manifest)


def load(path: Path) -> Checkpoint:
    """Reads what `save` wrote.

    Raises:
        FileFormatError: It is damaged, or no checkpoint of this version.
        OSError: It cannot be read.
    """
    arrays, manifest = npz.read(path)
    if (manifest.get("format"), manifest.get("version")) != (_FORMAT, _VERSION):
        raise FileFormatError(f"{path}: no checkpoint of format version {_VERSION}")
    try:
        best = manifest["best"]
        progress = Progress(
            weights=arrays["weights"],
            best_weights=arrays.get("best_weights"),
            states=_snapshots(arrays, manifest["numbers"]),
            last=EpochRecord(**manifest["last"]),
            best=best and EpochRecord(**best),
            seconds=float(manifest["seconds"]),
        )
        config = Config.model_validate(manifest["config"])
        return Checkpoint(progress, config, str(manifest["data_fingerprint"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise FileFormatError(f"{path}: does not describe a training: {error}") from error


def _snapshots(
    arrays: dict[str, NDArray[Any]], numbers: dict[str, dict[str, float]]
) -> dict[str, Snapshot]:
    return {
        part: (
            counters,
            {
                name.removeprefix(f"{part}."): array
                for name, array in arrays.items()
                if name.startswith(f"{part}.")
            },
        )
        for part, counters in numbers.items()
    }
