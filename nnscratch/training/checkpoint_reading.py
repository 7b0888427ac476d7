"""Reading checkpoint.npz back: nothing of it is used before all of it was looked at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from nnscratch.config import Config
from nnscratch.errors import FileFormatError
from nnscratch.files import npz
from nnscratch.nn.state import Snapshot
from nnscratch.nn.training.fit import EpochRecord
from nnscratch.training.checkpoint import FORMAT, VERSION
from nnscratch.training.learner import Progress


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


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads what `checkpoint.save` wrote.

    Raises:
        FileFormatError: It is damaged, or no checkpoint of this version.
        OSError: It cannot be read.
    """
    arrays, manifest = npz.read(path)
    if (manifest.get("format"), manifest.get("version")) != (FORMAT, VERSION):
        raise FileFormatError(f"{path}: no checkpoint of format version {VERSION}")
    try:
        found = _Manifest.model_validate(manifest)
        weights, best_weights = arrays["weights"], arrays.get("best_weights")
        if not all(np.isfinite(w).all() for w in (weights, best_weights) if w is not None):
            raise ValueError("its weights are not finite")
        progress = Progress(
            weights=weights,
            best_weights=best_weights,
            states=_snapshots(arrays, found.numbers),
            last=found.last.unpack(),
            best=found.best.unpack() if found.best else None,
            seconds=found.seconds,
        )
        return Checkpoint(progress, Config.model_validate(found.config), found.data_fingerprint)
    except (KeyError, OverflowError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise FileFormatError(f"{path}: does not describe a training: {reason}") from error


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, defer_build=True)


class _Record(_Part):
    epoch: int = Field(ge=1)
    scores: dict[str, float]
    learning_rate: float
    seconds: float

    def unpack(self) -> EpochRecord:
        return EpochRecord(self.epoch, self.scores, self.learning_rate, self.seconds)


class _Manifest(_Part):
    config: dict[str, Any]
    data_fingerprint: str
    last: _Record
    best: _Record | None
    seconds: float = Field(ge=0)
    numbers: dict[str, dict[str, bool | int | float]]


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
