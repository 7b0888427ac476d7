"""Which rows simple models predict, against scikit-learn."""

import numpy as np
import pytest

from nnscratch.insight.doctor.baseline_predictions import predict_baselines
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
