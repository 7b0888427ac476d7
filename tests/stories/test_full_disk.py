"""On a disk that is really full finished work stays; with room again `resume` completes the run.

The disks: a limit on the size of files, /dev/full, and a file system of a few kilobytes.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from nnscratch import Model
from nnscratch.errors import RunError
from nnscratch.files import npz
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.runs import RunDirectory, RunRecord, read_record, status_of
from tests.conftest import Command

pytestmark = pytest.mark.thorough

# Its config and record take less than a kilobyte, its weights about 6, and its checkpoint 9.
CONFIG = """
dataset: {name: moons, samples: 40}
architecture: [20, 20]
epochs: 30
checkpoint_seconds: 0
"""
TRAIN = [sys.executable, "-m", "nnscratch", "train", "full.yaml", "--no-plots"]


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command) -> Path:
    """The run of an undisturbed training; the current folder holds its config."""
    monkeypatch.chdir(tmp_path)
    Path("full.yaml").write_bytes(CONFIG.encode())
    result = nnscratch("train", "full.yaml", "--quiet", "--no-plots", "--runs-dir", "whole")
    assert result.code == 0, result.err
    return Path(result.out.strip()).absolute()


def limit_to(size: int) -> Callable[[], None]:
    """Returns what limits the size of a process's files, as a full disk would."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def run(
    *arguments: str,
    limit: Callable[[], None] | None = None,
    stdout: IO[str] | int = subprocess.PIPE,
    stderr: IO[str] | int = subprocess.PIPE,
) -> tuple[int, str]:
    """Runs a command in a process of its own; returns its exit code and messages."""
    done = subprocess.run(
        [*TRAIN, *arguments],
        preexec_fn=limit,
        stdout=stdout,
        stderr=stderr,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr or ""


def assert_one_error(code: int, err: str, *fragments: str) -> None:
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert code == 1, err
    assert len(errors) == 1, err
    assert any(fragment in errors[0] for fragment in fragments), err
    assert "Traceback" not in err
    assert "mistake in nnscratch" not in err


def assert_same_in_the_end(run: Path, whole: Path, nnscratch: Command) -> None:
    """Resumes a run that a full disk ended, and compares it with an undisturbed one."""
    assert not [path for path in run.iterdir() if path.suffix == ".tmp"]
    for name in ("weights.npz", "checkpoint.npz"):
        if (run / name).exists():
            npz.read(run / name)
    if read_record(run).status != "completed":
        result = nnscratch("resume", run, "--quiet", "--no-plots")
        assert result.code == 0, result.err
    assert (run / "weights.npz").read_bytes() == (whole / "weights.npz").read_bytes()
    ours, theirs = (npz.read(one / "checkpoint.npz")[0] for one in (run, whole))
    assert all(np.array_equal(ours[name], theirs[name]) for name in (*ours, *theirs))
    rows = (run / "metrics.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["epoch", *map(str, range(1, 31))]


slowly = pytest.mark.slow  # each starts Python, or fills a disk over and over


# In turn config.yaml, the last run.json, metrics.csv, weights.npz and checkpoint.npz do not fit.
@pytest.mark.parametrize(
    "size", [4_000, *(pytest.param(size, marks=slowly) for size in (0, 800, 1_500, 7_000))]
)
def test_a_limit_on_the_size_of_files_loses_nothing(
    size: int, whole: Path, nnscratch: Command
) -> None:
    code, err = run(limit=limit_to(size))
    assert_one_error(code, err, "File too large")
    for path in Path("runs").iterdir():
        if (path / "run.json").exists():
            # Where even run.json does not fit, nobody can say that it failed.
            expected = ("failed", "interrupted") if size < 1_000 else ("failed",)
            assert status_of(path, read_record(path)) in expected
            assert_same_in_the_end(path, whole, nnscratch)
        else:
            assert size < 1_000
            assert not [*path.glob("*.npz")]


@slowly
@pytest.mark.parametrize("size", [0, 500, 2_000, 7_000])
def test_a_run_that_cannot_continue_loses_nothing(
    size: int, whole: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = nnscratch("train", "full.yaml", "epochs=10", "--quiet", "--no-plots")
    path = Path(result.out.strip())
    saved = (path / "checkpoint.npz").read_bytes()
    monkeypatch.setattr(f"{__name__}.TRAIN", [*TRAIN[:3], "resume", str(path), "--no-plots"])
    assert_one_error(*run("epochs=30", limit=limit_to(size)), "File too large")
    assert (path / "checkpoint.npz").read_bytes() == saved
    Model.load(path)
    assert nnscratch("resume", path, "epochs=30", "--quiet", "--no-plots").code == 0
    assert_same_in_the_end(path, whole, nnscratch)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "stream", ["stderr", *(pytest.param(name, marks=slowly) for name in ("stdout", "both"))]
)
def test_output_to_a_full_device_does_not_stop_a_run(
    stream: str, whole: Path, nnscratch: Command
) -> None:
    with Path("/dev/full").open("w") as full:
        out = subprocess.PIPE if stream == "stderr" else full
        code, err = run(stdout=out, stderr=subprocess.PIPE if stream == "stdout" else full)
    assert code == (stream != "stderr")
    if stream == "stdout":
        assert_one_error(code, err, "No space left on device")
    (path,) = Path("runs").iterdir()
    assert read_record(path).status == "completed"
    assert_same_in_the_end(path, whole, nnscratch)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_metrics_that_cannot_be_written_are_an_error_and_the_file_is_closed(
    tmp_path: Path,
) -> None:
    one = RunDirectory.create(tmp_path, "full", "dataset: xor\n", RunRecord())
    with Path("/dev/full").open("wb") as full:
        os.dup2(full.fileno(), one.metrics._file.fileno())  # noqa: SLF001 - the disk fills up
    one.metrics.append(EpochRecord(1, {"loss": 0.5, "accuracy": 1.0}, 0.1, 0.01))
    with pytest.raises(RunError, match=r"metrics\.csv: No space left on device"):
        one.finish("completed")
    assert read_record(one.path).status == "failed"
    assert one.metrics._file.closed  # noqa: SLF001 - whether it let go of it is the question


@pytest.fixture(params=[64, *(pytest.param(size, marks=slowly) for size in (80, 120, 200))])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system in memory of so many kilobytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={request.param}k", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - where it is differs


def test_a_small_disk_fills_up(small_disk: Path, whole: Path, nnscratch: Command) -> None:
    # From nothing to all that the disk holds is left over.
    filler, failures = small_disk / "filler", 0
    free = os.statvfs(small_disk).f_bavail * 4096
    for room in range(0, free + 1, 4096):
        folder = small_disk / f"runs-{room}"
        filler.write_bytes(b"x" * (free - room))
        result = nnscratch("train", "full.yaml", "--quiet", "--no-plots", "--runs-dir", folder)
        failures += result.code != 0
        filler.unlink()
        for path in [*folder.glob("*/run.json")]:
            assert_same_in_the_end(path.parent, whole, nnscratch)
        shutil.rmtree(folder, ignore_errors=True)
        if result.code:
            assert_one_error(result.code, result.err, "No space left on device")
    assert failures
