"""What is to be beaten, against scikit-learn's own figures, and when the inputs tell nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import r2_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from nnscratch.data.dataset import Split
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.baseline_check import (
    Contest,
    check_baselines,
    is_in_vain,
    run_contest,
)
from nnscratch.insight.doctor.baselines import cross_validate
from tests.insight.examining import inline, make, shipped


def shuffled(experiment: Experiment, seed: int = 0) -> Experiment:
    """Returns an experiment whose targets went astray."""
    rng = np.random.default_rng(seed)
    splits = {
        name: replace(split, targets=rng.permutation(split.targets))
        for name, split in experiment.dataset.splits.items()
    }
    return replace(experiment, dataset=replace(experiment.dataset, splits=splits))


def scaled(experiment: Experiment, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns training inputs, a part's inputs and its targets, standardized by scikit-learn."""
    train, part = experiment.dataset.splits["train"], experiment.dataset.splits[name]
    scaler = StandardScaler().fit(train.inputs)
    return scaler.transform(train.inputs), scaler.transform(part.inputs), part.targets


def test_classifiers_reach_what_scikit_learn_says_on_the_test_part() -> None:
    experiment = shipped("iris")
    x, unknown, targets = scaled(experiment, "test")
    y = experiment.dataset.splits["train"].targets
    contest = run_contest(experiment)
    assert contest.rows == "the 30 test rows"
    models = [LogisticRegression(max_iter=300), KNeighborsClassifier(5)]
    for model, answers in zip(models, contest.others.values(), strict=True):
        expected = model.fit(x, y).score(unknown, targets)
        right = answers.argmax(axis=1) == contest.targets.argmax(axis=1)
        assert right.mean() == pytest.approx(expected)
    (finding,) = check_baselines(experiment)
    best = max(model.score(unknown, targets) for model in models)
    assert finding.level == "fine"
    assert finding.what.startswith(f"to match or beat on the 30 test rows: {best:.1%} right")
    assert "always answering" in finding.what
    assert "33.3% right" in finding.what


def test_regression_is_judged_on_the_validation_part_in_the_units_of_the_data() -> None:
    experiment = shipped("diabetes")
    x, unknown, targets = scaled(experiment, "validation")
    y = experiment.dataset.splits["train"].targets
    expected = Ridge().fit(x, y).predict(unknown).reshape(-1, 1)
    rmse = np.sqrt(np.mean((expected - targets) ** 2))
    (finding,) = check_baselines(experiment)
    assert "on the 66 validation rows" in finding.what
    assert f"RMSE {rmse:.4g}, R² {r2_score(targets, expected):.3f}, by a linear" in finding.what


def test_without_rows_held_out_it_is_cross_validated() -> None:
    contest = run_contest(shipped("iris", "dataset.test=0"))
    assert contest.rows == "the 150 rows to train on, by cross-validation"
    right = (
        contest.others["a linear model"].argmax(axis=1) == contest.targets.argmax(axis=1)
    ).mean()
    assert 0.93 < right < 0.99  # as in many a textbook
    # What is said of a row is what the other folds have, of which its own class is the rarer.
    assert contest.constant.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)


@pytest.mark.parametrize("name", ["xor", "parity", "four-points", "not"])
def test_of_few_rows_only_the_constant_answer_is_known(name: str) -> None:
    (finding,) = check_baselines(shipped(name))
    assert finding.level == "fine"
    assert "linear" not in finding.what


@pytest.mark.parametrize("bits", [7, 8])
def test_neighbours_that_are_surely_wrong_tell_something(bits: int) -> None:
    # In parity each row is surrounded by rows of the other class.
    (finding,) = check_baselines(shipped("xor", f"dataset.inputs={bits}"))
    assert finding.level == "fine"
    assert "5 nearest neighbours: 0.0% right" in finding.what


@pytest.mark.parametrize("name", ["iris", "digits", "diabetes", "moons", "csv"])
def test_shuffled_targets_are_a_problem_that_names_its_cause(name: str) -> None:
    experiment = shipped(name)
    assert next(check_baselines(experiment)).level == "fine"
    (finding,) = check_baselines(shuffled(experiment))
    assert finding.level == "problem"
    assert "tell nothing about the targets" in finding.what
    assert "shuffled against each other" in finding.advice


