"""Which weights a training keeps, what it says of them, and that its record is JSON."""

import json
from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from nnscratch import Model, load_config, prepare, train
from nnscratch.errors import DivergedError
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.training.held_out import Measured
from nnscratch.nn.training.step import TrainingStep
from nnscratch.training.start import start
from tests.conftest import ROOT

Scores = dict[str, float]


@pytest.fixture
def xor() -> Experiment:
    return prepare(load_config(ROOT / "configs/xor.yaml"))


def play(
    patch: pytest.MonkeyPatch,
    experiment: Experiment,
    epochs: list[Scores],
    *,
    diverge: bool = False,
) -> Experiment:
    """Makes training give these scores, all parameters being the number of the epoch.

    Returns:
        The experiment with so many epochs, and one more that diverges if that is asked for.
    """

    def train_epoch(
        step: TrainingStep, _: object, epoch: int, *_1: object, **_2: object
    ) -> Measured:
        if epoch > len(epochs):
            raise DivergedError("training diverged")
        step.network.params.flat[:] = epoch
        step.optimizer.steps += 1
        return Measured({"accuracy": 0.5, **epochs[epoch - 1]})

    patch.setattr("nnscratch.nn.training.fit.train_epoch", train_epoch)
    config = experiment.config.model_copy(update={"epochs": len(epochs) + diverge})
    return replace(experiment, config=config)


def validated(experiment: Experiment) -> Experiment:
    """Returns the experiment with its training rows as those of a validation too."""
    splits = experiment.dataset.splits
    more = {**splits, "validation": splits["train"]}
    return replace(experiment, dataset=replace(experiment.dataset, splits=more))


def saved_epoch(run: Path) -> float:
    """Returns the epoch whose weights a run has saved."""
    (value,) = set(Model.load(run).network.params.flat.tolist())
    return float(value)


def strictly_read(run: Path) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    record = json.loads((run / "run.json").read_text("utf-8"), parse_constant=refuse)
    assert isinstance(record, dict)
    return record


