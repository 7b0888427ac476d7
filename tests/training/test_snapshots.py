"""Snapshots are the network after an epoch, whole, and keeping them changes nothing else."""

import errno
import json
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnscratch import Model, load_config, prepare
from nnscratch.errors import DivergedError
from nnscratch.training.snapshots import is_due
from tests import processes
from tests.conftest import Command
from tests.files.disk import failing_disks
from tests.stopped import (
    ARRAYS,
    TABLE,
    assert_same_run,
    fingerprint,
    go_on,
    quick_disk,
    read_record,
    rows,
    start,
    write_config,
)

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
# No row is held out, so the last epoch is the one that is saved.
ALL_ROWS = "{name: npz, path: rows.npz, test: 0}"
FULL = (
    "dropout: 0.2\nbatch_norm: true\noptimizer: nadam\naverage: 0.8\nvalidate_every: 2\n"
    "schedule: {name: reduce_on_plateau, patience: 2}"
)
# As many snapshots as epochs: one for each.
EACH = "snapshots: 50"
STOPS = "early_stopping: {monitor: loss, patience: 2, min_delta: 1}"


def kept(run: Path) -> dict[str, bytes]:
    """Returns the snapshots of a run; nothing else may be in their folder."""
    folder = run / "snapshots"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def name(epoch: int) -> str:
    return f"epoch-{epoch:06d}.npz"


def due(epochs: int, count: int) -> list[int]:
    return [epoch for epoch in range(epochs + 1) if is_due(epoch, epochs, count)]


def assert_whole(run: Path) -> None:
    for path in (run / "snapshots").glob("*.npz"):
        Model.load(path)


@given(st.integers(1, 400), st.integers(1, 300))
def test_they_lie_from_the_beginning_to_the_end_ever_further_apart(epochs: int, count: int) -> None:
    chosen = due(epochs, count)
    assert chosen[0] == 0
    assert chosen[-1] == epochs
    assert len(chosen) <= count + 1
    gaps = np.diff(chosen)
    # They are rounded to whole epochs, so one may be off by one.
    assert (gaps[1:] >= np.maximum.accumulate(gaps)[:-1] - 1).all()
    assert [e for e in reversed(range(epochs + 1)) if is_due(e, epochs, count)] == chosen[::-1]


@pytest.mark.parametrize(
    ("epochs", "count", "expected"),
    [
        # k² · 100 / 25 for k = 0 … 5.
        (100, 5, [0, 4, 16, 36, 64, 100]),
        # k² · 16 / 16.
        (16, 4, [0, 1, 4, 9, 16]),
        (500, 1, [0, 500]),
        (1, 1, [0, 1]),
        (1, 10_000, [0, 1]),
        (7, 0, []),
    ],
)
def test_they_are_those_of_the_formula(epochs: int, count: int, expected: list[int]) -> None:
    assert due(epochs, count) == expected


@pytest.mark.parametrize("epochs", [1, 2, 7, 50, 500])
@pytest.mark.parametrize("times", [2, 20])
def test_twice_as_many_as_epochs_are_every_epoch(epochs: int, times: int) -> None:
    assert due(epochs, times * epochs) == [*range(epochs + 1)]


def test_a_thousand_million_epochs_are_counted_exactly() -> None:
    # The first of ten thousand is that of 10⁹ · (1 / 10⁴)².
    found = [e for e in (9, 10, 11, 10**9 - 1, 10**9) if is_due(e, 10**9, 10_000)]
    assert found == [10, 10**9]


@pytest.mark.parametrize(
    "value", ["-1", "2.5", "10001", "1" + 30 * "0", "true", "many", "[3]", "null", ".inf", "-0.0"]
)
def test_other_numbers_of_them_are_refused(value: str, tmp_path: Path, nnscratch: Command) -> None:
    config = write_config(tmp_path, f"snapshots: {value}")
    result = nnscratch("train", config, "--runs-dir", tmp_path / "runs")
    assert result.code == 2
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert "`snapshots`" in errors[0]
    assert "mistake in nnscratch" not in result.err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("text", ["", FULL, "early_stopping: 1", "dtype: float64"])
def test_the_weights_are_the_same_with_and_without(text: str, tmp_path: Path) -> None:
    without = start(write_config(tmp_path, text))
    assert not (without / "snapshots").exists()
    run = start(write_config(tmp_path, f"{text}\n{EACH}"))
    assert (run / "weights.npz").read_bytes() == (without / "weights.npz").read_bytes()
    assert rows(run) == rows(without)
    assert set(kept(run)) == {name(e) for e in range(read_record(run)["epochs_done"] + 1)}


