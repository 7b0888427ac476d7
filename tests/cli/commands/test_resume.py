"""`nnscratch resume`: what it refuses, it refuses with a reason and without touching the run."""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from nnscratch.config import Config
from nnscratch.errors import NNScratchError
from nnscratch.nn.registry import create
from nnscratch.nn.training.schedules import SCHEDULES
from nnscratch.runs import find
from nnscratch.training.resume import resume
from tests.conftest import Command, Result
from tests.stopped import (
    INLINE,
    assert_same_run,
    edit_record,
    fingerprint,
    quick_disk,
    read_record,
    start,
    train_until,
    write_config,
)

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
USAGE, FAILED = 2, 1
# Keys that leave the epochs so far as they are, and another value for each of the others.
FREE = {
    *("epochs", "max_seconds", "checkpoint_seconds", "threads", "early_stopping", "snapshots"),
}
OTHERS = {
    "name": "other",
    "seed": "7",
    "dtype": "float64",
    "dataset": "xor",
    "architecture": "[3]",
    "activation": "tanh",
    "output_activation": "linear",
    "dropout": "0.5",
    "batch_norm": "true",
    "use_bias": "false",
    "initializer": "glorot_normal",
    "loss": "hinge",
    "label_smoothing": "0.1",
    "class_weight": "balanced",
    "calibrate": "true",
    "optimizer": "sgd",
    "learning_rate": "0.1",
    "schedule": "exponential",
    "batch_size": "8",
    "l1": "0.1",
    "l2": "0.1",
    "clip_norm": "1.0",
    "max_norm": "1.0",
    "average": "0.9",
    "validate_every": "2",
    "log_test": "true",
    "ensemble": "2",
    "own_validation": "true",
    "preset": "tabular",
    "numeric_embedding": "true",
    "input_scale": "true",
    "rate_factors.bias": "0.1",
    "search": "{space: {epochs: {choice: [1]}}}",
}
PARTS = {
    "dataset.validation": "0.5",
    "dataset.validation_seed": "5",
    "dataset.scaling": "none",
    "optimizer.beta_1": "0.5",
    "schedule.warmup_epochs": "2.0",
    "early_stopping.monitor": "loss",
    "early_stopping.min_delta": "0.5",
    "early_stopping": "null",
}


@pytest.fixture
def stopped(workplace: Path) -> Path:
    """A run of six epochs that was stopped after the second."""
    return start(write_config(workplace, "early_stopping: 9", epochs=6), until=2)


def assert_refused(result: Result, code: int, run: Path, before: dict[str, str]) -> str:
    assert result.code == code, result.err
    assert result.out == ""
    assert "mistake in nnscratch" not in result.err
    lines = [line for line in result.err.splitlines() if not line.startswith("resumes  ")]
    assert lines
    assert all(line.startswith("error: ") for line in lines), result.err
    assert fingerprint(run) == before
    return result.err


def test_each_key_is_either_free_or_refused() -> None:
    others = {key.partition(".")[0] for key in OTHERS}
    assert others | FREE == Config.model_fields.keys()


@pytest.mark.parametrize(("key", "value"), [*OTHERS.items(), *PARTS.items()])
def test_a_change_of_what_was_learned_is_refused_with_a_reason(
    key: str, value: str, stopped: Path, nnscratch: Command
) -> None:
    before = fingerprint(stopped)
    result = nnscratch("resume", stopped, f"{key}={value}", "epochs=9")
    err = assert_refused(result, USAGE, stopped, before)
    assert f"`{key}" in err
    assert f"{key}={value}" in err
    assert f"a new run can begin with the weights of {stopped}" in err


def test_the_same_values_again_are_no_change(stopped: Path, nnscratch: Command) -> None:
    result = nnscratch(
        "resume", stopped, "seed=42", "batch_size=4", "optimizer=adam", "--quiet", "--no-plots"
    )
    assert result.code == 0, result.err


