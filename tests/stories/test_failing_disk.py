"""If the disk fails at any moment, each file is the old one or the new one.

`resume` continues from what is left to the same weights, bit for bit.
"""

import errno
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from nnscratch.config import load
from nnscratch.errors import RunError
from nnscratch.experiment.prepare import prepare
from nnscratch.files import npz
from nnscratch.files.atomic import replacing, write_text
from nnscratch.model.model import Model
from nnscratch.runs import RunDirectory, RunRecord, read_metrics, read_record, status_of
from nnscratch.runs.metrics import is_locked
from nnscratch.training.checkpoint import load_checkpoint, save_checkpoint
from nnscratch.training.trainer import Trainer
from tests.conftest import Command, Result
from tests.files.disk import FailingDisk, failing_disks

pytestmark = pytest.mark.thorough

CODES = [errno.ENOSPC, errno.EIO, errno.EACCES]
for_each_error = pytest.mark.parametrize("code", CODES, ids=[errno.errorcode[c] for c in CODES])
for_once_and_ever = pytest.mark.parametrize("stays", [False, True], ids=["once", "ever after"])

# Validation rows and an average put all into the checkpoint that there is.
TINY = """
dataset: {name: moons, samples: 12, validation: 4, test: 4}
architecture: []
average: 0.9
batch_size: 2
learning_rate: 0.1
checkpoint_seconds: 0
"""
Writer = Callable[[Path], None]


def write_in_pieces(path: Path) -> None:
    with replacing(path) as file:
        file.write(b"the new ")
        file.flush()
        file.write(b"content" * 5000)