@pytest.mark.parametrize("text", ["", "average: 0.8", "batch_norm: true\ndropout: 0.3", "l2: 0.1"])
def test_each_is_what_a_training_of_so_many_epochs_saves(text: str, tmp_path: Path) -> None:
    run = start(write_config(tmp_path, f"{text}\n{EACH}", dataset=ALL_ROWS))
    for epoch in range(1, 6):
        short = start(write_config(tmp_path, text, dataset=ALL_ROWS, epochs=epoch))
        assert kept(run)[name(epoch)] == (short / "weights.npz").read_bytes()


def kernels(run: Path, epoch: int) -> np.ndarray:
    with np.load(run / "snapshots" / name(epoch)) as file:
        return np.asarray(file["dense_1.kernel"])


def test_those_of_an_average_are_the_average(tmp_path: Path) -> None:
    text = f"batch_size: full\ndtype: float64\n{EACH}"  # one step an epoch
    plain = start(write_config(tmp_path, text, dataset=ALL_ROWS))
    run = start(write_config(tmp_path, f"{text}\naverage: 0.8", dataset=ALL_ROWS))
    decayed = np.zeros_like(kernels(plain, 0))
    for epoch in range(1, 6):
        decayed = 0.8 * decayed + 0.2 * kernels(plain, epoch)
        np.testing.assert_allclose(kernels(run, epoch), decayed / (1 - 0.8**epoch), rtol=1e-12)
        assert epoch == 1 or not np.allclose(kernels(run, epoch), kernels(plain, epoch))


def test_the_first_is_the_network_before_any_training(tmp_path: Path) -> None:
    config = write_config(tmp_path, EACH)
    run, untrained = start(config), prepare(load_config(config)).model
    assert Model.load(run / "snapshots" / name(0)).fingerprint() == untrained.fingerprint()
    later = start(config, "seed=7", initial=Model.load(run))
    first = Model.load(later / "snapshots" / name(0))
    assert first.fingerprint() == Model.load(run).fingerprint() != untrained.fingerprint()


@pytest.mark.parametrize("text", [FULL, STOPS])
@pytest.mark.parametrize("count", [3, 50])
def test_a_run_resumed_after_any_epoch_keeps_the_same(
    count: int, text: str, tmp_path: Path
) -> None:
    config = write_config(tmp_path, f"{text}\nsnapshots: {count}")
    whole = start(config)
    for epoch in range(1, read_record(whole)["epochs_done"]):
        run = start(config, until=epoch)
        assert kept(run) == {k: v for k, v in kept(whole).items() if k <= name(epoch)}
        go_on(run)
        assert_same_run(run, whole)
        assert kept(run) == kept(whole)


def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path) -> None:
    config = write_config(tmp_path, EACH)
    whole, run = start(config), start(config, until=2)
    folder = run / "snapshots"
    (folder / f".{name(3)}.0a1b2c3d.tmp").write_bytes(b"half of")
    (folder / "notes.tmp").write_bytes(b"somebody's own")
    go_on(run)
    assert (folder / "notes.tmp").read_bytes() == b"somebody's own"
    (folder / "notes.tmp").unlink()
    assert kept(run) == kept(whole)


@contextmanager
def failing_to_save(file: str, kind: type[BaseException], time: int = 1) -> Iterator[None]:
    """Raises an exception when a model is saved so for the n-th time, and expects it."""
    save, left = Model.save, count(-time + 1)

    def fail(model: Model, path: str | Path) -> None:
        if Path(path).name == file and next(left) == 0:
            raise kind
        save(model, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Model, "save", fail)
        with pytest.raises(kind):
            yield


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("epoch", [0, 1, 3, 5])
def test_one_that_could_not_be_written_is_there_after_resuming(
    epoch: int, kind: type[BaseException], tmp_path: Path
) -> None:
    config = write_config(tmp_path, EACH)
    whole = start(config)
    with failing_to_save(name(epoch), kind):
        start(config)
    (run,) = (path for path in whole.parent.iterdir() if path != whole)
    assert read_record(run)["epochs_done"] == epoch
    go_on(run)
    assert_same_run(run, whole)
    assert kept(run) == kept(whole)


