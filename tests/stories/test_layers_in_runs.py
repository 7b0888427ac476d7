"""Runs with dropout, batch normalization and averaging save and use the right weights."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch import Model, load_config, prepare, train
from nnscratch.errors import FileFormatError
from nnscratch.experiment.experiment import Experiment
from nnscratch.files import npz
from nnscratch.nn.training.epoch import EpochRecord
from nnscratch.plots.figures.learning_curves import draw_learning_curves, metric_columns
from nnscratch.runs import read_metrics
from nnscratch.training.result import TrainingResult
from tests.conftest import Command

# Few noisy points and a large rate: the best epoch of 40 is not the last one.
CONFIG = """
dataset: {name: moons, samples: 150, noise: 0.4, validation: 0.3, test: 0, scaling: none}
architecture: [24, {units: 12, activation: tanh, dropout: 0.25}]
dropout: 0.1
batch_norm: {momentum: 0.8, epsilon: 1e-3}
average: {decay: 0.9}
learning_rate: 0.05
batch_size: 16
epochs: 40
"""
POINTS = np.random.default_rng(3).normal(0.5, 1.0, size=(60, 2))
NOTED = {
    "batch_norm_1.moving_mean": (24,),
    "batch_norm_1.moving_variance": (24,),
    "batch_norm_2.moving_mean": (12,),
    "batch_norm_2.moving_variance": (12,),
}


def prepared(folder: Path, *changes: str) -> Experiment:
    path = folder / "moons.yaml"
    path.write_text(CONFIG)
    return prepare(load_config(path, changes))


def followed(experiment: Experiment, runs: Path) -> tuple[TrainingResult, list[np.ndarray]]:
    """Trains and returns the network's weights and statistics after each epoch too."""
    after: list[np.ndarray] = []

    def keep(record: EpochRecord) -> None:
        after.append(experiment.model.network.weights.copy())

    return train(experiment, runs, on_epoch=keep), after


def saved(run: Path) -> dict[str, np.ndarray]:
    return npz.read(run / "weights.npz")[0]


def test_the_statistics_are_saved_and_predictions_are_the_same_after_loading(
    tmp_path: Path,
) -> None:
    experiment = prepared(tmp_path)
    outcome = train(experiment, tmp_path / "runs")
    shapes = {name: a.shape for name, a in saved(outcome.path).items() if "moving" in name}
    assert shapes == NOTED
    model = Model.load(outcome.path)
    assert model.network.weights.tobytes() == experiment.model.network.weights.tobytes()
    before, after = experiment.model.predict_proba(POINTS), model.predict_proba(POINTS)
    assert after.tobytes() == before.tobytes()
    assert model.predict(POINTS).tolist() == experiment.model.predict(POINTS).tolist()


def test_a_single_row_is_predicted_as_in_a_batch(tmp_path: Path) -> None:
    model = Model.load(train(prepared(tmp_path), tmp_path / "runs").path)
    whole = model.predict_proba(POINTS)
    alone = np.concatenate([model.predict_proba(POINTS[[i]]) for i in range(len(POINTS))])
    np.testing.assert_allclose(alone, whole, atol=1e-6)
    np.testing.assert_allclose(model.predict_proba(POINTS[::-1])[::-1], whole, atol=1e-6)
    assert whole.std() > 0.1  # it tells points apart


def test_the_saved_arrays_reproduce_the_predictions_by_formula(tmp_path: Path) -> None:
    run = train(prepared(tmp_path), tmp_path / "runs").path
    with np.load(run / "weights.npz", allow_pickle=False) as file:
        arrays = {name: file[name].astype("float64") for name in file if "json" not in name}
    h = POINTS
    for number, activation in ((1, lambda z: np.maximum(z, 0)), (2, np.tanh)):
        z = h @ arrays[f"dense_{number}.kernel"]
        norm = {n: arrays[f"batch_norm_{number}.{n}"] for n in ("gamma", "beta")}
        mean = arrays[f"batch_norm_{number}.moving_mean"]
        variance = arrays[f"batch_norm_{number}.moving_variance"]
        h = activation(norm["gamma"] * (z - mean) / np.sqrt(variance + 1e-3) + norm["beta"])
    logits = (h @ arrays["dense_3.kernel"] + arrays["dense_3.bias"]).ravel()
    p = Model.load(run).predict_proba(POINTS)
    np.testing.assert_allclose(p[:, 1], 1 / (1 + np.exp(-logits)), atol=1e-5)


@pytest.mark.parametrize("changes", [(), ("validate_every=3",), ("early_stopping=12",)])
def test_the_weights_and_statistics_of_the_best_epoch_are_saved(
    changes: tuple[str, ...], tmp_path: Path
) -> None:
    experiment = prepared(tmp_path, *changes)
    outcome, after = followed(experiment, tmp_path / "runs")
    losses = read_metrics(outcome.path)["val_loss"]
    best = int(np.nanargmin(losses))
    assert best < len(losses) - 1  # or the best could not be distinguished from the last
    network = Model.load(outcome.path).network
    assert network.weights.tobytes() == after[best].tobytes()
    assert network.statistics.flat.tobytes() != after[-1][-72:].tobytes()
    # And they are what that epoch's figure was measured with.
    split = experiment.dataset.splits["validation"]
    p = Model.load(outcome.path).predict_proba(split.inputs)[np.arange(45), split.targets]
    assert -np.log(p).mean() == pytest.approx(losses[best], rel=1e-5)


