"""checkpoint.npz: the state of training after an epoch, with the config and data it belongs to.

With it, training goes on as if it had never stopped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
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
class Checkpoint:
    """The state of a training run after an epoch.

    Attributes:
        config: The run's config, resolved.
        data_fingerprint: The fingerprint of its data.
        weights: The network's weights.
        best_weights: Those of the best epoch, if they are the ones to keep.
        states: The states of the optimizer and of whatever else learns, by name.
        last: The record of the last epoch.
        best: The record of the best epoch.
        seconds: How long training has taken.
        measured_before: Whether the figures of the training rows are those before each step even
            where they could be those after it, as in earlier versions.
    """

    config: Config
    data_fingerprint: str
    weights: Array
    best_weights: Array | None
    states: Mapping[str, Snapshot]
    last: EpochRecord
    best: EpochRecord | None
    seconds: float
    measured_before: bool = False


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Replaces `path`, at once and whole.

    Raises:
        OSError: It cannot be written; what was there still is.
    """
    arrays = {"weights": checkpoint.weights}
    if checkpoint.best_weights is not None:
        arrays["best_weights"] = checkpoint.best_weights
    for part, (_, state) in checkpoint.states.items():
        arrays |= {f"{part}.{name}": array for name, array in state.items()}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "config": checkpoint.config.to_dict(),
        "data_fingerprint": checkpoint.data_fingerprint,
        "last": checkpoint.last._asdict(),
        "best": checkpoint.best and checkpoint.best._asdict(),
        "seconds": checkpoint.seconds,
        "measured_before": checkpoint.measured_before,
        "numbers": {part: numbers for part, (numbers, _) in checkpoint.states.items()},
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
        if not 1 <= (found.best or found.last).epoch <= found.last.epoch:
            raise ValueError("its best epoch is none of those that are done")
        if found.best and not _fit_each_other(found.best.scores):
            raise ValueError("the scores of its best epoch do not fit each other")
        weights, best_weights = arrays["weights"], arrays.get("best_weights")
        if not all(np.isfinite(w).all() for w in (weights, best_weights) if w is not None):
            raise ValueError("its weights are not finite")
        states: dict[str, Snapshot] = {part: (n, {}) for part, n in found.numbers.items()}
        for name, array in arrays.items():
            part, _, rest = name.partition(".")
            if part in states:
                states[part][1][rest] = array
        return Checkpoint(
            config=Config.model_validate(found.config),
            data_fingerprint=found.data_fingerprint,
            weights=weights,
            best_weights=best_weights,
            states=states,
            last=found.last,
            best=found.best,
            seconds=found.seconds,
            measured_before=found.measured_before,
        )
    except (KeyError, OverflowError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise FileFormatError(f"{path}: does not describe a training run: {reason}") from error


def _fit_each_other(scores: Mapping[str, float]) -> bool:
    """Returns whether no metric is nan although the loss of the same rows is finite."""
    for name, value in scores.items():
        rows = next(prefix for prefix in ("val_", "test_", "") if name.startswith(prefix))
        if isnan(value) and isfinite(scores.get(f"{rows}loss", nan)):
            return False
    return True


class _Manifest(BaseModel):
    model_config = ConfigDict(strict=True, defer_build=True)

    config: dict[str, Any]
    data_fingerprint: str
    last: EpochRecord
    best: EpochRecord | None
    seconds: float = Field(ge=0, le=1e12)
    measured_before: bool = True
    numbers: dict[str, dict[str, bool | int | float]]
