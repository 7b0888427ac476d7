"""Helpers for the tests of resumed runs: stopping a run, resuming it, and comparing two runs.

Files are read with NumPy and Python alone, so that nnscratch's own reader is not trusted.
"""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch import load_config, prepare
from nnscratch.runs import find
from nnscratch.training.result import TrainingResult
from nnscratch.training.resume import resume
from nnscratch.training.start import start as start_run
from nnscratch.training.training_run import TrainingRun

POINTS = np.random.default_rng(5)
TABLE = POINTS.normal(size=(30, 3)).round(3)
KINDS = ["no" if a * b > 0.2 else "yes" for a, b, _ in TABLE.tolist()]
INLINE = f"{{name: inline, inputs: {TABLE.tolist()}, targets: [{', '.join(KINDS)}]}}"
ARRAYS = "{name: npz, path: rows.npz, validation: 0.25}"
BASE = "architecture: [5, 4]\nlearning_rate: 0.05\nbatch_size: 4\n"


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares waiting for the disk: no machine loses its power in these tests."""
    monkeypatch.setattr("nnscratch.files.atomic.os.fsync", lambda _: None)


def write_data(folder: Path) -> None:
    """Writes rows.npz, a table of words and holes, and a table of numbers."""
    np.savez(folder / "rows.npz", x=TABLE, y=np.array([kind == "yes" for kind in KINDS], int))
    lines = [
        f"{'' if i % 7 == 0 else a},{['red', 'blue', 'green'][i % 3]},{b},{KINDS[i]},{a * b:.4f}"
        for i, (a, b, _) in enumerate(TABLE.tolist())
    ]
    (folder / "rows.csv").write_text("\n".join(["a,colour,b,kind,product", *lines, ""]))


def write_config(folder: Path, text: str, *, dataset: str = ARRAYS, epochs: int = 5) -> Path:
    """Writes mine.yaml, and the data beside it; keys of `text` replace those that all have."""
    if not (folder / "rows.npz").exists():
        write_data(folder)
    keys = {line.split(":")[0] for line in text.splitlines()}
    base = [line for line in BASE.splitlines() if line.split(":")[0] not in keys]
    given = [f"dataset: {dataset}", f"epochs: {epochs}", *base, text, ""]
    path = folder / "mine.yaml"
    path.write_text("\n".join(given))
    return path


def train_until(run: TrainingRun, epoch: int | None = None) -> TrainingResult:
    """Trains to the end, or stops after an epoch as Ctrl-C does."""
    with run:
        for record in run:
            if record.epoch == epoch:
                run.stop("stopped by the user")
    return run.result


def start(config: Path, *changes: str, until: int | None = None, **rest: Any) -> Path:
    """Trains, up to an epoch, and returns the run directory."""
    experiment = prepare(load_config(config, changes))
    return train_until(start_run(experiment, config.parent / "runs", **rest), until).path


def go_on(run: Path, *changes: str, until: int | None = None) -> TrainingResult:
    """Resumes a run, up to an epoch."""
    return train_until(resume(find(str(run), run.parent), changes), until)


def read_record(run: Path) -> dict[str, Any]:
    record = json.loads((run / "run.json").read_text())
    assert isinstance(record, dict)
    return record


def edit_record(run: Path, **changes: Any) -> None:
    (run / "run.json").write_text(json.dumps({**read_record(run), **changes}))


def rows(run: Path) -> list[list[str]]:
    """Returns metrics.csv without the times, header first."""
    lines = list(csv.reader(io.StringIO((run / "metrics.csv").read_text())))
    assert lines[0][-1] == "seconds"
    assert all(len(line) == len(lines[0]) for line in lines)
    return [line[:-1] for line in lines]


def checkpoint(run: Path) -> tuple[dict[str, bytes], str]:
    """Returns the bytes of each array, and the rest as text without the times."""
    path = run / "checkpoint.npz"
    with np.load(path) as file:
        names = [name for name in file.files if name != "manifest.json"]
        arrays = {name: file[name].tobytes() for name in names}
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    for part in (manifest, manifest["last"], manifest["best"]):
        del part["seconds"]
    del manifest["checksum"]
    return arrays, json.dumps(manifest, sort_keys=True)  # as text, in which nan equals nan


def assert_same_run(run: Path, whole: Path) -> None:
    """Checks that a run that was stopped ended as one that never was."""
    for name in ("weights.npz", "config.yaml"):
        assert (run / name).read_bytes() == (whole / name).read_bytes(), name
    assert rows(run) == rows(whole)
    assert checkpoint(run) == checkpoint(whole)
    keys = ("status", "epochs_done", "final", "best_epoch", "best", "test", "stop_reason", "seed")
    one, other = read_record(run), read_record(whole)
    assert {key: one[key] for key in keys} == {key: other[key] for key in keys}


def fingerprint(run: Path) -> dict[str, str]:
    """Returns a hash of each file in a run directory."""
    return {
        str(path.relative_to(run)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(run.rglob("*"))
        if path.is_file()
    }
