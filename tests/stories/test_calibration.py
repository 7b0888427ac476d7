"""A calibrated run: what it records is what its saved model does, whatever it is part of.

The oracle is the model itself, evaluated like any other, and the same run without calibration.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model, load_config, load_model, prepare
from nnscratch.model.evaluation import evaluate_split
from nnscratch.runs import read_metrics
from nnscratch.training.checkpoint import load_checkpoint
from tests.conftest import Command
from tests.stopped import TABLE, read_record, start, write_config

ROWS = "{name: npz, path: rows.npz, validation: 0.4, test: 0.2}"
LABELS = ROWS.replace("rows", "labels")
# What makes the network overconfident.
TEXT = "learning_rate: 0.1\ncalibrate: auto"

CASES = {
    "one output": (ROWS, TEXT),
    "two outputs": (ROWS, f"{TEXT}\nloss: cross_entropy"),
    "no bias": (ROWS, f"{TEXT}\nuse_bias: false\narchitecture: [5]"),
    "class weights": (ROWS, f"{TEXT}\nclass_weight: {{'0': 3}}\nlabel_smoothing: 0.1"),
    "average": (ROWS, f"{TEXT}\naverage: 0.8\nvalidate_every: 3\nearly_stopping: 99"),
    "lbfgs": (ROWS, "calibrate: auto\noptimizer: lbfgs\nlearning_rate: 1.0\nbatch_size: full"),
    "rprop": (ROWS, "calibrate: auto\noptimizer: rprop\nlearning_rate: 0.01\nbatch_size: full"),
    "labels": (LABELS, f"{TEXT}\nloss: binary_cross_entropy"),
    "float64": (ROWS, f"{TEXT}\ndtype: float64\nbatch_norm: true\ndropout: 0.1"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_saved_model_has_the_loss_that_is_recorded(case: str, tmp_path: Path) -> None:
    dataset, text = CASES[case]
    labels = np.stack([TABLE[:, 0] > 0.3, TABLE[:, 1] > TABLE[:, 2]], axis=1)
    np.savez(tmp_path / "labels.npz", x=TABLE, y=labels.astype(int))
    config = write_config(tmp_path, text, dataset=dataset, epochs=40)
    run, plain = start(config), start(config, "calibrate=false")
    record, columns = read_record(run), read_metrics(run)
    assert "calibrate: true" in (run / "config.yaml").read_text()
    monitor = "val_calibrated_loss"
    assert record["kept_epoch"] == record["best_epoch"]
    assert record["best"][monitor] == np.nanmin(columns[monitor])
    if case == "average":  # the default of what early stopping monitors
        assert f"monitor: {monitor}" in (run / "config.yaml").read_text()
    model, split = Model.load(run / "weights.npz"), "validation"
    rows = prepare(load_config(run / "config.yaml")).dataset.splits[split]
    scores = evaluate_split(model, split, rows).scores
    assert scores["loss"] == pytest.approx(record["best"]["val_calibrated_loss"], rel=1e-6)
    assert scores["accuracy"] == record["best"]["val_accuracy"]
    # Training itself is the same, bit for bit, and so are the other figures.
    left, right = (load_checkpoint(path / "checkpoint.npz") for path in (run, plain))
    assert left.weights.tobytes() == right.weights.tobytes()
    others = read_metrics(plain)
    names = others.keys() - {"seconds"}
    assert {n: str(columns[n]) for n in names} == {n: str(others[n]) for n in names}
    if record["best_epoch"] == read_record(plain)["best_epoch"]:
        x = rows.inputs
        ours, theirs = model.logits(x), Model.load(plain / "weights.npz").logits(x)
        ratio = theirs / ours
        np.testing.assert_allclose(ratio, np.full(ratio.shape, ratio.flat[0]), rtol=1e-3)


def test_what_people_see_is_said_of_the_calibrated_model(
    workplace: Path, nnscratch: Command
) -> None:
    changes = ["dataset.validation=0.2", "calibrate=auto", "epochs=12"]
    done = nnscratch("train", "configs/moons.yaml", *changes, "--no-plots")
    assert done.code == 0, done.err
    assert "calibrated" not in done.err  # the lines of progress are as long as without
    run = next((workplace / "runs").iterdir())
    best = json.loads((run / "run.json").read_text())["best"]
    said = re.search(r"which is saved: validation .* calibrated_loss ([\d.]+)", done.out)
    assert said
    assert float(said[1]) == pytest.approx(best["val_calibrated_loss"], abs=5e-5)
    evaluated = json.loads(
        nnscratch("evaluate", run, "--split", "validation", "--format", "json").out
    )
    assert evaluated["loss"] == pytest.approx(best["val_calibrated_loss"], rel=1e-6)
    assert "bit for bit" in nnscratch("verify", run).out
    for command in ("explain", "show", "doctor"):
        result = nnscratch(command, run)
        assert result.code == 0, result.err


def test_each_member_of_an_ensemble_is_calibrated(workplace: Path, nnscratch: Command) -> None:
    changes = ["dataset.validation=0.2", "calibrate=true", "epochs=8", "ensemble=2"]
    done = nnscratch("train", "configs/iris.yaml", *changes, "--no-plots", "--quiet")
    assert done.code == 0, done.err
    path = workplace / done.out.strip()
    members = sorted((path / "runs").iterdir())
    assert len(members) == 2
    for run in members:
        rows = prepare(load_config(run / "config.yaml")).dataset.splits["validation"]
        scores = evaluate_split(load_model(run), "validation", rows).scores
        best = read_record(run)["best"]["val_calibrated_loss"]
        assert scores["loss"] == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize(
    ("config", "changes", "rule"),
    [
        ("diabetes", ["calibrate=true"], "needs a loss with probabilities"),
        ("xor", ["calibrate=true"], "needs a validation part"),
        ("iris", ["calibrate=yes"], "must be true or false or auto"),
    ],
)
def test_what_cannot_be_calibrated_is_one_line(
    config: str, changes: list[str], rule: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", f"configs/{config}.yaml", *changes)
    assert result.code == 2
    assert rule in result.err
    assert not (workplace / "runs").exists()
    for word in ("auto", "false"):
        assert nnscratch("validate", f"configs/{config}.yaml", f"calibrate={word}").code == 0
