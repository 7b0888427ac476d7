"""Early stopping and `max_seconds` report, record and save what they promise."""

import json
import time
from math import inf
from pathlib import Path

import numpy as np
import pytest

from nnscratch.files import npz
from nnscratch.runs import read_metrics
from tests.conftest import Command, messages

DIABETES = "configs/diabetes.yaml"


def weights(run: Path) -> dict[str, np.ndarray]:
    return npz.read(run / "weights.npz")[0]


def test_it_stops_with_the_reason_and_saves_the_best_epoch(
    workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", DIABETES, "early_stopping=10", "--no-plots")
    assert result.code == 0
    assert "stopped  val_loss got no better for 10 epochs" in result.out
    (run,) = (workplace / "runs").iterdir()
    record = json.loads((run / "run.json").read_text())
    assert (record["status"], record["stop_reason"]) == (
        "completed", "val_loss got no better for 10 epochs",
    )  # fmt: skip
    losses = read_metrics(run)["val_loss"]
    best = int(np.argmin(losses)) + 1
    assert record["best_epoch"] == best
    assert record["epochs_done"] == len(losses) == best + 10 < 200
    # The same training that simply ends with that epoch has the same weights, bit for bit.
    ended = nnscratch("train", DIABETES, f"epochs={best}", "--quiet", "--no-plots")
    other = weights(workplace / ended.out.strip())
    assert {name: array.tobytes() for name, array in weights(run).items()} == {
        name: array.tobytes() for name, array in other.items()
    }


def test_a_monitored_training_loss_needs_no_validation(workplace: Path, nnscratch: Command) -> None:
    change = "early_stopping={monitor: loss, patience: 3, min_delta: 0.01}"
    result = nnscratch("train", "configs/xor.yaml", change, "--no-plots")
    assert "stopped  loss got no better for 3 epochs" in result.out
    (run,) = (workplace / "runs").iterdir()
    losses = read_metrics(run)["loss"]
    *_, reference, a, b, c = losses
    assert reference - min(a, b, c) <= 0.01
    assert (
        "early_stopping: {monitor: loss, patience: 3, min_delta: 0.01}"
        in (run / "config.yaml").read_text()
    )


def test_max_seconds_ends_training_after_the_current_epoch(
    workplace: Path, nnscratch: Command
) -> None:
    changes = ["epochs=1000000000", "max_seconds=0.2", "--no-plots"]
    result = nnscratch("train", "configs/xor.yaml", *changes)
    assert result.code == 0
    assert "stopped  max_seconds, 0.2, are over" in result.out
    (run,) = (workplace / "runs").iterdir()
    record = json.loads((run / "run.json").read_text())
    assert record["status"] == "completed"
    assert 0.2 <= record["seconds"] < 5
    assert record["epochs_done"] == len(read_metrics(run)["loss"])


def test_max_seconds_ends_a_long_epoch_which_is_undone(
    workplace: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = nnscratch("train", "configs/xor.yaml", "epochs=3", "--quiet", "--no-plots").out.strip()
    times = iter([0.0] * 5)  # once for the deadline, and twice in the first epoch

    def stand_still_then_leap() -> float:
        now = next(times, inf)
        time.sleep(0.3 if now == inf else 0)
        return now

    monkeypatch.setattr("nnscratch.nn.training.interruption.perf_counter", stand_still_then_leap)
    result = nnscratch("train", "configs/xor.yaml", "max_seconds=0.25", "--no-plots")
    (run,) = {*(workplace / "runs").iterdir()} - {workplace / quick}
    record = json.loads((run / "run.json").read_text())
    assert (result.code, record["epochs_done"], record["status"]) == (0, 3, "completed")
    assert "max_seconds, 0.25, are over; epoch 4 took too long and is undone" in result.out
    assert (run / "weights.npz").read_bytes() == Path(quick, "weights.npz").read_bytes()
    assert len(read_metrics(run)["loss"]) == 3


def test_an_epoch_too_long_for_max_seconds_is_an_error_if_it_is_the_first(
    workplace: Path, nnscratch: Command
) -> None:
    config = workplace / "long.yaml"
    config.write_text(
        "dataset: {name: moons, samples: 1000000}\nbatch_size: 1\nmax_seconds: 0.2\n"
        "architecture: [64, 64]\n"
    )
    begun = time.perf_counter()
    result = nnscratch("train", config, "--no-plots")
    assert time.perf_counter() - begun < 20  # the epoch takes more than a minute
    assert result.code == 1
    assert result.out == ""
    assert messages(result.err)[-1].startswith(
        "error: max_seconds, 0.2, are over before the first epoch is finished; "
    )


def test_a_run_that_is_not_stopped_early_does_not_mention_it(
    workplace: Path, nnscratch: Command
) -> None:
    changes = ["early_stopping={monitor: accuracy, patience: 600}", "max_seconds=1000"]
    assert "stopped" not in nnscratch("train", "configs/xor.yaml", *changes, "--no-plots").out


@pytest.mark.parametrize(
    ("config", "change", "fragment"),
    [
        ("iris", "early_stopping=5", "no validation part: dataset.validation=0.1 makes one"),
        ("xor", "early_stopping={monitor: val_accuracy}", "must be one of loss, accuracy"),
        ("diabetes", "early_stopping={monitor: val_accuracy}", "val_loss, val_mae"),
        ("iris", "early_stopping={monitor: mae}", "must be one of loss, accuracy"),
        ("xor", "early_stopping={monitor: test_loss}", "must be one of"),
        ("xor", "early_stopping=0", "`early_stopping.patience` must be at least 1"),
        ("xor", "early_stopping={min_delta: -1}", "`early_stopping.min_delta` must be at least 0"),
        ("xor", "early_stopping=true", "`early_stopping`"),
        ("xor", "early_stopping.patients=3", "did you mean `patience`?"),
        ("xor", "max_seconds=0", "`max_seconds` must be above 0"),
    ],
)
def test_senseless_settings_are_refused_before_training(
    config: str, change: str, fragment: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", f"configs/{config}.yaml", change)
    assert result.code == 2
    assert fragment in result.err
    assert not (workplace / "runs").exists()


@pytest.mark.parametrize(
    ("changes", "fragment"),
    [
        (["validate_every=6", "early_stopping=5"], "`early_stopping.patience` counts epochs"),
        (["validate_every=4", "schedule=reduce_on_plateau"], "`schedule.patience` counts epochs"),
    ],
)
def test_a_patience_that_ends_before_the_next_evaluation_is_refused(
    changes: list[str], fragment: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", "configs/iris.yaml", "dataset.validation=0.2", *changes)
    assert result.code == 2
    assert fragment in result.err
    assert f"must be at least `validate_every`, {changes[0][-1]}" in result.err
