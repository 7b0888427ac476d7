"""scikit-learn's checks of estimators: all pass, with each of these settings."""

from collections.abc import Callable
from typing import Any

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from nnscratch.estimators import MLPClassifier, MLPRegressor

# They fit for a moment only, and some do not converge.
pytestmark = pytest.mark.filterwarnings("ignore")

MANY = [
    MLPClassifier(solver="lbfgs"),
    MLPRegressor(solver="lbfgs"),
    MLPClassifier(
        solver="sgd",
        learning_rate_init=0.1,
        activation="tanh",
        clip_norm=1.0,
        average=0.9,
        batch_size="full",
    ),
    MLPClassifier(
        loss="hinge", hidden_layer_sizes=[{"units": 20, "activation": "elu"}, 10], l1=1e-6
    ),
    MLPRegressor(loss="huber", solver="adamw", schedule="cosine", activation="logistic"),
    MLPRegressor(loss="log_cosh", solver={"name": "nadam"}, initializer="lecun_normal", l2=1e-3),
]


@parametrize_with_checks([MLPClassifier(max_iter=20), MLPRegressor(max_iter=20)])
def test_a_check_passes(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)


@pytest.mark.slow  # each setting takes several seconds
@parametrize_with_checks([MLPClassifier(), MLPRegressor(), *MANY])
def test_a_check_passes_with_other_settings(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)
