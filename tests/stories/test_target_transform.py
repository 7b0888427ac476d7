"""Logarithms of targets are learned, and everything that people see is in the data's own units."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Command
from tests.stopped import assert_same_run, go_on, start

LINEAR = """\
dataset: {name: csv, path: t.csv, target: price, task: regression, target_transform: log, test: 20}
architecture: []
optimizer: lbfgs
batch_size: full
epochs: 60
dtype: float64
"""


def write_log_linear(rows: int = 100) -> np.ndarray:
    """Writes a table whose price is exactly exp(3 + 2 a − b), and returns the prices."""
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0, 2, rows), rng.uniform(0, 3, rows)
    price = np.exp(3 + 2 * a - b)
    table = np.column_stack([a, b, price]).tolist()
    lines = [",".join(map(repr, row)) for row in table]
    Path("t.csv").write_text("\n".join(["a,b,price", *lines, ""]))
    return price


def trained(nnscratch: Command, config: str, *overrides: str) -> Path:
    Path("mine.yaml").write_text(config)
    done = nnscratch("train", "mine.yaml", "--quiet", "--no-plots", *overrides)
    assert done.code == 0, done.err
    (run,) = [path for path in Path("runs").iterdir() if path.is_dir()]
    return run


def scores_of(nnscratch: Command, run: Path, split: str) -> dict[str, float]:
    done = nnscratch("evaluate", run, "--split", split, "--format", "json")
    assert done.code == 0, done.err
    scores: dict[str, float] = json.loads(done.out)
    return scores


def test_a_log_linear_relation_is_learned_without_an_error(
    workplace: Path, nnscratch: Command
) -> None:
    prices = write_log_linear()
    run = trained(nnscratch, LINEAR)
    for split in ("train", "test"):
        scores = scores_of(nnscratch, run, split)
        assert scores["rmse"] < 1e-4 * prices.std()
        assert scores["r2"] == pytest.approx(1, abs=1e-6)
    # exp(3 + 2 · 1 − 2) = e³, on the command line too.
    done = nnscratch("predict", run, "--input", "1,2", "--format", "json")
    assert json.loads(done.out)[0]["prediction"] == pytest.approx(np.exp(3), rel=1e-4)
    # Without the logarithm a network without hidden layers cannot.
    plain = nnscratch(
        "train", "mine.yaml", "dataset.target_transform=none", "--quiet", "--no-plots"
    )
    assert plain.code == 0
    assert scores_of(nnscratch, Path("latest"), "test")["r2"] < 0.9


def test_the_mean_absolute_error_of_training_is_that_of_the_data(
    workplace: Path, nnscratch: Command
) -> None:
    write_log_linear()
    config = LINEAR.replace("lbfgs", "sgd").replace("epochs: 60", "epochs: 5") + "log_test: true\n"
    run = trained(nnscratch, config)
    with (run / "metrics.csv").open() as file:
        last = list(csv.DictReader(file))[-1]
    assert float(last["test_mae"]) == pytest.approx(scores_of(nnscratch, run, "test")["mae"])


def test_a_run_is_verified_explained_and_drawn(workplace: Path, nnscratch: Command) -> None:
    write_log_linear()
    run = trained(nnscratch, LINEAR.replace("log,", "log1p,"))
    assert nnscratch("verify", run).code == 0
    explained = nnscratch("explain", run, "--row", "3", "--split", "test")
    assert "log(1 + target)" in explained.out
    assert nnscratch("plot", run).code == 0
    assert nnscratch("doctor", "mine.yaml").code == 0


def test_a_stopped_run_is_resumed_to_the_same_bits(workplace: Path) -> None:
    write_log_linear()
    config = Path("mine.yaml").absolute()
    settings = LINEAR.replace("lbfgs", "adam").replace("full", "16").replace("epochs: 60", "")
    config.write_text(f"{settings}epochs: 4\n")
    whole, run = start(config), start(config, until=2)
    go_on(run)
    assert_same_run(run, whole)


def test_prices_over_orders_of_magnitude_are_predicted_well(
    workplace: Path, nnscratch: Command
) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(500, 4))
    y = np.exp(2.0 * x[:, 0] - x[:, 1] + 0.5 * np.sin(2 * x[:, 2]) + 0.1 * rng.normal(size=500))
    np.savez("t.npz", x=x, y=y)
    config = "dataset: {name: npz, path: t.npz, target_transform: log}\nlearning_rate: 0.01\n"
    run = trained(nnscratch, config + "architecture: [16]\nepochs: 100\n")
    assert scores_of(nnscratch, run, "test")["r2"] > 0.9


def test_a_prediction_that_overflows_is_an_error_and_no_infinity(
    workplace: Path, nnscratch: Command
) -> None:
    write_log_linear()
    run = trained(nnscratch, LINEAR)
    done = nnscratch("predict", run, "--input", "1000,0")
    assert done.code == 1
    assert "outputs overflow" in done.err
    assert len(done.err.splitlines()) == 1
