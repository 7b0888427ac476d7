"""What simple models predict: from which rows they learn, and what the constant prediction is."""

import numpy as np
import pytest

from nnscratch.insight.doctor.baseline_predictions import keep_finite, predict_baselines
from tests.insight.doctor.support import shipped


def test_without_held_out_rows_the_models_are_cross_validated() -> None:
    predictions = predict_baselines(shipped("iris", "dataset.test=0"))
    assert predictions.rows == "the 150 training rows, by cross-validation"
    right = (
        predictions.models["a linear model"].argmax(axis=1) == predictions.targets.argmax(axis=1)
    ).mean()
    assert 0.93 < right < 0.99  # as in many a textbook
    # The mean of the other folds, in which the row's own class is the rarer.
    assert predictions.constant.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)


def test_the_constant_prediction_is_the_mean_of_all_rows_to_train_on() -> None:
    # These are more than the other models learn from.
    experiment = shipped("moons", "dataset.samples=12000", "dataset.test=11")
    shares = np.bincount(experiment.dataset.splits["train"].targets) / 11_989
    assert predict_baselines(experiment).constant[0] == pytest.approx(shares)


def test_the_logarithm_of_the_target_is_predicted_on_its_own_scale() -> None:
    experiment = shipped("diabetes")
    plain, logarithms = (predict_baselines(experiment, logarithms=log) for log in (False, True))
    assert logarithms.targets == pytest.approx(np.log(plain.targets))
    mean = np.log(experiment.dataset.splits["train"].targets).mean()
    assert logarithms.constant == pytest.approx(np.full(plain.targets.shape, mean))
    assert logarithms.models.keys() == plain.models.keys()


def test_only_finite_predictions_are_kept() -> None:
    good, bad = np.ones((3, 1)), np.array([[1.0], [np.inf], [2.0]])
    assert [*keep_finite({"good": good, "bad": bad})] == ["good"]
