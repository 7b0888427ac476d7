"""checkpoint.npz: the state of training after an epoch, with the config and data it belongs to.

With it, training goes on as if it had never stopped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from nnscratch.config import Config
from nnscratch.errors import FileFormatError
from nnscratch.files import npz
from nnscratch.nn.parameters import Array
from nnscratch.nn.state import Snapshot
from nnscratch.nn.training.epoch import EpochRecord

FORMAT = "nnscratch checkpoint"
VERSION = 1


@dataclass(frozen=True)
class TrainingState:
    """All that changes from epoch to epoch.

    Attributes:
        weights: The network's.
        best_weights: Those of the best epoch, if they are the ones to keep.
        states: The states of the optimizer and of whatever else learns, by name.
        last: The record of the last epoch.
        best: The record of the best epoch.
        seconds: How long it took.
    """

    weights: Array
    best_weights: Array | None
    states: Mapping[str, Snapshot]
    last: EpochRecord
    best: EpochRecord | None
    seconds: float


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint holds.

    Attributes:
        state: The state of the training run.
        config: Its config, resolved.
        data_fingerprint: The fingerprint of its data.
    """

    state: TrainingState
    config: Config
    data_fingerprint: str


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Replaces `path`, at once and whole.

    Raises:
        OSError: It cannot be written; what was there still is.
    """
    state = checkpoint.state
    arrays = {"weights": state.weights}
    if state.best_weights is not None:
        arrays["best_weights"] = state.best_weights
    for name, (_, part) in state.states.items():
        arrays |= {f"{name}.{key}": array for key, array in part.items()}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "config": checkpoint.config.to_dict(),
        "data_fingerprint": checkpoint.data_fingerprint,
        "last": state.last._asdict(),
        "best": state.best and state.best._asdict(),
        "seconds": state.seconds,
        "numbers": {name: numbers for name, (numbers, _) in state.states.items()},
    }
    npz.write(path, arrays, manifest)


def load_checkpoint(path: Path) -> Checkpoint:
    """Reads what `save_checkpoint` wrote; all of it is checked before any of it is used.

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
        state = TrainingState(
            weights=weights,
            best_weights=best_weights,
            states={
                part: (numbers, _arrays_of(part, arrays)) for part, numbers in found.numbers.items()
            },
            last=found.last.unpack(),
            best=found.best.unpack() if found.best else None,
            seconds=found.seconds,
        )
        return Checkpoint(state, Config.model_validate(found.config), found.data_fingerprint)
    except (KeyError, OverflowError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise FileFormatError(f"{path}: does not describe a training run: {reason}") from error


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


def _arrays_of(part: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Returns the arrays of a part's state, without its name."""
    prefix = f"{part}."
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
