"""The configs of real data and toy sets train to what their headers promise, for every seed."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from nnscratch.config import load
from nnscratch.experiment.prepare import prepare
from nnscratch.model.evaluation import evaluate_split
from nnscratch.training.start import train
from tests.conftest import ROOT

CONFIGS = ROOT / "configs"
HAS_MNIST = (
    Path(os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data")).expanduser() / "openml"
).is_dir()


def figures_of(name: str, directory: Path, *changes: str) -> dict[str, float]:
    """Trains a config and returns the figures of its test part."""
    experiment = prepare(load(CONFIGS / f"{name}.yaml", changes))
    outcome = train(experiment, directory)
    assert (
        outcome.test
        == evaluate_split(experiment.model, "test", experiment.dataset.splits["test"]).scores
    )
    return outcome.test


@pytest.mark.parametrize(
    ("name", "metric", "lowest", "mean"),
    [
        ("iris", "accuracy", 0.85, 0.94),
        ("csv", "accuracy", 0.90, 0.96),
        # Each takes more than a second.
        pytest.param("spiral", "accuracy", 0.97, 0.99, marks=pytest.mark.slow),
        pytest.param("circles", "accuracy", 0.94, 0.975, marks=pytest.mark.slow),
        pytest.param("blobs", "accuracy", 0.97, 0.99, marks=pytest.mark.slow),
        pytest.param("moons", "accuracy", 0.95, 0.975, marks=pytest.mark.slow),
        pytest.param("diabetes", "r2", 0.2, 0.42, marks=pytest.mark.slow),
        pytest.param("digits", "accuracy", 0.965, 0.975, marks=pytest.mark.slow),
    ],
)
def test_ten_seeds_do_as_well_as_the_header_says(
    name: str, metric: str, lowest: float, mean: float, tmp_path: Path
) -> None:
    found = [figures_of(name, tmp_path, f"seed={seed}")[metric] for seed in range(10)]
    assert min(found) >= lowest
    assert np.mean(found) >= mean


def test_digits_does_as_well_as_its_header_says(tmp_path: Path) -> None:
    assert figures_of("digits", tmp_path)["accuracy"] >= 0.965


@pytest.mark.parametrize(("name", "lowest"), [("spiral", 0.97), ("circles", 0.94), ("blobs", 0.97)])
def test_points_in_the_plane_do_as_well_as_their_headers_say(
    name: str, lowest: float, tmp_path: Path
) -> None:
    assert figures_of(name, tmp_path)["accuracy"] >= lowest


def recall_of_the_rare_class(directory: Path, *changes: str) -> tuple[float, float]:
    """Returns how many of the rare class's held-out points are found, and the accuracy."""
    experiment = prepare(load(CONFIGS / "imbalance.yaml", changes))
    train(experiment, directory)
    part = experiment.dataset.splits["test"]
    right = experiment.model.predict_proba(part.inputs).argmax(axis=1) == part.targets
    return float(right[part.targets == 1].mean()), float(right.mean())


def test_weights_of_classes_find_the_rare_one_as_the_header_says(tmp_path: Path) -> None:
    found, right = recall_of_the_rare_class(tmp_path)
    assert found >= 0.75
    assert 0.85 <= right <= 0.95
    missed, more = recall_of_the_rare_class(tmp_path, "class_weight=null")
    assert missed < found - 0.1
    assert more >= 0.96


@pytest.mark.slow  # minutes: these are the networks as they are published
@pytest.mark.skipif(not HAS_MNIST, reason="needs scikit-learn's data folder with MNIST in it")
@pytest.mark.parametrize(
    ("name", "lowest"), [("mnist", 0.98), ("mnist-128-32", 0.94), ("mnist-32-16", 0.92)]
)
@pytest.mark.parametrize("seed", [42, 0])
def test_mnist(name: str, lowest: float, seed: int, tmp_path: Path) -> None:
    assert figures_of(name, tmp_path, f"seed={seed}")["accuracy"] >= lowest


def test_the_wine_table_is_scikit_learns_with_categories_and_missing_values() -> None:
    from sklearn.datasets import load_wine

    wine = load_wine()
    with (CONFIGS / "data" / "wine.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = ["Barolo", "Grignolino", "Barbera"]
    columns = ["alcohol", "malic_acid", "flavanoids", "proline"]
    chosen = wine.data[:, [wine.feature_names.index(column) for column in columns]]
    theirs = sorted((*row, names[k]) for row, k in zip(chosen.tolist(), wine.target, strict=True))
    ours = sorted((*(float(r[c]) for c in columns), r["cultivar"]) for r in rows)
    assert ours == theirs
    assert {row["colour"] for row in rows} == {"pale", "medium", "deep", ""}
    assert sum(row["hue"] == "" for row in rows) > 0
