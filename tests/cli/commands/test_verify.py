"""`nnscratch verify`: whether a run's weights are what its config trains."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Command, Result
from tests.stopped import (
    INLINE,
    checkpoint,
    edit_record,
    fingerprint,
    go_on,
    quick_disk,
    read_record,
    start,
    write_config,
)

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
USAGE, FAILED = 2, 1
ALL = (
    "dropout: 0.2\nbatch_norm: true\noptimizer: nadam\naverage: 0.8\nvalidate_every: 2\n"
    "schedule: {name: reduce_on_plateau, patience: 2}\nlog_test: true"
)


def verify(nnscratch: Command, run: Path) -> Result:
    before = fingerprint(run)
    others = set(run.parent.iterdir())
    result = nnscratch("verify", run)
    assert fingerprint(run) == before
    assert set(run.parent.iterdir()) == others
    assert "mistake in nnscratch" not in result.err
    return result


def count(run: Path) -> int:
    """Returns how many weights a run has saved, the statistics among them."""
    with np.load(run / "weights.npz") as file:
        names = [name for name in file.files if name.split("_")[0] in ("dense", "batch")]
        return sum(file[name].size for name in names)


@pytest.mark.parametrize("text", ["", ALL, "dtype: float64", "early_stopping: 2", "max_seconds: 9"])
@pytest.mark.parametrize("until", [None, 3])
def test_a_run_is_what_its_config_says(
    text: str, until: int | None, workplace: Path, nnscratch: Command
) -> None:
    run = start(write_config(workplace, text, epochs=6), until=until)
    result = verify(nnscratch, run)
    assert result.code == 0, result
    epochs = read_record(run)["epochs_done"]
    assert f"{run}: trained again for {epochs} epochs" in result.out
    assert f"all {count(run)} weights are the same, bit for bit" in result.out


def test_a_resumed_run_is_what_its_config_says(workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(workplace, ALL, epochs=6), until=2)
    go_on(run, until=4)
    assert verify(nnscratch, run).code == 0
    go_on(run)
    assert verify(nnscratch, run).code == 0


def test_weights_of_another_seed_are_different(workplace: Path, nnscratch: Command) -> None:
    config = write_config(workplace, "", epochs=3)
    run, other = start(config), start(config, "seed=43")
    with np.load(run / "weights.npz") as one, np.load(other / "weights.npz") as two:
        names = [name for name in one.files if name.startswith("dense")]
        differing = sum(int((one[name] != two[name]).sum()) for name in names)
        largest = max(float(np.abs(one[name] - two[name]).max()) for name in names)
    shutil.copy(other / "weights.npz", run / "weights.npz")
    result = verify(nnscratch, run)
    assert result.code == FAILED
    assert f"{differing} of {count(run)} weights are not the same" in result.out
    assert f"{largest:.3g}" in result.out
    assert "dense_1.kernel" in result.out


def test_weights_that_one_epoch_more_has_changed_are_different(
    workplace: Path, nnscratch: Command
) -> None:
    config = write_config(workplace, "", dataset=INLINE, epochs=3)
    run, other = start(config), start(config, "epochs=4")
    shutil.copy(other / "weights.npz", run / "weights.npz")
    assert verify(nnscratch, run).code == FAILED


@pytest.mark.parametrize(
    "change", ["architecture=[3]", "architecture=[5,4,3]", "batch_norm=true", "dtype=float64"]
)
def test_weights_of_another_network_are_an_error_or_different(
    change: str, workplace: Path, nnscratch: Command
) -> None:
    config = write_config(workplace, "", epochs=2)
    run, other = start(config), start(config, change)
    shutil.copy(other / "weights.npz", run / "weights.npz")
    assert verify(nnscratch, run).code in (FAILED, USAGE)


def test_other_circumstances_are_named_only_where_weights_differ(
    workplace: Path, nnscratch: Command
) -> None:
    config = write_config(workplace, "", epochs=3)
    run, other = start(config), start(config, "seed=43")
    edit_record(run, versions={"numpy": "1.0.0"})
    result = verify(nnscratch, run)
    assert (result.code, "1.0.0" in result.err) == (0, False)
    shutil.copy(other / "weights.npz", run / "weights.npz")
    result = verify(nnscratch, run)
    assert result.code == FAILED
    assert "numpy" in result.err
    assert "1.0.0" in result.err


def diverged(workplace: Path, nnscratch: Command, *changes: str) -> Path:
    text = f"dataset: {INLINE}\nloss: mean_squared_error\noptimizer: sgd\nactivation: linear\n"
    (workplace / "mine.yaml").write_text(f"{text}epochs: 300\n")
    result = nnscratch("train", "mine.yaml", *changes, "--quiet", "--no-plots")
    assert result.code == FAILED, result
    assert "diverged" in result.err
    (run,) = (workplace / "runs").iterdir()
    assert read_record(run)["status"] == "diverged"
    return run


def test_a_diverged_run_has_the_weights_before_it_did(workplace: Path, nnscratch: Command) -> None:
    run = diverged(workplace, nnscratch, "learning_rate=1.0")
    record = read_record(run)
    assert record["epochs_done"] == record["diverged"]["epoch"] - 1 > 0
    assert checkpoint(run)[0]["weights"]
    assert verify(nnscratch, run).code == 0


def test_what_diverged_at_once_has_nothing_to_compare(workplace: Path, nnscratch: Command) -> None:
    run = diverged(workplace, nnscratch, "learning_rate=1000000.0", "batch_size=1")
    assert read_record(run)["diverged"]["epoch"] == 1
    result = verify(nnscratch, run)
    assert result.code == USAGE
    assert "diverged" in result.err


def test_a_run_that_was_killed_has_no_end(workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(workplace, "", epochs=3), until=2)
    edit_record(run, status="running")
    result = verify(nnscratch, run)
    assert result.code == USAGE
    assert "interrupted" in result.err


def test_data_that_have_changed_are_refused(workplace: Path, nnscratch: Command) -> None:
    config = write_config(workplace, "", dataset="{name: csv, path: rows.csv, target: kind, "
                          "missing: impute}", epochs=2)  # fmt: skip
    run, table = start(config), workplace / "rows.csv"
    assert verify(nnscratch, run).code == 0
    table.write_text(table.read_text().replace("red", "pink"))
    result = verify(nnscratch, run)
    assert result.code == FAILED
    assert "data have changed" in result.err


@pytest.mark.parametrize("name", ["config.yaml", "run.json", "weights.npz"])
def test_damaged_files_are_named(name: str, workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(workplace, "", epochs=2))
    (run / name).write_bytes((run / name).read_bytes()[:-40])
    result = verify(nnscratch, run)
    # A config without its last keys is one with their defaults.
    assert result.code in (FAILED, USAGE) or name == "config.yaml"
    assert result.code == 0 or name in result.err
    (run / name).unlink()
    assert verify(nnscratch, run).code in (FAILED, USAGE)


@pytest.mark.parametrize("value", ["many", -1, 0, None, [], {}])
def test_a_record_of_strange_epochs_is_no_mistake_of_nnscratch(
    value: object, workplace: Path, nnscratch: Command
) -> None:
    run = start(write_config(workplace, "", epochs=2))
    edit_record(run, epochs_done=value)
    assert verify(nnscratch, run).code in (FAILED, USAGE)


def test_what_is_no_run_is_refused(workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(workplace, "", epochs=2))
    shutil.copy(run / "weights.npz", "alone.npz")
    for name in ("alone.npz", "nothing", "mine.yaml", ""):
        assert nnscratch("verify", name).code in (FAILED, USAGE)
