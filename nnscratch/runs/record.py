"""run.json: what happened in a run, as one typed record.

The keys are always in the order of the fields of `RunRecord`, however the run went. Earlier
versions wrote them in the order in which they became known; the file means the same.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from nnscratch.errors import RunError
from nnscratch.files.atomic import write_text
from nnscratch.files.regular import open_regular
from nnscratch.runs.directories import RECORD

# What only holds for a run that has ended.
_ENDING = {"stop_reason", "test", "diverged"}

# A figure that is nan or infinite is null in JSON.
Figures = dict[str, float | None]

# What the scores of an ensemble are of whose networks have different validation rows, and no rows
# for testing.
OWN_VALIDATION = "own validation"


class _Part(BaseModel):
    # Keys of a later version are kept; every key may be missing, as older versions wrote fewer.
    model_config = ConfigDict(strict=True, extra="allow", defer_build=True)


class Divergence(_Part):
    """Where the numbers of a training run ceased to be finite."""

    epoch: int | None = None
    step: int | None = None
    layer: str | None = None
    gradient_norm: float | None = None


class Resumption(_Part):
    """One time that a run went on."""

    epoch: int | None = None
    """The first epoch that was trained then."""
    at: str | None = None
    command: list[str] | None = None


class Many(_Part):
    """That a directory holds many runs, in the folder `runs`, and what they have in common."""

    ensemble: int | None = None
    """How many networks were trained with successive seeds and tested on the same rows."""
    repeat: int | None = None
    """How many times all was trained, with successive seeds."""
    folds: int | None = None
    """Into how many folds the rows were dealt."""
    refit: bool | None = None
    """Whether one more run was trained on all rows, whose weights are kept."""
    completed: int | None = None
    """How many runs have completed."""
    diverged: list[str] | None = None
    """The names of the runs that have diverged and count no more."""
    part: str | None = None
    """The rows that the scores are of: `test`, `validation`, `own validation` or `training`."""
    scores: dict[str, Figures] | None = None
    """Of each score the mean, standard deviation and so on; see search/summary.py."""


class RunRecord(_Part):
    """What run.json holds, in this order; what is not known yet, or not so, is not written."""

    command: list[str] | None = None
    """What the user typed."""
    seed: int | None = None
    parameters: int | None = None
    """How many numbers the network learns."""
    data_fingerprint: str | None = None
    rows: dict[str, int] | None = None
    """How many rows each part of the data has; of many runs, those of the first."""
    many: Many | None = None
    """What the runs are that it consists of, if it is more than one."""
    initial: str | None = None
    """The fingerprint of the model whose weights the run began with, where it was another run's."""
    status: str | None = None
    """`running`, `completed`, `interrupted`, `diverged` or `failed`."""
    name: str | None = None
    started: str | None = None
    """When it began, in ISO 8601."""
    pid: int | None = None
    """The process that trains it, or did last."""
    versions: dict[str, str] | None = None
    blas: dict[str, Any] | None = None
    threads: int | dict[str, int] | None = None
    """The threads of BLAS; by `from epoch N` where their number changed."""
    platform: str | None = None
    resumed: list[Resumption] | None = None
    diverged: Divergence | None = None
    kept_epoch: int | None = None
    """The epoch whose weights are in weights.npz."""
    checkpoint_epoch: int | None = None
    """The epoch whose state is in checkpoint.npz."""
    stop_reason: str | None = None
    seconds: float | None = None
    """How long training took, without the time between two resumptions."""
    epochs_done: int | None = None
    final: Figures | None = None
    """The figures of the last epoch."""
    best_epoch: int | None = None
    best: Figures | None = None
    """The figures of the best epoch."""
    test: Figures | None = None
    """The figures of the test rows, if there are any."""

    def update(self, **values: Any) -> None:
        """Sets several keys."""
        assert values.keys() <= RunRecord.model_fields.keys()
        for key, value in values.items():
            setattr(self, key, value)

    def without_ending(self) -> "RunRecord":
        """Returns a copy without what records how the run ended."""
        return RunRecord(**self.model_dump(exclude_unset=True, exclude=_ENDING))

    def write(self, run: Path) -> None:
        """Replaces the run.json of a run directory.

        Raises:
            OSError: It cannot be written.
        """
        values = self.model_dump(exclude_unset=True)
        write_text(run / RECORD, json.dumps(values, indent=2, allow_nan=False) + "\n")


def read_record(run: Path) -> RunRecord:
    """Reads the run.json of a run directory.

    Raises:
        RunError: It is missing or damaged.
    """
    file = run / RECORD
    try:
        with open_regular(file) as content:
            values = json.loads(content.read().decode(), parse_constant=_refuse)
    except OSError as error:
        raise RunError(f"{file}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise RunError(f"{file}: cannot be read: {error}") from None
    if not isinstance(values, dict):
        raise RunError(f"{file}: must hold a JSON object")
    try:
        return RunRecord.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        rule = first["msg"].replace("Input should be", "must be")
        raise RunError(f"{file}: `{first['loc'][0]}` {rule}; got {first['input']!r:.60}") from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