def test_an_interrupted_run_has_the_weights_of_the_last_epoch(tmp_path: Path) -> None:
    experiment = prepared(tmp_path, "dataset.validation=0", "dataset.test=0.3")
    after: list[np.ndarray] = []

    def stop(record: EpochRecord) -> None:
        after.append(experiment.model.network.weights.copy())
        if record.epoch == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(experiment, tmp_path / "runs", on_epoch=stop)
    (run,) = (tmp_path / "runs").iterdir()
    assert Model.load(run).network.weights.tobytes() == after[-1].tobytes()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_config_twice_gives_the_same_bits(dtype: str, tmp_path: Path) -> None:
    changes = (f"dtype={dtype}", "epochs=8")
    first = train(prepared(tmp_path, *changes), tmp_path / "runs").path
    again = train(prepared(tmp_path, *changes), tmp_path / "runs").path
    rerun = train(prepare(load_config(first / "config.yaml")), tmp_path / "runs").path
    other = train(prepared(tmp_path, *changes, "seed=1"), tmp_path / "runs").path
    arrays = saved(first)
    assert {a.dtype for name, a in arrays.items() if "." in name and "pre" not in name} == {
        np.dtype(dtype)
    }
    for run in (again, rerun):
        twin = saved(run)
        assert twin.keys() == arrays.keys()
        assert all(twin[name].tobytes() == array.tobytes() for name, array in arrays.items())
    assert saved(other)["dense_1.kernel"].tobytes() != arrays["dense_1.kernel"].tobytes()


@pytest.mark.parametrize(
    "change", ["dropout=0.3", "batch_norm=false", "average=0.5", "max_norm=0.1"]
)
def test_each_of_these_layers_makes_a_difference(change: str, tmp_path: Path) -> None:
    one, two = (
        train(prepared(tmp_path, "epochs=2", *changes), tmp_path / "runs").path
        for changes in ((), (change,))
    )
    assert saved(one)["dense_1.kernel"].tobytes() != saved(two)["dense_1.kernel"].tobytes()
    longest = np.linalg.norm(saved(two)["dense_1.kernel"], axis=0).max()
    assert (longest <= 0.1 * (1 + 1e-6)) == ("max_norm" in change)


def test_epochs_without_validation_have_empty_cells_and_are_drawn(
    workplace: Path, nnscratch: Command
) -> None:
    (workplace / "moons.yaml").write_text(CONFIG)
    result = nnscratch(
        "train", "moons.yaml", "epochs=11", "validate_every=4", "--quiet", "--no-plots"
    )
    assert result.code == 0, result.err
    run = workplace / result.out.strip()
    table = pd.read_csv(run / "metrics.csv")
    assert table["epoch"].tolist() == list(range(1, 12))
    for name in ("val_loss", "val_accuracy"):
        assert table[name].dtype == np.float64
        assert table.loc[table[name].notna(), "epoch"].tolist() == [1, 4, 8, 11]
    assert table.drop(columns=["val_loss", "val_accuracy"]).notna().all(axis=None)
    history = read_metrics(run)
    assert metric_columns(history) == ["loss", "accuracy"]
    training, validation = draw_learning_curves({"moons": history}, ["loss"]).axes[0].lines
    assert np.asarray(training.get_xdata()).tolist() == list(range(1, 12))
    assert np.asarray(validation.get_xdata()).tolist() == [1, 4, 8, 11]
    drawn = np.asarray(validation.get_ydata())
    # Some versions of pandas are off by a last bit.
    np.testing.assert_allclose(drawn, table["val_loss"].dropna(), rtol=1e-15)
    assert nnscratch("plot", run).code == 0
    assert nnscratch("runs").code == 0


LAYERS = """
dataset: {name: iris, validation: 0.2}
architecture: [8, {units: 5, activation: elu, dropout: 0.25, batch_norm: false}, {units: 4, dropout: 0}]
batch_norm: true
dropout: 0.1
"""  # noqa: E501 - as it stands in a config


# Four inputs, three classes: 4 · 8, γ and β, 8 · 5 + 5, 5 · 4, γ and β, 4 · 3 + 3.
WITH_BIAS = [
    ("input", "", 4, 0),
    ("dense_1", "relu", 8, 32),
    ("batch_norm_1", "momentum 0.9", 8, 16),
    ("dropout_1", "0.1", 8, 0),
    ("dense_2", "elu", 5, 45),
    ("dropout_2", "0.25", 5, 0),
    ("dense_3", "relu", 4, 20),
    ("batch_norm_3", "momentum 0.9", 4, 8),
    ("dense_4", "softmax", 3, 15),
]
BARE = {"dense_2": 40, "batch_norm_1": 8, "batch_norm_3": 4, "dense_4": 12}