@pytest.mark.parametrize(
    ("losses", "best"),
    [
        ([3, 2, 1], 3),
        ([3, 1, 2], 2),
        ([1, 1, 1], 1),
        ([nan, 3, 2, 5], 3),
        ([nan, 7], 2),
        ([nan, nan, 5, 6], 3),
        ([nan, inf, inf], 2),
        ([inf, 5, 6], 2),
        ([2, nan, 3], 1),
        ([5, nan, 4, nan], 3),
    ],
)
@pytest.mark.parametrize("judge", ["val_loss", "loss"])
def test_any_number_is_better_than_nan_and_a_smaller_one_than_a_larger(
    judge: str,
    losses: list[float],
    best: int,
    xor: Experiment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = validated(xor) if judge == "val_loss" else xor
    scores = [{"loss": 1.0, judge: loss} for loss in losses]
    outcome = train(play(monkeypatch, experiment, scores), tmp_path)
    assert outcome.best is not None
    assert outcome.best.epoch == strictly_read(outcome.path)["best_epoch"] == best
    held_out = judge == "val_loss"
    assert saved_epoch(outcome.path) == (best if held_out else len(losses))
    if held_out:
        assert outcome.best_weights is not None
        assert set(outcome.best_weights.tolist()) == {best}
    else:
        assert outcome.best_weights is None


@pytest.mark.parametrize(
    ("scores", "kept", "epoch"),
    [
        ([{"loss": 3.0}, {"loss": 1.0}, {"loss": 2.0}], "the weights of the last epoch", 3),
        (
            [{"loss": 3.0, "val_loss": v} for v in (2.0, 1.0, 4.0)],
            "the weights of the best epoch",
            2,
        ),
    ],
)
def test_a_diverged_training_says_which_weights_are_saved(
    scores: list[Scores],
    kept: str,
    epoch: int,
    xor: Experiment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = validated(xor) if "val_loss" in scores[0] else xor
    experiment = play(monkeypatch, experiment, scores, diverge=True)
    with pytest.raises(DivergedError) as caught:
        train(experiment, tmp_path)
    (run,) = tmp_path.iterdir()
    assert str(caught.value).endswith(f"\n{kept} are in {run}")
    assert saved_epoch(run) == epoch
    assert strictly_read(run)["status"] == "diverged"


def test_a_training_that_diverges_at_once_claims_no_weights(
    xor: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = play(monkeypatch, xor, [], diverge=True)
    with pytest.raises(DivergedError) as caught:
        train(experiment, tmp_path)
    assert "weights" not in str(caught.value)
    (run,) = tmp_path.iterdir()
    assert not (run / "weights.npz").exists()


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_figures_that_are_no_json_become_null(
    value: float, xor: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = [{"loss": 0.5, "val_loss": value, "val_accuracy": 0.25}]
    record = strictly_read(train(play(monkeypatch, xor, scores), tmp_path).path)
    assert record["final"] == record["best"]
    assert record["final"] == {
        "loss": 0.5,
        "accuracy": 0.5,
        "val_loss": None,
        "val_accuracy": 0.25,
    }


def write_config(folder: Path, dataset: str, *lines: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text("\n".join([f"dataset: {{{dataset}}}", "epochs: 3", *lines, ""]))
    return path


def test_one_row_to_test_on_has_no_r2_and_the_record_stays_json(tmp_path: Path) -> None:
    table = "".join(f"{i},{i / 3}\n" for i in range(9))
    (tmp_path / "t.csv").write_text(f"a,y\n{table}")
    config = write_config(tmp_path, "name: csv, path: t.csv, target: y, test: 1")
    outcome = train(prepare(load_config(config)), tmp_path / "runs")
    test = strictly_read(outcome.path)["test"]
    assert test["r2"] is None  # the targets of one row do not vary
    assert test["rmse"] == pytest.approx(test["mae"])


def write_table(folder: Path) -> None:
    """Numbers and words with holes, and a target of two classes."""
    rows = [
        f"{'' if i % 7 == 0 else i * 0.5},{'' if i % 9 == 0 else ['red', 'blue'][i % 2]},{i % 2}"
        for i in range(60)
    ]
    (folder / "t.csv").write_text("\n".join(["a,colour,kind", *rows, ""]))


def write_arrays(folder: Path) -> None:
    """Writes rows with a test part of their own, and rows without."""
    x, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    np.savez(folder / "both.npz", x_train=x[:30], y_train=y[:30], x_test=x[30:], y_test=y[30:])
    np.savez(folder / "d.npz", x=x, y=y)


CSV = "name: csv, path: t.csv, target: kind, missing: impute"
NPZ = "name: npz, path: d.npz"


@pytest.mark.parametrize(
    ("dataset", "test"),
    [
        (CSV, 0.2),
        (f"{CSV}, validation: 0.25", 0.2),
        (f"{CSV}, test: 7", 7),
        (f"{CSV}, test: 0.5", 0.5),
        (f"{CSV}, test: 0", 0),
        (f"{CSV}, test_path: t.csv", None),
        (NPZ, 0.2),
        ("name: npz, path: both.npz", None),
        ("name: moons, samples: 50", 0.2),
    ],
)
def test_a_runs_config_trains_the_same_weights_and_says_what_was_held_out(
    dataset: str, test: float | None, tmp_path: Path
) -> None:
    write_table(tmp_path)
    write_arrays(tmp_path)
    config = write_config(tmp_path, dataset, "batch_size: 8")
    first = train(prepare(load_config(config)), tmp_path / "runs").path
    written = yaml.safe_load((first / "config.yaml").read_text())["dataset"]
    assert written.get("test") == test
    again = prepare(load_config(first / "config.yaml"))
    second = train(again, tmp_path / "runs").path
    for name in ("weights.npz", "config.yaml"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    fingerprints = {strictly_read(run)["data_fingerprint"] for run in (first, second)}
    assert len(fingerprints) == 1


def test_leaving_the_loop_early_saves_what_is_done(xor: Experiment, tmp_path: Path) -> None:
    with start(xor, tmp_path) as run:
        for record in run:
            if record.epoch == 3:
                break
    record_of = strictly_read(run.result.path)
    assert (record_of["status"], record_of["epochs_done"]) == ("interrupted", 3)
    assert record_of["stop_reason"] == "stopped by the program"
    assert record_of["checkpoint_epoch"] == 3


def test_the_reason_of_a_stop_is_an_argument(xor: Experiment, tmp_path: Path) -> None:
    with start(xor, tmp_path) as run:
        for record in run:
            if record.epoch == 2:
                run.stop("no better than other trials")
    assert run.result.last is not None
    assert run.result.last.epoch == 2
    record_of = strictly_read(run.result.path)
    assert (record_of["status"], record_of["stop_reason"]) == (
        "interrupted",
        "no better than other trials",
    )


def test_a_caller_may_stop_in_every_epoch_and_the_first_stop_counts(
    xor: Experiment, tmp_path: Path
) -> None:
    with start(xor, tmp_path) as run:
        for _ in run:
            run.stop("pruned")
    assert (run.result.status, run.result.stop_reason) == ("interrupted", "pruned")
    record_of = strictly_read(run.result.path)
    assert (record_of["status"], record_of["stop_reason"]) == ("interrupted", "pruned")
    assert record_of["epochs_done"] == record_of["checkpoint_epoch"] == 1


def test_a_stop_in_or_after_the_last_epoch_changes_nothing(xor: Experiment, tmp_path: Path) -> None:
    experiment = replace(xor, config=xor.config.model_copy(update={"epochs": 2}))
    with start(experiment, tmp_path) as run:
        for record in run:
            if record.epoch == 2:
                run.stop("pruned")
        run.stop("too late")
    assert (run.result.status, run.result.stop_reason) == ("completed", "all epochs done")


def test_nothing_is_written_before_the_context_begins(xor: Experiment, tmp_path: Path) -> None:
    start(xor, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("kind", [RuntimeError, KeyboardInterrupt])
def test_an_exception_in_the_loop_saves_what_is_done_and_goes_on_up(
    kind: type[BaseException], xor: Experiment, tmp_path: Path
) -> None:
    def fail_after_two_epochs() -> None:
        with start(xor, tmp_path) as run:
            for record in run:
                if record.epoch == 2:
                    raise kind("on purpose")

    with pytest.raises(kind) as caught:
        fail_after_two_epochs()
    (path,) = tmp_path.iterdir()
    record_of = strictly_read(path)
    expected = "interrupted" if kind is KeyboardInterrupt else "failed"
    assert (record_of["status"], record_of["epochs_done"]) == (expected, 2)
    assert caught.value.__notes__ == [f"to go on: nnscratch resume {path}"]


def test_an_interruption_ends_the_loop_in_order(xor: Experiment, tmp_path: Path) -> None:
    with start(xor, tmp_path) as run:
        for record in run:
            if record.epoch == 2:
                run.interruption.interrupt()
    assert (run.result.status, run.result.last and run.result.last.epoch) == ("interrupted", 2)
    assert run.result.stop_reason == "stopped by the user in the middle of an epoch"