def write_anew(path: Path) -> None:
    write_text(path, "the new content\n", exclusive=True)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config in the current folder, which is empty otherwise."""
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_bytes(TINY.encode())
    return Path("tiny.yaml")


@pytest.fixture
def writers(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Writer]:
    """What writes files; each always writes the same."""
    monkeypatch.setattr(Trainer, "seconds", 1.5)
    experiment = prepare(load(tiny))
    trainer = Trainer(experiment)
    next(trainer.epochs())
    checkpoint = trainer.checkpoint()
    return {
        "replacing": write_in_pieces,
        "write_text": lambda path: write_text(path, "the new content\n"),
        "npz.write": lambda path: npz.write(path, {"a": np.arange(3000.0), "b": np.ones(2)}, {}),
        "save_checkpoint": lambda path: save_checkpoint(path, checkpoint),
        "Model.save": experiment.model.save,
    }


@for_each_error
@for_once_and_ever
@pytest.mark.parametrize("there", [True, False], ids=["old file", "no file"])
@pytest.mark.parametrize(
    "name", ["replacing", "write_text", "npz.write", "save_checkpoint", "Model.save"]
)
def test_whatever_fails_a_file_is_the_old_one_or_the_new_one(
    name: str, there: bool, stays: bool, code: int, writers: dict[str, Writer]
) -> None:
    folder, write = Path("folder"), writers[name]
    folder.mkdir()
    write(folder / "new")
    new, old = (folder / "new").read_bytes(), b"the old content" if there else None
    (folder / "new").unlink()
    failures = 0
    for disk in failing_disks(code, stays=stays):
        path = folder / "file"
        path.unlink(missing_ok=True)
        if old is not None:
            path.write_bytes(old)
        error = failure_of(write, path, disk)
        content = path.read_bytes() if path.exists() else None
        assert content in ([old, new] if error else [new]), disk.failed
        if error:
            assert error.errno == code
            failures += 1
        left = [one for one in folder.iterdir() if one != path]
        # A file that cannot even be removed is recognized by its name.
        assert all(stays and one.name.endswith(".tmp") for one in left), disk.failed
        for one in left:
            one.unlink()
    assert failures >= 4  # to open, write, sync and replace it


@for_each_error
@for_once_and_ever
def test_a_file_that_must_be_new_is_complete_or_absent(
    stays: bool, code: int, tmp_path: Path
) -> None:
    for disk in failing_disks(code, stays=stays):
        path = tmp_path / "file"
        error = failure_of(write_anew, path, disk)
        assert path.exists() or error, disk.failed
        if path.exists():
            assert path.read_bytes() == b"the new content\n", disk.failed
        for one in tmp_path.iterdir():
            assert one == path or stays, disk.failed
            one.unlink()


def failure_of(write: Writer, path: Path, disk: FailingDisk) -> OSError | None:
    """Writes a file on a failing disk."""
    with disk.installed():
        try:
            write(path)
        except OSError as error:
            return error
    return None


class Learned(NamedTuple):
    """All that two trainings must have in common to be the same one."""

    weights: bytes
    state: dict[str, bytes]
    metrics: dict[str, list[float]]


def learned(run: Path) -> Learned:
    arrays, manifest = npz.read(run / "checkpoint.npz")
    state = {name: array.tobytes() for name, array in arrays.items()}
    state["numbers"] = repr(manifest["numbers"]).encode()
    metrics = read_metrics(run)
    del metrics["seconds"]
    return Learned((run / "weights.npz").read_bytes(), state, metrics)


def only_run(folder: str) -> Path | None:
    """Returns the one run directory; None where there is none, or only an unfinished one."""
    runs = [path for path in Path(folder).glob("*") if (path / "run.json").exists()]
    assert len(runs) <= 1
    return runs[0] if runs else None


def assert_clear(result: Result, disk: FailingDisk) -> None:
    """One error that says what happened, and no traceback."""
    assert result.code in (0, 1, 2), disk.failed
    errors = [line for line in result.err.splitlines() if "error" in line]
    assert len(errors) == bool(result.code), (disk.failed, result.err)
    assert all(line.startswith("error: ") and len(line) > 20 for line in errors), disk.failed
    assert "Traceback" not in result.err
    assert "mistake in nnscratch" not in result.err, (disk.failed, result.err)


def assert_whole(run: Path, disk: FailingDisk, code: int) -> None:
    """Each file that is there can be read, and run.json says what became of the run."""
    for name, read in (("weights.npz", Model.load), ("checkpoint.npz", load_checkpoint)):
        if (run / name).exists():
            read(run / name)
    load(run / "config.yaml")
    status = status_of(run, read_record(run))
    assert status in ("failed", "interrupted", "completed"), disk.failed
    # Only a disk that does not even take run.json leaves nobody to say that it failed.
    if not code:
        assert status == "completed", disk.failed
    elif not disk.stays and not disk.failed.endswith(("run.json", run.name)):
        assert status == "failed", disk.failed
    assert all(path.suffix != ".tmp" or disk.stays for path in run.iterdir()), disk.failed


def goes_on(run: Path, nnscratch: Command, *changes: str) -> None:
    """Resumes a run, unless it was completed by all but its last words."""
    if read_record(run).status != "completed":
        result = nnscratch("resume", run, "--quiet", "--no-plots", *changes)
        assert result.code == 0, result.err
    assert read_record(run).status == "completed"
    assert not [path for path in run.iterdir() if path.suffix == ".tmp"]


def train_on_failing_disks(nnscratch: Command, disks: Iterable[FailingDisk], *, epochs: int) -> int:
    """Trains on one disk after the other; returns how many trainings failed."""
    train = ["train", "tiny.yaml", "--quiet", "--no-plots", f"epochs={epochs}"]
    assert nnscratch(*train, "--runs-dir", "whole").code == 0
    whole = only_run("whole")
    assert whole
    failures = 0
    for number, disk in enumerate(disks):
        folder = f"runs-{number}"
        with disk.installed():
            result = nnscratch(*train, "--runs-dir", folder)
        assert_clear(result, disk)
        assert (result.code == 0) or disk.failed
        failures += result.code != 0
        run = only_run(folder)
        if run is None:  # it failed before it began
            assert result.code, disk.failed
            assert not [*Path(folder).rglob("*.npz")], disk.failed
            continue
        assert_whole(run, disk, result.code)
        goes_on(run, nnscratch)
        assert learned(run) == learned(whole), disk.failed
    return failures


def resume_on_failing_disks(nnscratch: Command, disks: Iterable[FailingDisk]) -> int:
    """Resumes the same run on one disk after the other; returns how many resumptions failed."""
    train = ["train", "tiny.yaml", "--quiet", "--no-plots"]
    assert nnscratch(*train, "--runs-dir", "whole", "epochs=3").code == 0
    assert nnscratch(*train, "--runs-dir", "begun", "epochs=2").code == 0
    whole, begun = only_run("whole"), only_run("begun")
    assert whole
    assert begun
    failures = 0
    for number, disk in enumerate(disks):
        run = Path(f"copy-{number}")
        shutil.copytree(begun, run)
        with disk.installed():
            result = nnscratch("resume", run, "epochs=3", "--quiet", "--no-plots")
        assert_clear(result, disk)
        assert (result.code == 0) or disk.failed
        failures += result.code != 0
        for name, read in (("weights.npz", Model.load), ("checkpoint.npz", load_checkpoint)):
            read(run / name)
        assert status_of(run, read_record(run)) != "running", disk.failed
        if read_metrics(run)["epoch"][-1] < 3 or read_record(run).status != "completed":
            again = nnscratch("resume", run, "epochs=3", "--quiet", "--no-plots")
            assert again.code == 0, (disk.failed, again.err)
        assert learned(run) == learned(whole), disk.failed
    return failures


@pytest.mark.parametrize(("stays", "step"), [(False, 13), (True, 16)], ids=["once", "ever after"])
def test_a_run_on_a_failing_disk_can_be_resumed(
    stays: bool, step: int, tiny: Path, nnscratch: Command
) -> None:
    disks = failing_disks(errno.ENOSPC, stays=stays, step=step)
    assert train_on_failing_disks(nnscratch, disks, epochs=2) > 50 / step


@for_once_and_ever
def test_resuming_on_a_failing_disk_can_be_repeated(
    stays: bool, tiny: Path, nnscratch: Command
) -> None:
    disks = failing_disks(errno.EIO, stays=stays, step=9)
    assert resume_on_failing_disks(nnscratch, disks) > 4


@pytest.mark.slow  # some thousand trainings
@for_each_error
@for_once_and_ever
def test_whatever_failed_a_run_can_be_resumed(
    stays: bool, code: int, tiny: Path, nnscratch: Command
) -> None:
    disks = failing_disks(code, stays=stays)
    assert train_on_failing_disks(nnscratch, disks, epochs=4) > 100


@pytest.mark.slow  # some hundred trainings
@for_each_error
@for_once_and_ever
def test_whatever_failed_resuming_can_be_repeated(
    stays: bool, code: int, tiny: Path, nnscratch: Command
) -> None:
    assert resume_on_failing_disks(nnscratch, failing_disks(code, stays=stays)) > 30


def test_a_run_that_cannot_start_closes_its_files(tmp_path: Path) -> None:
    # What stays open stays locked, and nothing else in this process could go on with the run.
    for number, disk in enumerate(failing_disks(errno.EIO, stays=False)):
        kept = None
        with disk.installed():
            try:
                RunDirectory.create(
                    tmp_path / str(number), "tiny", "dataset: xor\n", RunRecord()
                ).metrics.close()
            except RunError as error:
                kept = error  # its traceback keeps alive what was not closed
        assert kept or not disk.failed or disk.failed.startswith("close")
        for metrics in (tmp_path / str(number)).rglob("metrics.csv"):
            assert not is_locked(metrics.parent), disk.failed


def test_a_run_that_cannot_continue_closes_its_files(tmp_path: Path) -> None:
    run = RunDirectory.create(tmp_path, "tiny", "dataset: xor\n", RunRecord())
    run.finish("failed")
    for disk in failing_disks(errno.EIO, stays=False):
        kept = None
        with disk.installed():
            try:
                record = read_record(run.path)
                RunDirectory.reopen(run.path, record, "dataset: xor\n", 0, []).metrics.close()
            except (OSError, RunError) as error:
                kept = error
        assert kept or not disk.failed or disk.failed.startswith("close")
        assert not is_locked(run.path), disk.failed