@pytest.mark.parametrize("use_bias", [True, False])
def test_show_lists_the_layers_and_their_parameters(
    use_bias: bool, workplace: Path, nnscratch: Command
) -> None:
    (workplace / "iris.yaml").write_text(LAYERS)
    result = nnscratch("show", "iris.yaml", f"use_bias={str(use_bias).lower()}")
    assert result.code == 0, result.err
    pattern = r"^(\w+) +(\S.*?|) +\(rows, (\d+)\) +(\d+)$"
    rows = [
        (name, what, int(units), int(parameters))
        for name, what, units, parameters in re.findall(pattern, result.out, re.MULTILINE)
    ]
    expected = [
        (name, what, units, parameters if use_bias else BARE.get(name, parameters))
        for name, what, units, parameters in WITH_BIAS
    ]
    assert rows == expected
    total = sum(parameters for *_, parameters in expected)
    assert total == (136 if use_bias else 116)
    assert re.search(rf"^total +{total}$", result.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("changes", "fragments"),
    [
        (["batch_size=8"], ["batch_size=8: `batch_size` makes a batch of one row of 105"]),
        (["batch_size=1"], ["`batch_size` makes a batch of one row of 105"]),
        (["dropout=1"], ["dropout=1", "`dropout`", "below 1"]),
        (["architecture=[{units: 3, dropout: -0.1}]"], ["dropout", "at least 0"]),
        (["batch_norm={momentum: 1}"], ["`batch_norm.momentum` must be"]),
        (["batch_norm={epsilon: 0}"], ["`batch_norm.epsilon` must be"]),
        (["batch_norm={eps: 0.1}"], ["epsilon"]),
        (["batch_norm=yes"], ["`batch_norm`"]),
        (["architecture=[]"], ["`dropout` needs a hidden layer", "`batch_norm` needs a hidden"]),
        (["average=1"], ["`average.decay` must be below 1"]),
        (["average={decay: -0.1}"], ["`average.decay` must be at least 0"]),
        (["average=true"], ["`average`"]),
        (["max_norm=0"], ["`max_norm` must be above 0"]),
        (["validate_every=0"], ["`validate_every` must be at least 1"]),
        (["validate_every=2", "dataset.validation=0"], ["needs a validation part"]),
        (
            ["schedule=reduce_on_plateau", "dataset.validation=0"],
            ["`schedule.monitor`", "dataset.validation=0.1 makes one"],
        ),
        (["schedule={name: reduce_on_plateau, gamma: 1}"], ["`schedule.gamma` must be below 1"]),
        (["schedule={name: reduce_on_plateau, patience: 0}"], ["patience` must be at least 1"]),
        (["schedule={name: reduce_on_plateau, monitor: val_mae}"], ["val_loss, val_accuracy"]),
    ],
)
def test_senseless_settings_are_refused_before_training(
    changes: list[str], fragments: list[str], workplace: Path, nnscratch: Command
) -> None:
    # 105 rows to train on, which are 13 batches of 8 and one row; the config's 16 leave 9.
    (workplace / "moons.yaml").write_text(CONFIG)
    result = nnscratch("train", "moons.yaml", *changes)
    assert result.code == 2
    assert "Traceback" not in result.err
    for fragment in fragments:
        assert fragment in result.err
    assert not (workplace / "runs").exists()


@pytest.mark.parametrize("size", [2, 4, 8, 13, 26, 52, 104])
def test_the_proposed_batch_size_works(size: int, workplace: Path, nnscratch: Command) -> None:
    (workplace / "moons.yaml").write_text(CONFIG)
    refused = nnscratch("train", "moons.yaml", f"batch_size={size}")
    assert refused.code == 2
    found = re.search(r"; (\d+) does not", refused.err)
    assert found, refused.err
    proposed = int(found[1])
    assert 105 % proposed != 1
    distance = abs(proposed - size)  # and none is nearer
    nearer = range(max(size - distance + 1, 1), size + distance)
    assert all(other == 1 or 105 % other == 1 for other in nearer)
    accepted = nnscratch("show", "moons.yaml", f"batch_size={proposed}")
    assert accepted.code == 0, accepted.err


def edit(arrays: dict[str, np.ndarray], manifest: dict[str, Any], how: str) -> None:
    name = "batch_norm_2.moving_variance"
    match how:
        case "missing":
            del arrays[name]
        case "nan":
            arrays[name][0] = np.nan
        case "negative":
            arrays[name][0] = -1.0
        case "shape":
            arrays[name] = arrays[name][:-1]
        case "not described":
            manifest["network"]["architecture"][1].pop("batch_norm")


@pytest.mark.parametrize("how", ["missing", "nan", "negative", "shape", "not described"])
def test_invalid_statistics_are_refused(how: str, tmp_path: Path) -> None:
    run = train(prepared(tmp_path, "epochs=1"), tmp_path / "runs").path
    arrays, manifest = npz.read(run / "weights.npz")
    arrays = {name: array.copy() for name, array in arrays.items()}
    edit(arrays, manifest, how)
    npz.write(tmp_path / "edited.npz", arrays, manifest)
    with pytest.raises(FileFormatError, match=r"edited\.npz: does not describe a model"):
        Model.load(tmp_path / "edited.npz")