@pytest.mark.parametrize("number", [0, 1, 50])
def test_their_number_may_change_on_resuming(number: int, tmp_path: Path) -> None:
    config = write_config(tmp_path, "snapshots: 2")
    whole, run = start(config), start(config, until=3)
    before = kept(run)
    go_on(run, f"snapshots={number}")
    assert (run / "weights.npz").read_bytes() == (whole / "weights.npz").read_bytes()
    assert rows(run) == rows(whole)
    assert before.items() <= kept(run).items()
    assert (name(5) in kept(run)) == (number > 0)
    assert_whole(run)


def test_more_epochs_on_resuming_have_theirs(tmp_path: Path) -> None:
    config = write_config(tmp_path, "snapshots: 4")
    run, longer = start(config), start(config, "epochs=16")
    go_on(run, "epochs=16")
    assert (run / "weights.npz").read_bytes() == (longer / "weights.npz").read_bytes()
    later = {k: v for k, v in kept(longer).items() if k > name(5)}
    assert set(later) == {name(9), name(16)}
    assert later.items() <= kept(run).items()


def test_those_after_the_epochs_that_are_done_go_on_resuming(tmp_path: Path) -> None:
    # A process that is killed has kept some since its last checkpoint.
    config = write_config(tmp_path, EACH, epochs=8)
    whole, run = start(config, "epochs=5"), start(config, until=3)
    for epoch in (4, 6, 8):
        (run / "snapshots" / name(epoch)).write_bytes(b"of a training that is no more")
    go_on(run, "epochs=5")
    assert list(kept(run)) == [name(epoch) for epoch in range(6)]
    assert kept(run)[name(4)] == kept(whole)[name(4)]


def test_a_training_that_diverges_leaves_those_until_then(tmp_path: Path) -> None:
    targets = np.arange(30) % 7
    dataset = (
        f"{{name: inline, inputs: {TABLE.tolist()}, targets: {targets.tolist()}, task: numbers}}"
    )
    text = f"learning_rate: 10\nbatch_size: full\noptimizer: sgd\nactivation: linear\n{EACH}"
    with pytest.raises(DivergedError):
        start(write_config(tmp_path, text, dataset=dataset, epochs=20))
    (run,) = (tmp_path / "runs").iterdir()
    record = read_record(run)
    assert record["status"] == "diverged"
    assert record["kept_epoch"] == record["epochs_done"] >= 1
    assert set(kept(run)) == {name(epoch) for epoch in range(record["epochs_done"] + 1)}
    assert_whole(run)


def test_predict_takes_each_as_a_weights_file(workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(workplace, f"{EACH}\nactivation: tanh", dataset="xor"))
    assert len(kept(run)) == 6
    for file in sorted((run / "snapshots").iterdir()):
        result = nnscratch("predict", file, "--input", "0,1", "--format", "json")
        assert result.code == 0, result.err
        with np.load(file) as arrays:
            signal = np.array([0.0, 1.0])
            for layer in ("dense_1", "dense_2", "dense_3"):
                signal = signal @ arrays[f"{layer}.kernel"] + arrays[f"{layer}.bias"]
                signal = np.tanh(signal) if layer != "dense_3" else 1 / (1 + np.exp(-signal))
        (row,) = json.loads(result.out)
        assert row["probabilities"]["1"] == pytest.approx(float(signal[0]), abs=1e-6)


def test_verify_neither_minds_them_nor_keeps_any(workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(workplace, EACH))
    before = fingerprint(run)
    result = nnscratch("verify", run)
    assert result.code == 0, result.err
    assert fingerprint(run) == before


@pytest.mark.parametrize(
    ("stays", "step"),
    [
        (False, 29),
        pytest.param(False, 7, marks=pytest.mark.slow),
        pytest.param(True, 12, marks=pytest.mark.slow),
        # Some hundred trainings.
        pytest.param(False, 1, marks=pytest.mark.slow),
        pytest.param(True, 1, marks=pytest.mark.slow),
    ],
)
def test_a_failing_disk_leaves_whole_ones_and_none_is_missing_in_the_end(
    stays: bool, step: int, tmp_path: Path, nnscratch: Command
) -> None:
    config = write_config(tmp_path, f"{EACH}\ncheckpoint_seconds: 0", epochs=3)
    whole, failed = start(config), []
    for number, disk in enumerate(failing_disks(errno.ENOSPC, stays=stays, step=step)):
        folder = tmp_path / f"disk-{number}"
        with disk.installed():
            result = nnscratch("train", config, "--runs-dir", folder, "--quiet", "--no-plots")
        assert result.code == 0 or disk.failed
        assert "mistake in nnscratch" not in result.err, disk.failed
        if not (found := processes.runs_in(folder)):
            continue
        (run,) = found
        assert_whole(run)
        failed += [disk.failed] * ("epoch-" in disk.failed)
        processes.check_whole(run)
        if read_record(run)["status"] != "completed":
            go_on(run)
        assert_same_run(run, whole)
        assert kept(run) == kept(whole), disk.failed
    assert len(failed) >= 3


