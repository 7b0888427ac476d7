"""What a network has to beat, against scikit-learn, and when the inputs say nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import r2_score
from sklearn.neighbors import KNeighborsClassifier

from nnscratch.data.dataset import Split
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.baseline_predictions import Baselines, predict_baselines
from nnscratch.insight.doctor.baselines import (
    check_baselines,
    has_heavy_tail,
    is_no_better_than_chance,
)
from tests.insight.doctor.support import find, inline, make, scaled, shipped, table_of


def shuffled(experiment: Experiment, seed: int = 0) -> Experiment:
    """Returns an experiment whose targets went astray."""
    rng = np.random.default_rng(seed)
    splits = {
        name: replace(split, targets=rng.permutation(split.targets))
        for name, split in experiment.dataset.splits.items()
    }
    return replace(experiment, dataset=replace(experiment.dataset, splits=splits))


def test_classifiers_reach_what_scikit_learn_says_on_the_test_part() -> None:
    experiment = shipped("iris")
    x, unknown, targets = scaled(experiment, "test")
    y = experiment.dataset.splits["train"].targets
    predictions = predict_baselines(experiment)
    assert predictions.rows == "the 30 test rows"
    models = [LogisticRegression(max_iter=300), KNeighborsClassifier(5)]
    for model, predicted in zip(models, predictions.models.values(), strict=True):
        expected = model.fit(x, y).score(unknown, targets)
        right = predicted.argmax(axis=1) == predictions.targets.argmax(axis=1)
        assert right.mean() == pytest.approx(expected)
    (finding,) = check_baselines(experiment)
    best = max(model.score(unknown, targets) for model in models)
    assert finding.level == "fine"
    assert finding.rule.startswith(f"baseline to beat on the 30 test rows: accuracy {best:.1%}")
    assert "always predicting" in finding.rule
    assert "accuracy 33.3%" in finding.rule


def test_regression_is_judged_on_the_validation_part_in_the_units_of_the_data() -> None:
    experiment = shipped("diabetes")
    x, unknown, targets = scaled(experiment, "validation")
    y = experiment.dataset.splits["train"].targets
    expected = Ridge().fit(x, y).predict(unknown).reshape(-1, 1)
    rmse = np.sqrt(np.mean((expected - targets) ** 2))
    (finding,) = check_baselines(experiment)
    assert "on the 66 validation rows" in finding.rule
    assert f"RMSE {rmse:.4g}, R² {r2_score(targets, expected):.3f}, by a linear" in finding.rule


@pytest.mark.parametrize("name", ["xor", "parity", "four-points", "not"])
def test_few_rows_have_only_the_constant_prediction(name: str) -> None:
    (finding,) = check_baselines(shipped(name))
    assert finding.level == "fine"
    assert "linear" not in finding.rule


@pytest.mark.parametrize("bits", [7, 8])
def test_neighbours_that_are_surely_wrong_tell_something(bits: int) -> None:
    # In parity each row is surrounded by rows of the other class.
    (finding,) = check_baselines(shipped("xor", f"dataset.inputs={bits}"))
    assert finding.level == "fine"
    assert "5 nearest neighbours: accuracy 0.0%" in finding.rule


@pytest.mark.parametrize("name", ["iris", "digits", "diabetes", "moons", "csv"])
def test_shuffled_targets_are_a_problem_that_names_its_cause(name: str) -> None:
    experiment = shipped(name)
    assert next(check_baselines(experiment)).level == "fine"
    (finding,) = check_baselines(shuffled(experiment))
    assert finding.level == "problem"
    assert "say nothing about the targets" in finding.rule
    assert "shuffled against each other" in finding.remedy


@pytest.mark.parametrize("name", ["circles", "spiral"])
def test_what_only_neighbours_see_is_no_problem(name: str) -> None:
    assert next(check_baselines(shipped("moons", f"dataset={name}"))).level == "fine"


def test_a_rare_class_is_no_lack_of_signal() -> None:
    # No model beats an accuracy of 95 % here, but the rare class has its place on the line.
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 1))
    y = (rng.random(2000) < 0.1 / (1 + np.exp(-2 * x[:, 0]))).astype(np.intp)
    experiment = shipped("moons")
    splits = {
        "train": Split(np.hstack([x, x])[:1600], y[:1600]),
        "test": Split(np.hstack([x, x])[1600:], y[1600:]),
    }
    experiment = replace(experiment, dataset=replace(experiment.dataset, splits=splits))
    assert next(check_baselines(experiment)).level == "fine"


def test_several_labels_and_several_numbers_are_judged_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 2)).round(3)
    labels = (x > 0).astype(int)
    labels[:, 1] = 1  # always there: there is nothing to tell apart
    experiment = inline(tmp_path, x.tolist(), labels.tolist(), loss="binary_cross_entropy")
    (finding,) = check_baselines(experiment)
    assert finding.level == "fine"
    assert "always predicting the same labels" in finding.rule
    numbers = (x @ [[1.0, 10.0], [2.0, 0.0]]).round(3)
    (finding,) = check_baselines(inline(tmp_path, x.tolist(), numbers.tolist()))
    assert "R² 1.000, by a linear model" in finding.rule
    assert "RMSE" not in finding.rule


def test_inputs_that_nothing_scales_are_scaled_for_the_baselines(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100, 2))
    lines = [f"{a * 1e9:.3f},{b:.6f},{'u' if b > 0 else 'v'}" for a, b in x]
    (tmp_path / "rows.csv").write_text("\n".join(["a,b,y", *lines]))
    settings = {"name": "csv", "path": "rows.csv", "target": "y", "scaling": "none"}
    (finding,) = check_baselines(make(tmp_path, dataset=settings))
    assert float(finding.rule.partition(": accuracy ")[2].partition("%")[0]) >= 90


def test_a_held_out_part_with_one_target_only_has_no_r2(tmp_path: Path) -> None:
    experiment = shipped("diabetes")
    splits = dict(experiment.dataset.splits)
    part = splits["validation"]
    splits["validation"] = replace(part, targets=np.full_like(part.targets, 100.0))
    dataset = replace(experiment.dataset, splits=splits)
    (finding,) = check_baselines(replace(experiment, dataset=dataset))
    assert finding.level == "fine"
    assert "R² unknown" in finding.rule


def test_two_standard_errors_above_chance_and_four_below_are_the_borders() -> None:
    # Of 10,000 rows half are 1 and half −1, and so are the predicted, of which a share s is right.
    # The covariance is m = 2 s − 1 with a standard error of √(1 − m²) / 100: above two of them
    # from m = 0.019996 on, below minus four from m = −0.039968 on.
    targets = np.repeat([[1.0], [-1.0]], 5000, axis=0)
    for right, chance in ((2549, True), (2550, False), (2401, True), (2400, False)):
        ones = np.where(np.arange(5000) < right, 1.0, -1.0)
        predicted = np.concatenate([ones, -ones])[:, np.newaxis]
        predictions = Baselines(
            "rows", targets, np.zeros_like(targets), {"a linear model": predicted}
        )
        assert is_no_better_than_chance(predictions, classes=False) is chance


def test_too_few_errors_leave_no_room_to_decide() -> None:
    targets = np.eye(2)[[0] * 91 + [1] * 9]
    constant = np.broadcast_to([0.9, 0.1], targets.shape)
    predictions = Baselines("rows", targets, constant, {"a linear model": constant})
    assert not is_no_better_than_chance(predictions, classes=True)


def heavy(folder: Path, signal: float, **dataset: object) -> Experiment:
    """Returns an experiment whose target's logarithm is a sum of two columns and noise."""
    rng = np.random.default_rng(6)
    a, b, noise = rng.normal(size=(3, 600))
    y = np.exp(signal * (3 * a + 2 * b) + 0.3 * noise if signal else 5 * noise)
    return table_of(folder, {"a": a, "b": b, "y": y}, test=0.4, **dataset)