def test_all_changes_are_refused_at_once(stopped: Path, nnscratch: Command) -> None:
    before = fingerprint(stopped)
    result = nnscratch("resume", stopped, "seed=7", "l2=0.5", "dropout=0.1", "max_seconds=9")
    err = assert_refused(result, USAGE, stopped, before)
    assert len(err.splitlines()) == 3


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        ("epochs=1", "at least 2"),
        ("epochs=0", "at least 1"),
        ("epochs=many", "whole number"),
        ("epoch=9", "did you mean `epochs`"),
        ("epochs", "epochs"),
        ("threads=0", "`threads`"),
        ("early_stopping.patience=0", "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(
    change: str, fragment: str, stopped: Path, nnscratch: Command
) -> None:
    before = fingerprint(stopped)
    assert fragment in assert_refused(nnscratch("resume", stopped, change), USAGE, stopped, before)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_that_knows_its_end_keeps_it(
    name: str, workplace: Path, nnscratch: Command
) -> None:
    schedule = create(SCHEDULES, name)
    spread = any(schedule.factor(s, 4, 3) != schedule.factor(s, 4, 6) for s in range(12))
    config = write_config(workplace, f"schedule: {name}", epochs=3)
    for until in (2, None):
        run = start(config, until=until)
        before = fingerprint(run)
        result = nnscratch("resume", run, "epochs=6", "--quiet", "--no-plots")
        if spread:
            err = assert_refused(result, USAGE, run, before)
            assert f"the {name} schedule is spread over all of them" in err
        else:
            assert_same_run(run, start(config, "epochs=6"))


def test_an_epoch_evaluated_for_being_the_last_stays_the_last(
    workplace: Path, nnscratch: Command
) -> None:
    config = write_config(workplace, "validate_every: 3", epochs=5)
    run = start(config)
    before = fingerprint(run)
    err = assert_refused(nnscratch("resume", run, "epochs=9"), USAGE, run, before)
    assert "epoch 5 was evaluated only for being the last" in err
    # Epochs 1 and 6 are evaluated anyhow.
    for epochs in (1, 6):
        run = start(config, f"epochs={epochs}")
        assert nnscratch("resume", run, "epochs=9", "--quiet", "--no-plots").code == 0
        assert_same_run(run, start(config, "epochs=9"))


def test_a_completed_run_is_told_how_to_go_on(workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(workplace, "", epochs=3))
    before = fingerprint(run)
    err = assert_refused(nnscratch("resume", run), USAGE, run, before)
    assert "completed" in err
    assert "epochs=6 would go on" in err
    assert nnscratch("resume", run, "epochs=6", "--quiet", "--no-plots").code == 0
    assert read_record(run)["epochs_done"] == 6


def test_a_diverged_run_would_diverge_again(workplace: Path, nnscratch: Command) -> None:
    data = f"dataset: {INLINE}\nloss: mean_squared_error\noptimizer: sgd\nactivation: linear\n"
    (workplace / "mine.yaml").write_text(f"{data}learning_rate: 30.0\nepochs: 99\n")
    assert nnscratch("train", "mine.yaml", "--quiet", "--no-plots").code == FAILED
    (run,) = (workplace / "runs").iterdir()
    before = fingerprint(run)
    for changes in ([], ["epochs=200"], ["learning_rate=0.1"]):
        err = assert_refused(nnscratch("resume", run, *changes), USAGE, run, before)
        assert "diverged" in err
        assert "a new run can begin with the weights" in err


def test_a_weights_file_is_no_run(stopped: Path, nnscratch: Command) -> None:
    before = fingerprint(stopped)
    shutil.copy(stopped / "weights.npz", "mine.npz")
    err = assert_refused(nnscratch("resume", "mine.npz"), USAGE, stopped, before)
    assert "belongs to no run" in err
    for name in ("nothing", "", "configs/xor.yaml", "configs"):
        assert_refused(nnscratch("resume", name), USAGE, stopped, before)