@pytest.mark.skipif(sys.platform != "linux", reason="kills processes as Linux does")
@pytest.mark.slow  # each kill takes a second
def test_a_killed_process_leaves_whole_ones_and_resumes_to_the_same(workplace: Path) -> None:
    generator = random.Random(40)  # noqa: S311 - nothing secret
    epochs = 200
    settings = [f"epochs={epochs}", f"snapshots={2 * epochs}", "checkpoint_seconds=0.02"]
    command = ["train", "configs/xor.yaml", *settings, "--quiet", "--no-plots"]
    whole = workplace / processes.done(*command, cwd=workplace)
    assert len(kept(whole)) == epochs + 1
    for number in range(40):
        folder = workplace / f"killed-{number}"
        process = processes.start(*command, "--runs-dir", folder, cwd=workplace)
        processes.wait_until(lambda: processes.is_training(folder, process), process)  # noqa: B023 - called at once
        time.sleep(generator.uniform(0, epochs / 700))
        process.kill()
        code, _, _ = processes.end(process)
        (run,) = processes.runs_in(folder)
        finished = {path: data for path, data in kept(run).items() if not path.startswith(".")}
        assert finished.items() <= kept(whole).items()
        if code == -signal.SIGKILL and read_record(run)["status"] != "completed":
            processes.done("resume", run, "--quiet", "--no-plots", cwd=workplace)
        processes.check_same(run, whole)
        assert kept(run) == kept(whole)
        shutil.rmtree(folder)


KEPT = {
    "last": (ALL_ROWS, "", None),
    "validation": (ARRAYS, "", "val_loss"),
    "validated now and then": (ARRAYS, "validate_every: 3", "val_loss"),
    "early stopping": (ARRAYS, "early_stopping: 2", "val_loss"),
    "early stopping by loss": (ALL_ROWS, "early_stopping: {monitor: loss, patience: 3}", "loss"),
    "average": (ARRAYS, "average: 0.5", "val_loss"),
}


def kept_epoch(run: Path, judge: str | None) -> int:
    """Returns the epoch whose weights are to be saved, by metrics.csv alone."""
    header, *table = rows(run)
    if judge is None:
        return len(table)
    column = header.index(judge)
    values = [float(row[column] or "inf") for row in table]
    return 1 + values.index(min(values))


@pytest.mark.parametrize("case", KEPT)
@pytest.mark.parametrize("until", [None, 1, 4])
def test_run_json_says_which_epoch_the_weights_are_of(
    until: int | None, case: str, tmp_path: Path
) -> None:
    dataset, text, judge = KEPT[case]
    text = f"{text}\n{EACH}\nlearning_rate: 0.3"
    run = start(write_config(tmp_path, text, dataset=dataset, epochs=12), until=until)
    for resumed in (False, True):
        if resumed and read_record(run)["status"] == "interrupted":
            go_on(run)
        epoch = read_record(run)["kept_epoch"]
        assert epoch == kept_epoch(run, judge)
        assert kept(run)[name(epoch)] == (run / "weights.npz").read_bytes()


@pytest.mark.parametrize("time", [1, 2, 3])
def test_run_json_does_not_claim_an_epoch_that_could_not_be_saved(
    time: int, tmp_path: Path
) -> None:
    text = f"{EACH}\ncheckpoint_seconds: 0"
    with failing_to_save("weights.npz", OSError, time):  # the third time is at the end
        start(write_config(tmp_path, text, dataset=ALL_ROWS, epochs=3))
    (run,) = (tmp_path / "runs").iterdir()
    epoch = read_record(run)["kept_epoch"]
    assert kept(run)[name(epoch)] == (run / "weights.npz").read_bytes()
