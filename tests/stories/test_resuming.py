"""A run that was stopped and resumed leaves the same files as one that never was, bit for bit."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from nnscratch import load_config, prepare, train
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.nn.training.step import TrainingStep
from tests.stopped import (
    ARRAYS,
    INLINE,
    assert_same_run,
    edit_record,
    go_on,
    quick_disk,
    read_record,
    rows,
    start,
    write_config,
)

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
EPOCHS = 4
CSV = "{name: csv, path: rows.csv, target: %s, missing: impute, validation: 0.2, ignore: [%s]}"
PLATEAU = "schedule: {name: reduce_on_plateau, patience: 1, min_delta: 0.02, monitor: %s}"

# The data set where it is another one, and the settings.
CASES: dict[str, tuple[str, str]] = {
    "sgd": (ARRAYS, "optimizer: sgd"),
    "momentum": (ARRAYS, "optimizer: {name: sgd, momentum: 0.9}"),
    "nesterov": (ARRAYS, "optimizer: {name: sgd, momentum: 0.9, nesterov: true}"),
    "rprop": (ARRAYS, "optimizer: rprop\nbatch_size: full"),
    "adagrad": (ARRAYS, "optimizer: adagrad"),
    "rmsprop": (ARRAYS, "optimizer: rmsprop"),
    "adam": (ARRAYS, "optimizer: adam"),
    "adamw": (ARRAYS, "optimizer: adamw"),
    "nadam": (ARRAYS, "optimizer: nadam"),
    "lbfgs": (ARRAYS, "optimizer: lbfgs\nlearning_rate: 1.0\nbatch_size: full"),
    "dropout": (ARRAYS, "dropout: 0.3"),
    "batch_norm": (ARRAYS, "batch_norm: true"),
    "cosine": (ARRAYS, "schedule: cosine"),
    "one_cycle": (ARRAYS, "schedule: one_cycle"),
    "linear": (ARRAYS, "schedule: {name: linear, warmup_epochs: 1.5}"),
    "polynomial": (ARRAYS, "schedule: {name: polynomial, warmup_epochs: 2}"),
    "step": (ARRAYS, "schedule: {name: step, every: 1.5}"),
    "exponential": (ARRAYS, "schedule: exponential"),
    "inverse_time": (ARRAYS, "schedule: inverse_time"),
    "warm-up": (ARRAYS, "schedule: {name: constant, warmup_epochs: 3}"),
    "plateau": (ARRAYS, PLATEAU % "val_loss"),
    "plateau of accuracy": (ARRAYS, PLATEAU % "accuracy"),
    "early stopping": (ARRAYS, "early_stopping: 50"),
    "early stopping that comes": (
        ARRAYS,
        "early_stopping: {monitor: loss, patience: 2, min_delta: 0.5}",
    ),
    "average": (ARRAYS, "average: 0.9"),
    "average and batch_norm": (ARRAYS, "average: 0.9\nbatch_norm: true\nmax_norm: 1"),
    "clip_norm": (ARRAYS, "clip_norm: 0.1\nl1: 0.001\nl2: 0.01"),
    "float64": (ARRAYS, "dtype: float64"),
    "log_test": (ARRAYS, "log_test: true"),
    "validate_every": (ARRAYS, "validate_every: 3"),
    "calibrate": (ARRAYS, "calibrate: auto\nvalidate_every: 2\naverage: 0.9\nlabel_smoothing: 0.1"),
    "class_weight": (ARRAYS, "class_weight: balanced\nlabel_smoothing: 0.1"),
    "weights by class": (INLINE, "class_weight: {'yes': 3, 'no': 1}"),
    "no validation": ("{name: npz, path: rows.npz, test: 0}", "seed: 7"),
    "inline": (INLINE, "activation: tanh"),
    "csv": (CSV % ("kind", "product"), "dropout: 0.1"),
    "csv numbers": (CSV % ("product", "kind"), "loss: huber"),
    "gate": ("xor", "architecture: [4]"),
    "all at once": (
        ARRAYS,
        "dropout: 0.2\nbatch_norm: true\noptimizer: nadam\naverage: 0.8\nmax_norm: 2\n"
        "clip_norm: 1\nvalidate_every: 2\nlog_test: true\nclass_weight: balanced\n"
        + PLATEAU.replace("patience: 1", "patience: 2")
        % "val_loss",
    ),
}

# What sets these apart is tested without files in tests/nn/test_state.py, which is faster.
SLOW = (
    "momentum", "adagrad", "rmsprop", "adamw", "one_cycle", "linear", "polynomial", "exponential",
    "inverse_time", "plateau of accuracy", "average", "early stopping", "csv numbers", "nesterov",
    "rprop", "nadam", "polynomial", "step", "warm-up", "cosine", "float64", "clip_norm",
)  # fmt: skip


@pytest.mark.parametrize(
    "case", [pytest.param(c, marks=pytest.mark.slow) if c in SLOW else c for c in CASES]
)
def test_a_run_resumed_after_any_epoch_ends_as_one_that_was_never_stopped(
    case: str, tmp_path: Path
) -> None:
    dataset, text = CASES[case]
    config = write_config(tmp_path, text, dataset=dataset, epochs=EPOCHS)
    whole = start(config)
    done = read_record(whole)["epochs_done"]
    assert done == (3 if case == "early stopping that comes" else EPOCHS)
    for epoch in range(1, done):
        run = start(config, until=epoch)
        assert read_record(run)["status"] == "interrupted"
        assert len(rows(run)) == 1 + epoch
        go_on(run)
        assert_same_run(run, whole)
        assert read_record(run)["resumed"][0]["epoch"] == epoch + 1


@pytest.mark.parametrize("case", ["all at once", "early stopping that comes", "csv"])
def test_a_run_can_be_stopped_after_each_epoch(case: str, tmp_path: Path) -> None:
    dataset, text = CASES[case]
    config = write_config(tmp_path, text, dataset=dataset, epochs=EPOCHS)
    whole, run = start(config), start(config, until=1)
    done = read_record(whole)["epochs_done"]
    for epoch in range(2, done + 1):
        go_on(run, until=epoch)
    assert_same_run(run, whole)
    assert [entry["epoch"] for entry in read_record(run)["resumed"]] == [*range(2, done + 1)]


def kill(config: Path, *changes: str) -> list[Path]:
    """Trains, and returns copies of the run directory as a kill after each epoch leaves them."""
    copies: list[Path] = []
    experiment = prepare(load_config(config, changes))
    runs = config.parent / "runs"

    def copy(record: EpochRecord) -> None:
        (run,) = (path for path in runs.iterdir() if read_record(path)["status"] == "running")
        copies.append(config.parent / f"killed-{len(copies)}")
        shutil.copytree(run, copies[-1])

    train(experiment, runs, on_epoch=copy)
    return copies


@pytest.mark.parametrize("seconds", [0, 1e9], ids=["checkpoints", "no checkpoint"])
@pytest.mark.parametrize("case", ["adam", "all at once", "early stopping that comes"])
def test_a_killed_run_resumes_from_its_checkpoint(
    case: str, seconds: float, tmp_path: Path
) -> None:
    dataset, text = CASES[case]
    config = write_config(
        tmp_path, f"{text}\ncheckpoint_seconds: {seconds}", dataset=dataset, epochs=EPOCHS
    )
    whole = start(config)
    for number, run in enumerate(kill(config)):
        saved = (run / "checkpoint.npz").exists()
        # What is saved after the last epoch is saved when the run ends.
        epoch = min(number + 1, read_record(whole)["epochs_done"] - 1)
        assert saved == (seconds == 0)
        (run / ".weights.npz.0123abcd.tmp").write_bytes(b"half of it")
        go_on(run)
        assert_same_run(run, whole)
        assert not list(run.glob(".*"))
        assert read_record(run)["resumed"][0]["epoch"] == (epoch + 1 if saved else 1)


def test_rows_after_the_checkpoint_are_replaced_even_half_written_ones(tmp_path: Path) -> None:
    config = write_config(tmp_path, "", epochs=EPOCHS)
    whole = start(config)
    for tail in ("3,0.5\n", "3,0.", "junk\n", "1,2,3\n\n\n", "\0\0"):
        run = start(config, until=2)
        with (run / "metrics.csv").open("a") as file:
            file.write(tail)
        go_on(run)
        assert_same_run(run, whole)


@pytest.mark.parametrize("case", ["adam", "early stopping", "average and batch_norm", "lbfgs"])
def test_adding_epochs_equals_training_them_all_at_once(case: str, tmp_path: Path) -> None:
    dataset, text = CASES[case]
    config = write_config(tmp_path, text, dataset=dataset, epochs=EPOCHS)
    whole = start(config, "epochs=8")
    for epochs in range(1, EPOCHS):
        run = start(config, f"epochs={epochs}")
        assert read_record(run)["status"] == "completed"
        go_on(run, "epochs=8")
        assert_same_run(run, whole)


def test_reducing_epochs_equals_training_fewer_at_once(tmp_path: Path) -> None:
    config = write_config(tmp_path, "", epochs=8)
    whole = start(config, "epochs=4")
    for epoch in range(1, 5):
        run = start(config, until=epoch)
        go_on(run, "epochs=4")
        assert_same_run(run, whole)


def test_adding_patience_equals_having_it_from_the_start(tmp_path: Path) -> None:
    config = write_config(
        tmp_path, "early_stopping: {monitor: loss, patience: 2, min_delta: 0.5}", epochs=9
    )
    whole, run = start(config, "early_stopping.patience=5"), start(config)
    assert read_record(run)["epochs_done"] == 3
    assert read_record(run)["stop_reason"] == "loss got no better for 2 epochs"
    go_on(run, "early_stopping.patience=5")
    assert read_record(run)["epochs_done"] == 6
    assert_same_run(run, whole)


def test_lbfgs_that_cannot_improve_is_complete(tmp_path: Path) -> None:
    text = "optimizer: lbfgs\nlearning_rate: 1.0\nbatch_size: full\narchitecture: []\nl2: 0.1"
    config = write_config(tmp_path, text, dataset=INLINE, epochs=400)
    whole = start(config)
    assert read_record(whole)["epochs_done"] < 400
    for epoch in (1, 5, read_record(whole)["epochs_done"] - 1):
        run = start(config, until=epoch)
        go_on(run)
        assert_same_run(run, whole)


def test_a_run_that_used_up_its_time_can_be_given_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_config(tmp_path, "max_seconds: 25", epochs=EPOCHS)
    whole, now = start(config, "max_seconds=1000"), 100.0
    monkeypatch.setattr("nnscratch.training.trainer.time.perf_counter", lambda: now)

    def pass_time(_: EpochRecord) -> None:
        nonlocal now
        now += 10

    path = train(prepare(load_config(config)), tmp_path / "runs", on_epoch=pass_time).path
    record = read_record(path)
    assert (record["epochs_done"], record["seconds"], record["status"]) == (3, 30, "completed")
    now += 10_000  # the time in between does not count
    with pytest.raises(UsageError, match="max_seconds, 25, are over"):
        go_on(path)
    with pytest.raises(UsageError, match="max_seconds, 30, are over"):
        go_on(path, "max_seconds=30")
    go_on(path, "max_seconds=1000")
    assert_same_run(path, whole)


def test_a_run_that_was_moved_can_be_resumed(tmp_path: Path) -> None:
    config = write_config(tmp_path, "", epochs=EPOCHS)
    whole, run = start(config), start(config, until=2)
    moved = tmp_path / "elsewhere" / "renamed"
    moved.parent.mkdir()
    run.rename(moved)
    go_on(moved)
    assert_same_run(moved, whole)


@pytest.mark.parametrize("done", [1, 3, 5])
@pytest.mark.parametrize(
    "change",
    [
        *(f"epochs={epochs}" for epochs in (1, 3, 5, 7)),
        *(f"early_stopping.patience={patience}" for patience in (2, 7)),
        "checkpoint_seconds=0",
    ],
)
@pytest.mark.parametrize("every", [1, 2])
def test_an_allowed_change_gives_the_run_that_the_new_config_would(
    every: int, change: str, done: int, tmp_path: Path
) -> None:
    # At this rate val_loss is best at epochs 1, 4 and 6, and others are worse.
    text = (
        f"validate_every: {every}\nlearning_rate: 3.0\noptimizer: sgd\nseed: 0\n"
        "early_stopping: {monitor: val_loss, patience: 6}"
    )
    config = write_config(tmp_path, text, epochs=7)
    run = start(config, until=done)
    try:
        go_on(run, change)
    except NNScratchError:
        return
    assert_same_run(run, start(run / "config.yaml"))


def test_a_record_of_another_version_does_not_stop_a_run(tmp_path: Path) -> None:
    config = write_config(tmp_path, "", epochs=EPOCHS)
    whole = start(config)
    run = start(config, until=2)
    edit_record(run, future={"key": [1, None]}, versions={}, blas=None, threads=None, status="odd")
    go_on(run)
    assert_same_run(run, whole)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_a_run_that_broke_off_within_an_epoch_resumes_from_the_last_finished_one(
    kind: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_config(tmp_path, CASES["all at once"][1], epochs=EPOCHS)
    whole = start(config)
    steps_per_epoch = -(-len(prepare(load_config(config)).dataset.splits["train"]) // 4)
    for step in (1, steps_per_epoch + 1, 2 * steps_per_epoch, 3 * steps_per_epoch - 1):
        breaking, taken = TrainingStep.take, 0

        def take(self: TrainingStep, *rest: Any, last: int = step) -> tuple[float, float]:
            nonlocal taken
            taken += 1
            if taken == last:
                raise kind("on purpose")
            return breaking(self, *rest)  # noqa: B023 - it is the same in each turn

        with monkeypatch.context() as patch:
            patch.setattr(TrainingStep, "take", take)
            with pytest.raises(kind, match="on purpose"):
                start(config)
        run = max((tmp_path / "runs").iterdir(), key=lambda path: path.stat().st_ctime_ns)
        record = read_record(run)
        assert record["status"] == ("interrupted" if kind is KeyboardInterrupt else "failed")
        assert record["epochs_done"] == (step - 1) // steps_per_epoch
        go_on(run)
        assert_same_run(run, whole)