def test_a_relation_that_only_the_logarithm_shows_is_seen(tmp_path: Path) -> None:
    experiment = heavy(tmp_path, 2.0)
    train, test = experiment.dataset.splits["train"], experiment.dataset.splits["test"]
    x, unknown, _ = scaled(experiment, "test")
    on_logarithms = Ridge().fit(x, np.log(train.targets)).predict(unknown).reshape(-1, 1)
    baseline, advice = check_baselines(experiment)
    assert (baseline.level, advice.level) == ("fine", "look")
    in_units = np.exp(on_logarithms)
    assert f"R² {r2_score(test.targets, in_units):.3f}, by a linear model of the" in baseline.rule
    assert f"R² {r2_score(np.log(test.targets), on_logarithms):.3f} on the log" in advice.rule
    assert f"off by {np.abs(in_units - test.targets).mean():.4g} on average" in advice.rule
    assert advice.remedy.endswith("dataset.target_transform=log")


def test_without_a_relation_the_logarithm_shows_none(tmp_path: Path) -> None:
    experiment = heavy(tmp_path, 0.0)
    assert has_heavy_tail(experiment)
    (finding,) = check_baselines(experiment)
    assert finding.level == "problem"
    assert "say nothing" in finding.rule


def test_the_logarithm_is_tried_for_skewed_numbers_above_0_only(tmp_path: Path) -> None:
    x = np.random.default_rng(1).normal(size=200)
    tails = {
        True: [np.exp(x), np.exp(x) * 1e-310, np.exp(x) * 1e150],
        False: [x, np.exp(x) - np.exp(x).min(), x + 10, np.exp(-np.exp(x)), np.ones(200)],
    }
    for expected, targets in tails.items():
        for y in targets:
            experiment = table_of(tmp_path, {"x": x, "y": y}, task="regression")
            assert has_heavy_tail(experiment) is expected
    assert not has_heavy_tail(shipped("iris"))


def test_outliers_are_named_as_what_hides_a_relation(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    x, z = rng.normal(size=(2, 300))
    y = x + rng.normal(size=300)
    y[11] = 1e12
    findings = list(check_baselines(table_of(tmp_path, {"x": x, "z": z, "y": y})))
    finding = find("say nothing", findings)
    assert finding.remedy.startswith("first correct the values far outside the rest")


@pytest.mark.parametrize("unit", [1e-315, 1e-300, 1.0, 1e150])
def test_the_unit_of_the_targets_does_not_matter(unit: float, tmp_path: Path) -> None:
    x = np.random.default_rng(1).normal(size=(200, 2))
    columns = {"a": x[:, 0], "b": x[:, 1], "y": (x @ [1, 2] + 0.1) * unit}
    (finding,) = check_baselines(table_of(tmp_path, columns, test=0.2))
    assert finding.level == "fine"
    assert "R² 1.000, by a linear model" in finding.rule