@pytest.mark.skipif(os.name == "nt", reason="needs locks")
def test_a_run_that_another_process_trains_is_left_alone(stopped: Path, nnscratch: Command) -> None:
    import fcntl

    # A lock of an open file is another one's for whoever opens it anew.
    with (stopped / "metrics.csv").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for status in ("running", "interrupted"):
            edit_record(stopped, status=status)
            before = fingerprint(stopped)
            err = assert_refused(nnscratch("resume", stopped), USAGE, stopped, before)
            assert "training it" in err
    assert nnscratch("resume", stopped, "--quiet", "--no-plots").code == 0


def test_data_that_have_changed_are_refused(workplace: Path, nnscratch: Command) -> None:
    dataset = "{name: csv, path: rows.csv, target: kind, missing: impute, validation: 5}"
    config = write_config(workplace, "", dataset=dataset)
    run, table = start(config, until=2), workplace / "rows.csv"
    before, good = fingerprint(run), table.read_text()
    lines = good.splitlines()
    changed = {
        "a number": good.replace(lines[3], lines[3].replace(".", ".1", 1)),
        "a word": good.replace("red", "violet"),
        "a class": good.replace("yes", "NO", 1).replace("NO", "no"),
        "a row less": "\n".join(lines[:-1]),
        "a row more": good + lines[4] + "\n",
        "the order": "\n".join([lines[0], *reversed(lines[1:])]),
        "the name of a column": good.replace("a,colour", "z,colour"),
    }
    for text in changed.values():
        assert text != good
        table.write_text(text)
        err = assert_refused(nnscratch("resume", run), FAILED, run, before)
        assert "data have changed" in err
    table.unlink()
    assert "rows.csv" in assert_refused(nnscratch("resume", run), USAGE, run, before)
    table.write_text(good)
    assert nnscratch("resume", run, "--quiet", "--no-plots").code == 0
    assert_same_run(run, start(config))


def test_another_numpy_or_number_of_threads_is_a_warning(
    workplace: Path, nnscratch: Command
) -> None:
    config = write_config(workplace, "threads: 1", epochs=3)
    run, whole = start(config, until=1), start(config)
    versions = {**read_record(run)["versions"], "numpy": "1.0.0", "python": "2.7"}
    edit_record(run, versions=versions, threads=64, blas={"internal_api": "mkl"})
    result = nnscratch("resume", run, "--quiet", "--no-plots")
    assert result.code == 0
    warnings = result.err.splitlines()
    assert all(line.startswith("warning: ") for line in warnings), result.err
    numpy = f"numpy is {np.__version__} now and was 1.0.0"
    for fragment in (numpy, "was 2.7", "BLAS", "1 threads now and did with 64"):
        assert any(fragment in line for line in warnings), fragment
    assert_same_run(run, whole)


def test_what_was_the_same_warns_of_nothing(stopped: Path, nnscratch: Command) -> None:
    result = nnscratch("resume", stopped, "--quiet", "--no-plots")
    assert (result.code, result.err) == (0, "")
    assert result.out.strip() == str(stopped)


def test_what_is_said_counts_from_the_whole_training(stopped: Path, nnscratch: Command) -> None:
    result = nnscratch("resume", stopped)
    assert f"{stopped} after epoch 2, 4 epochs to go" in result.err
    assert "epoch 6/6" in result.err
    assert "epoch 2/6" not in result.err
    assert re.match(r"completed: 6 epochs, \d of them in 0\.\d\d s since the resume, ", result.out)
    assert len(list((stopped / "plots").glob("*.png"))) == 6
    (entry,) = read_record(stopped)["resumed"]
    assert (entry["epoch"], entry["command"][0]) == (3, "nnscratch")


def test_a_run_that_went_on_in_the_meantime_is_not_set_back(workplace: Path) -> None:
    config = write_config(workplace, "", epochs=8)
    run, whole = start(config, until=2), start(config)
    first, second = (resume(find(str(run), run.parent)) for _ in range(2))
    train_until(first)
    before = fingerprint(run)
    with suppress(NNScratchError):
        train_until(second, 3)
    assert fingerprint(run) == before
    assert_same_run(run, whole)
