"""The cost of training, against arithmetic by hand and against what Python measures."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nnscratch.config import load
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.experiment.training_cost import TrainingCost, estimate_cost
from nnscratch.training.trainer import Trainer

FLOAT32, FLOAT64 = 4, 8
# 2-8-1: two kernels and two biases.
XOR = 2 * 8 + 8 + 8 * 1 + 1


PIECES = "numeric_embedding={name: piecewise_linear, bins: 8}"
EMBEDDED = ["numeric_embedding={waves: 16, size: 3}", "rate_factors={fan_in: true}"]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "c.yaml"
    path.write_text("dataset: xor\narchitecture: [8]\noptimizer: sgd\n")
    return path


def cost_of(config: Path, *changes: str) -> TrainingCost:
    return estimate_cost(prepare(load(config, changes)))


@pytest.mark.parametrize(
    ("changes", "vectors"),
    [
        # Weights and their gradients, and a copy of the weights to go back to.
        (["optimizer=sgd"], 3),
        # A velocity, and a copy of it.
        (["optimizer={name: sgd, momentum: 0.9}"], 3 + 2),
        (["optimizer=adagrad"], 3 + 2),
        (["optimizer=rmsprop"], 3 + 2),
        # Two moments, and copies of them.
        (["optimizer=adam"], 3 + 4),
        (["optimizer=adamw"], 3 + 4),
        (["optimizer=nadam"], 3 + 4),
        # The average and the weights that training goes on with, and copies of them.
        (["average=0.9"], 3 + 4),
        (["average=0.9", "optimizer=adam"], 3 + 4 + 4),
        # The last step and gradient, and five pairs, and copies of them.
        (["optimizer={name: lbfgs, history_size: 5}", "batch_size=full"], 3 + 2 * 12),
    ],
)
@pytest.mark.parametrize(("dtype", "width"), [("float32", FLOAT32), ("float64", FLOAT64)])
def test_memory_is_that_of_all_vectors_as_long_as_the_weights(
    config: Path, changes: list[str], vectors: int, dtype: str, width: int
) -> None:
    found = cost_of(config, *changes, f"dtype={dtype}")

    assert found.parameters == XOR == 33
    assert found.memory == vectors * width * XOR


def test_the_best_epoch_is_one_more_copy(config: Path) -> None:
    moons = "dataset={name: moons, samples: 100, validation: 0.1, test: 0.2}"

    assert cost_of(config, moons).memory == 4 * FLOAT32 * XOR


def test_calibration_keeps_the_logits_of_the_validation_rows(config: Path) -> None:
    moons = "dataset={name: moons, samples: 100, validation: 0.1, test: 0.2}"
    ten_logits = 10 * FLOAT32
    assert cost_of(config, moons, "calibrate=auto").memory == 4 * FLOAT32 * XOR + ten_logits
    wide = cost_of(config, moons, "dtype=float64", "loss=cross_entropy")
    calibrated = cost_of(config, moons, "dtype=float64", "loss=cross_entropy", "calibrate=true")
    assert calibrated.memory - wide.memory == 2 * 10 * FLOAT64


def test_batch_normalization_keeps_statistics_that_have_no_gradient(config: Path) -> None:
    # 2 × 8 weights without a bias, γ and β for 8 units; 8 × 1 weights and a bias.
    parameters = 2 * 8 + 8 + 8 + 8 + 1
    statistics = 8 + 8

    found = cost_of(config, "batch_norm=true", "batch_size=full", "optimizer=adam")

    assert found.parameters == parameters
    weights = parameters + statistics
    assert found.memory == FLOAT32 * (2 * weights + parameters + 2 * 2 * parameters)
    assert found.predicting == 2 * 8 + 8


def test_waves_count_as_multiply_adds_and_make_the_first_layer_wider(config: Path) -> None:
    found = cost_of(config, "numeric_embedding={waves: 5, size: 3}")
    # Two columns of five waves, each added to three numbers; then 8 inputs, 8 units, 1 output.
    products = 2 * 5 * (1 + 3), 8 * 8, 8 * 1
    assert found.predicting == sum(products)
    assert found.training == 2 * products[0] + 3 * sum(products[1:])
    assert found.parameters == 2 * (5 + 5 + 15 + 3) + 8 * 8 + 8 + 8 + 1


def test_pieces_make_the_first_layer_wider_and_have_no_parameters(config: Path) -> None:
    found = cost_of(config, "numeric_embedding=piecewise_linear")
    # Two columns of two values, each with one piece.
    assert found.predicting == 4 * 8 + 8
    assert found.training == 2 * 32 + 3 * 8
    assert found.parameters == 4 * 8 + 8 + 8 + 1


def test_without_a_hidden_layer_or_biases(config: Path) -> None:
    found = cost_of(config, "architecture=[]")
    assert (found.parameters, found.memory) == (3, 3 * FLOAT32 * 3)
    assert (found.predicting, found.training) == (2, 4)

    found = cost_of(config, "use_bias=false")
    assert (found.parameters, found.memory) == (24, 3 * FLOAT32 * 24)
    assert (found.predicting, found.training) == (24, 2 * 16 + 3 * 8)


@pytest.mark.parametrize(
    ("changes", "batch"),
    [
        ([], 4),  # of 32, the four rows that there are
        (["batch_size=full"], 4),
        (["batch_size=3"], 3),
        (["dataset={name: moons, samples: 100, test: 0.2}"], 32),
        (["dataset={name: moons, samples: 100, test: 0.2}", "batch_size=full"], 80),
        (["dataset={name: moons, samples: 100, test: 0.2, validation: 0.1}", "batch_size=90"], 70),
    ],
)
def test_a_batch_is_no_larger_than_the_rows_trained_on(
    config: Path, changes: list[str], batch: int
) -> None:
    assert cost_of(config, *changes).rows == batch


def write_bytes(folder: Path, rows: int, columns: int) -> Path:
    """Writes random bytes of ten classes, and a config for them."""
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 256, (rows, columns), dtype=np.uint8)
    np.savez(folder / "bytes.npz", x=inputs, y=np.arange(rows) % 10)
    path = folder / "bytes.yaml"
    path.write_text("dataset: {name: npz, path: bytes.npz, test: 0}\nepochs: 1\n")
    return path


def test_multiply_adds_of_784_128_32_10(tmp_path: Path) -> None:
    config = write_bytes(tmp_path, 20, 784)

    found = cost_of(config, "architecture=[128,32]")

    assert found.parameters == 100_480 + 4_128 + 330
    assert found.predicting == 784 * 128 + 128 * 32 + 32 * 10 == 104_768
    # Weights' and inputs' gradients are a product each; the first layer needs only the weights'.
    assert found.training == 2 * 100_352 + 3 * (4_096 + 320) == 213_952


@pytest.mark.parametrize(
    "changes", [["dropout=0.5"], ["activation=gelu"], ["batch_norm=true"], ["batch_size=7"]]
)
def test_only_matrix_products_count_as_multiply_adds(tmp_path: Path, changes: list[str]) -> None:
    found = cost_of(write_bytes(tmp_path, 20, 784), "architecture=[128,32]", *changes)

    assert (found.predicting, found.training) == (104_768, 213_952)


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def train(path: Path, changes: list[str]) -> tuple[Experiment, int]:
    """Returns what was trained, and the most memory that it took beside its data."""
    tracemalloc.clear_traces()
    experiment = prepare(load(path, changes))
    tracemalloc.reset_peak()
    for _ in Trainer(experiment).epochs():
        pass
    splits = experiment.dataset.splits.values()
    # Rows as they were loaded, and once more as the network takes them.
    loaded = sum(split.inputs.nbytes + split.targets.nbytes for split in splits)
    data = loaded + sum(FLOAT32 * split.inputs.size for split in splits)
    return experiment, tracemalloc.get_traced_memory()[1] - data


SLOW = pytest.mark.slow  # counting every allocation takes ten times as long
COSTS = {
    "sgd": (2000, 784, ["optimizer=sgd", "batch_size=128"]),
    "adam": (2000, 784, ["optimizer=adam", "batch_size=128"]),
    "average": (2000, 784, ["optimizer=adam", "average=0.9", "batch_size=128"]),
    "full batch": (2000, 784, ["optimizer=adam", "batch_size=full"]),
    "lbfgs": (2000, 784, ["optimizer={name: lbfgs, history_size: 5}", "batch_size=full"]),
    # A step over many rows goes 4,096 of them at a time, unless their statistics are needed.
    "large": (20_000, 64, ["optimizer=sgd", "batch_size=full"]),
    "normalized": (10_000, 64, ["optimizer=sgd", "batch_size=full", "batch_norm=true"]),
    "pieces": (2000, 64, ["optimizer=adam", "batch_size=128", PIECES]),
    "embedded": (2000, 64, ["optimizer=adam", "batch_size=128", *EMBEDDED]),
    # So does the evaluation of held-out rows, which may be many more than a batch.
    "held out": (4000, 784, ["optimizer=sgd", "batch_size=32", "dataset.validation=2000"]),
}
QUICK = ("full batch", "normalized", "embedded", "pieces")


@pytest.mark.parametrize(
    ("rows", "columns", "changes"),
    [
        pytest.param(*cost, id=name, marks=[SLOW] * (name not in QUICK))
        for name, cost in COSTS.items()
    ],
)
def test_the_memory_is_within_a_factor_of_two_of_what_is_measured(
    tmp_path: Path, traced: None, rows: int, columns: int, changes: list[str]
) -> None:
    path = write_bytes(tmp_path, rows, columns)
    changes = ["architecture=[256,128]", *changes]
    train(path, changes)  # so that imports are not counted
    experiment, measured = train(path, changes)

    found = estimate_cost(experiment)

    assert measured / 2 < found.memory + found.rows_memory < measured * 2
