"""Real nnscratch processes: starting and watching them, and checking the files they leave."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nnscratch import Model
from nnscratch.files import npz
from nnscratch.training.checkpoint import load_checkpoint

PATIENCE = 60.0
# One thread makes the bits comparable; a caller that debugs would see tracebacks.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "NNSCRATCH_DEBUG"},
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
Process = subprocess.Popen[str]


def start(*arguments: object, cwd: Path, patch: str = "") -> Process:
    """Starts the command line; `patch` is Python that is executed in the process before it."""
    program = (
        ["-c", f"{patch}\nfrom nnscratch.cli import run\nrun()"] if patch else ["-m", "nnscratch"]
    )
    return subprocess.Popen(
        [sys.executable, *program, *map(str, arguments)],
        cwd=cwd,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: Process, *, tracebacks: bool = False) -> tuple[int, str, str]:
    """Waits for a process and returns its exit code, stdout and stderr."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"does not end: {process.communicate()}") from None
    assert tracebacks or "Traceback" not in err, err
    assert "mistake in nnscratch" not in err, err
    return process.returncode, out, err


def command(
    *arguments: object, cwd: Path, patch: str = "", tracebacks: bool = False
) -> tuple[int, str, str]:
    """Runs the command line to its end."""
    return end(start(*arguments, cwd=cwd, patch=patch), tracebacks=tracebacks)


def done(*arguments: object, cwd: Path) -> str:
    """Runs a command that must succeed and returns its stdout."""
    code, out, err = command(*arguments, cwd=cwd)
    assert code == 0, err
    return out.strip()


def wait_until(condition: Callable[[], object], process: Process | None = None) -> None:
    """Waits for a condition; no longer than a process lives, if one is given."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        if process and process.poll() is not None:
            return
        time.sleep(0.002)


def wait_for_line(process: Process, beginning: str) -> None:
    """Reads stderr until a line that begins so."""
    assert process.stderr
    for line in process.stderr:
        if line.startswith(beginning):
            return
    raise AssertionError(f"never said {beginning!r}")


def runs_in(directory: Path) -> list[Path]:
    """Returns the runs: a directory without run.json is that of a training that never began."""
    return sorted(path.parent for path in directory.glob("*/run.json"))


def record_of(run: Path) -> dict[str, Any]:
    """Returns what run.json holds; it is valid JSON at any moment."""
    record = json.loads((run / "run.json").read_text())
    assert isinstance(record, dict)
    return record


def is_training(directory: Path, process: Process) -> bool:
    """Says whether a process has taken hold of a run in a directory."""
    return any(
        (record["pid"], record["status"]) == (process.pid, "running")
        for record in map(record_of, runs_in(directory))
    )


def rows_of(run: Path) -> list[str]:
    """Returns the whole rows of metrics.csv without the seconds; the first is epoch 1's."""
    path = run / "metrics.csv"
    text = path.read_text() if path.exists() else ""
    rows = [line.rpartition(",")[0] for line in text[: text.rfind("\n") + 1].splitlines()]
    assert [row.partition(",")[0] for row in rows[1:]] == [str(i) for i in range(1, len(rows))]
    return rows[1:]


def epoch_of(run: Path) -> int:
    """Returns how far the checkpoint has come; 0 if there is none."""
    path = run / "checkpoint.npz"
    return load_checkpoint(path).last.epoch if path.exists() else 0


def check_whole(run: Path) -> int:
    """Checks that all there is can be read; returns the checkpoint's epoch."""
    if (run / "weights.npz").exists():
        Model.load(run)
    epoch, rows = epoch_of(run), rows_of(run)
    assert len(rows) >= epoch
    assert epoch == 0 or (run / "weights.npz").exists()
    return epoch


def leftovers(run: Path) -> list[Path]:
    """Returns the temporary files that nobody removed."""
    return [path for path in run.rglob("*") if path.name.endswith(".tmp")]


def check_same(run: Path, reference: Path) -> None:
    """Checks that two runs are completed and came to the same, bit for bit."""
    assert record_of(run)["status"] == record_of(reference)["status"] == "completed"
    assert (run / "weights.npz").read_bytes() == (reference / "weights.npz").read_bytes()
    assert rows_of(run) == rows_of(reference)
    for name in ("epochs_done", "best_epoch", "final", "best", "test"):
        assert record_of(run)[name] == record_of(reference)[name]
    (arrays, manifest), (other_arrays, other) = (
        npz.read(path / "checkpoint.npz") for path in (run, reference)
    )
    # The digests of all arrays stand in the manifest, and so do the counters of all that has state.
    assert manifest["arrays"] == other["arrays"]
    assert manifest["numbers"] == other["numbers"]
    assert arrays.keys() == other_arrays.keys()
    assert not list(run.glob("*.tmp"))
    assert not list(run.glob(".*.tmp"))
