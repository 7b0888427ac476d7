"""Points in the plane: without noise they lie where their formulas say."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch import Model
from nnscratch.data import DATASETS, load
from nnscratch.data.sources.toy import ToySource
from tests.conftest import Command


def points(name: str, **settings: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    split = load(name, **settings).splits["train"]
    return split.inputs, split.targets


TOYS = [name for name, source in DATASETS.items() if issubclass(source, ToySource)]
NAMES = pytest.mark.parametrize("name", TOYS)


def test_moons_lie_on_two_half_circles() -> None:
    inputs, targets = points("moons", noise=0.0)
    upper, lower = inputs[targets == 0], inputs[targets == 1]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    assert upper[:, 1].min() > -1e-9
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1)
    assert lower[:, 1].max() < 0.5 + 1e-9


def test_circles_have_radius_1_and_a_half() -> None:
    inputs, targets = points("circles", noise=0.0)
    np.testing.assert_allclose(np.hypot(*inputs.T), np.where(targets == 0, 1, 0.5))


def test_blobs_are_the_corners_of_a_triangle_around_the_origin() -> None:
    inputs, targets = points("blobs", noise=0.0)
    corners = np.array([inputs[targets == k].mean(axis=0) for k in range(3)])
    np.testing.assert_allclose(inputs, corners[targets], atol=1e-12)
    np.testing.assert_allclose(np.hypot(*corners.T), 1, atol=0.01)
    sides = np.hypot(*(corners - np.roll(corners, 1, axis=0)).T)
    np.testing.assert_allclose(sides, np.sqrt(3), atol=0.02)


@pytest.mark.parametrize(
    ("samples", "rare", "few"), [(400, 0.05, 20), (10, 0.01, 1), (10, 0.999, 9), (1000, 0.5, 500)]
)
def test_of_two_clusters_one_has_its_share_of_the_points(
    samples: int, rare: float, few: int
) -> None:
    inputs, targets = points("imbalance", samples=samples, rare=rare, noise=0.0)
    assert np.bincount(targets).tolist() == [samples - few, few]
    np.testing.assert_array_equal(inputs, np.column_stack([targets, targets]))


def test_the_points_of_a_rare_class_are_spread_over_all_rows_and_overlap() -> None:
    inputs, targets = points("imbalance", samples=20_000)
    where = np.flatnonzero(targets)
    assert where.mean() == pytest.approx(10_000, rel=0.05)
    for k in (0, 1):
        np.testing.assert_allclose(inputs[targets == k].mean(axis=0), k, atol=0.06)
        np.testing.assert_allclose(inputs[targets == k].std(axis=0), 0.5, atol=0.05)


def test_a_default_spiral_keeps_its_arms_apart() -> None:
    # The arms are 1 / (2 · 1.75) = 0.29 from each other: seven deviations to each side.
    inputs, targets = points("spiral")
    radius, angle = np.hypot(*inputs.T), np.arctan2(inputs[:, 1], inputs[:, 0])
    turns = angle / (2 * np.pi) - 1.75 * radius - targets / 2
    assert (np.abs(turns - np.rint(turns))[radius > 0.2] < 0.25).mean() > 0.99


def test_the_spirals_arms_turn_with_their_radius() -> None:
    inputs, targets = points("spiral", noise=0.0, samples=1000)
    radius = np.hypot(*inputs.T)
    assert radius.max() <= 1
    angle = 2 * np.pi * 1.75 * radius + np.pi * targets
    turned = inputs[:, 0] * np.cos(angle) + inputs[:, 1] * np.sin(angle)
    np.testing.assert_allclose(turned, radius, atol=1e-9)
    # The points are even over the disc, whose half has a radius of √½.
    assert np.median(radius) == pytest.approx(np.sqrt(0.5), abs=0.05)


@NAMES
@pytest.mark.parametrize("samples", [10, 11, 100, 401])
def test_there_are_as_many_points_as_asked_for_and_of_each_class_as_many(
    name: str, samples: int
) -> None:
    even = {"rare": 0.5} if name == "imbalance" else {}
    inputs, targets = points(name, samples=samples, **even)
    assert inputs.shape == (samples, 2)
    assert targets.shape == (samples,)
    counts = np.bincount(targets)
    assert len(counts) == (3 if name == "blobs" else 2)
    assert np.ptp(counts) <= 1


@NAMES
def test_the_seed_decides(name: str) -> None:
    first, again, other = (points(name, seed=seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    noise = {"spiral": 0.02, "imbalance": 0.5}.get(name, 0.1)
    assert load(name).fingerprint() == load(name, seed=0, noise=noise, samples=400).fingerprint()


@NAMES
def test_noise_is_normal_on_each_coordinate(name: str) -> None:
    (still, targets), (noisy, classes) = (points(name, samples=9000, noise=n) for n in (0.0, 1.0))
    if name != "spiral":
        # The library shuffles the points, and draws other numbers for it without noise.
        still, noisy = (
            np.array([p[t == k].mean(axis=0) for k in range(t.max() + 1)])
            for p, t in ((still, targets), (noisy, classes))
        )
        np.testing.assert_allclose(noisy, still, atol=0.1)
        return
    noise = noisy - still
    np.testing.assert_allclose(noise.mean(axis=0), 0, atol=0.05)
    np.testing.assert_allclose(noise.std(axis=0), 1, atol=0.05)


@NAMES
def test_classes_are_whole_numbers_and_features_are_named(name: str) -> None:
    dataset = load(name)
    assert dataset.classes == ((0, 1, 2) if name == "blobs" else (0, 1))
    assert [feature.name for feature in dataset.features] == ["x1", "x2"]
    assert dataset.splits["train"].inputs.dtype == np.float64


MOONS = "dataset: {name: moons, samples: 200, validation: 0.2}\nlearning_rate: 0.01\nepochs: 40\n"


@NAMES
def test_trains_and_predicts_its_test_part(name: str, workplace: Path, nnscratch: Command) -> None:
    (workplace / "toy.yaml").write_text(MOONS.replace("moons", name))
    result = nnscratch("train", "toy.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    evaluated = nnscratch("evaluate", "latest", "--format", "json")
    assert evaluated.code == 0, evaluated.err
    assert '"rows": 40' in evaluated.out
    for split, rows in (("train", 120), ("validation", 40), ("test", 40)):
        predicted = nnscratch("predict", "latest", "--split", split)
        assert predicted.code == 0, predicted.err
        assert len(predicted.out.splitlines()) == 1 + rows


def test_two_trainings_with_one_seed_give_the_same_weights_to_the_bit(
    workplace: Path, nnscratch: Command
) -> None:
    (workplace / "toy.yaml").write_text(MOONS)
    runs = [
        nnscratch("train", "toy.yaml", f"seed={seed}", "--quiet", "--no-plots").out.strip()
        for seed in (7, 7, 8)
    ]
    first, again, other = ((workplace / run / "weights.npz").read_bytes() for run in runs)
    assert first == again
    assert first != other
    rerun = nnscratch("train", f"{runs[0]}/config.yaml", "--quiet", "--no-plots")
    assert (workplace / rerun.out.strip() / "weights.npz").read_bytes() == first


def test_moons_are_learned(workplace: Path, nnscratch: Command) -> None:
    (workplace / "toy.yaml").write_text(MOONS)
    nnscratch("train", "toy.yaml", "epochs=150", "--quiet", "--no-plots")
    # By the formulas: the middle of each arc, and the end that lies away from the other.
    model = Model.load(next((workplace / "runs").iterdir()))
    sure = np.array([[0, 1], [1, -0.5], [-1, 0], [2, 0.5]])
    assert model.predict(sure).tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("setting", "fragment"),
    [
        ("samples=5", "samples"),
        ("samples=1.5", "samples"),
        ("noise=-1", "noise"),
        ("noise=nan", "noise"),
        ("seed=-1", "seed"),
        ("validation=200", "validation"),
        ("test=1.0", "test"),
        ("test=-0.1", "test"),
        ("test=0.99", "validation"),
        ("turns=3", "turns"),
    ],
)
def test_settings_that_do_not_fit_are_refused(
    setting: str, fragment: str, workplace: Path, nnscratch: Command
) -> None:
    (workplace / "toy.yaml").write_text(MOONS)
    code, _, err = nnscratch("train", "toy.yaml", f"dataset.{setting}", "--quiet")
    assert code == 2
    assert "Traceback" not in err
    assert all(line.startswith("error: ") for line in err.splitlines())
    assert f"dataset.{fragment}" in err
    assert not (workplace / "runs").exists()