@pytest.mark.parametrize("name", ["circles", "spiral"])
def test_what_only_neighbours_see_is_no_problem(name: str) -> None:
    assert next(check_baselines(shipped("moons", f"dataset={name}"))).level == "fine"


def test_a_rare_class_is_no_reason_to_say_that_nothing_is_told() -> None:
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


def test_two_standard_errors_above_chance_and_four_below_are_the_borders() -> None:
    # Of 10,000 rows half are 1 and half −1, and so are the answers, of which a share s is right.
    # The covariance is m = 2 s − 1 with a standard error of √(1 − m²) / 100: above two of them
    # from m = 0.019996 on, below minus four from m = −0.039968 on.
    targets = np.repeat([[1.0], [-1.0]], 5000, axis=0)
    for right, in_vain in ((2549, True), (2550, False), (2401, True), (2400, False)):
        ones = np.where(np.arange(5000) < right, 1.0, -1.0)
        answers = np.concatenate([ones, -ones])[:, np.newaxis]
        contest = Contest("rows", targets, np.zeros_like(targets), {"a linear model": answers})
        assert is_in_vain(contest, classes=False) is in_vain


def test_each_fold_has_its_share_of_each_class_and_is_answered_by_the_others() -> None:
    targets = np.eye(2)[[0] * 20 + [1] * 5]
    asked = []

    def note(x: np.ndarray, y: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        assert y.sum(axis=0).tolist() == [16, 4]
        assert not set(x[:, 0]) & set(unknown[:, 0])
        asked.append(len(unknown))
        return np.hstack([unknown, -unknown])

    rows = np.arange(25.0)[:, np.newaxis]
    assert cross_validate(note, rows, targets)[:, 0].tolist() == rows[:, 0].tolist()
    assert asked == [5] * 5


def test_the_constant_answer_is_that_of_all_rows_to_train_on() -> None:
    # More of them than the other answers learn from.
    experiment = shipped("moons", "dataset.samples=12000", "dataset.test=11")
    shares = np.bincount(experiment.dataset.splits["train"].targets) / 11_989
    assert run_contest(experiment).constant[0] == pytest.approx(shares)


def test_too_few_mistakes_leave_no_room_to_tell() -> None:
    targets = np.eye(2)[[0] * 91 + [1] * 9]
    constant = np.broadcast_to([0.9, 0.1], targets.shape)
    contest = Contest("rows", targets, constant, {"a linear model": constant})
    assert not is_in_vain(contest, classes=True)


def test_several_labels_and_several_numbers_are_judged_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 2)).round(3)
    labels = (x > 0).astype(int)
    labels[:, 1] = 1  # always there: there is nothing to tell apart
    experiment = inline(tmp_path, x.tolist(), labels.tolist(), loss="binary_cross_entropy")
    (finding,) = check_baselines(experiment)
    assert finding.level == "fine"
    assert "always answering the same labels" in finding.what
    numbers = (x @ [[1.0, 10.0], [2.0, 0.0]]).round(3)
    (finding,) = check_baselines(inline(tmp_path, x.tolist(), numbers.tolist()))
    assert "R² 1.000, by a linear model" in finding.what
    assert "RMSE" not in finding.what


def test_inputs_that_nothing_scales_are_scaled_for_the_baselines(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100, 2))
    lines = [f"{a * 1e9:.3f},{b:.6f},{'u' if b > 0 else 'v'}" for a, b in x]
    (tmp_path / "rows.csv").write_text("\n".join(["a,b,y", *lines]))
    settings = {"name": "csv", "path": "rows.csv", "target": "y", "scaling": "none"}
    (finding,) = check_baselines(make(tmp_path, dataset=settings))
    assert float(finding.what.partition(": ")[2].partition("%")[0]) >= 90


def test_a_held_out_part_with_one_target_only_has_no_r2(tmp_path: Path) -> None:
    experiment = shipped("diabetes")
    splits = dict(experiment.dataset.splits)
    part = splits["validation"]
    splits["validation"] = replace(part, targets=np.full_like(part.targets, 100.0))
    dataset = replace(experiment.dataset, splits=splits)
    (finding,) = check_baselines(replace(experiment, dataset=dataset))
    assert finding.level == "fine"
    assert "R² unknown" in finding.what
