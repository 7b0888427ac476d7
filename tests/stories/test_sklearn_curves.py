"""The same settings and data give scikit-learn's losses in each of twenty epochs, to 1e-6 and less.

Where the mathematics differs, that is tested too: L-BFGS once its line search has to try again, and
the losses of weighted mini-batches.
"""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor

from nnscratch.estimators import MLPClassifier, MLPRegressor
from tests.estimators.conftest import Data, diabetes, iris

__all__ = ["diabetes", "iris"]

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
EPOCHS = 20
SETTINGS: dict[str, dict[str, Any]] = {
    "adam": {},
    "adam, small epsilon": {"epsilon": 1e-4, "beta_1": 0.8, "beta_2": 0.99, "alpha": 0.1},
    "sgd": {"solver": "sgd"},
    "sgd without momentum": {"solver": "sgd", "momentum": 0.0, "alpha": 1.0},
    "sgd without Nesterov": {"solver": "sgd", "nesterovs_momentum": False},
    "sgd, invscaling": {"solver": "sgd", "learning_rate": "invscaling"},
    "sgd, adaptive": {"solver": "sgd", "learning_rate": "adaptive", "tol": 0.1},
    "in order": {"shuffle": False, "batch_size": 32},
    "early stopping": {"early_stopping": True},
    "two layers": {"hidden_layer_sizes": (20, 10), "activation": "tanh", "batch_size": 64},
}


# All together take many seconds where other programs compute too.
QUICK = ("adam", "sgd", "early stopping")


@pytest.fixture(scope="module")
def digits() -> Data:
    x, y = load_digits(return_X_y=True)
    return x[:400] / 16, y[:400]


def set_weights(estimator: Any, coefs: list[Any], intercepts: list[Any]) -> None:
    estimator.coefs_ = [array.copy() for array in coefs]
    estimator.intercepts_ = [array.copy() for array in intercepts]


@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SETTINGS],
)
def test_classes_from_the_same_random_state(digits: Data, name: str) -> None:
    settings = {"random_state": 1, "max_iter": EPOCHS, "n_iter_no_change": 2, **SETTINGS[name]}
    theirs, ours = (kind(**settings).fit(*digits) for kind in (TheirClassifier, MLPClassifier))
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=0, atol=1e-10)
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.validation_scores_ == theirs.validation_scores_
    for one, other in zip(ours.coefs_, theirs.coefs_, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-8)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("name", ["adam", "sgd", "sgd, invscaling"])
def test_numbers_from_the_same_random_state(diabetes: Data, name: str, outputs: int) -> None:
    x, y = diabetes
    y = y if outputs == 1 else np.column_stack([y, y**2, -y])
    settings = {"random_state": 1, "max_iter": EPOCHS, **SETTINGS[name]}
    theirs, ours = (kind(**settings).fit(x, y) for kind in (TheirRegressor, MLPRegressor))
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=0, atol=1e-10)


@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_from_weights_that_were_set(iris: Data, solver: str) -> None:
    start = TheirClassifier((7,), random_state=9, max_iter=1).fit(*iris)
    curves = []
    for kind in (TheirClassifier, MLPClassifier):
        estimator = kind((7,), solver=solver, warm_start=True, max_iter=1, random_state=0)
        estimator.set_params(n_iter_no_change=100)
        set_weights(estimator.fit(*iris), start.coefs_, start.intercepts_)
        curves.append(estimator.set_params(max_iter=EPOCHS).fit(*iris).loss_curve_[1:])
    assert len(curves[0]) == EPOCHS
    np.testing.assert_allclose(curves[1], curves[0], rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("activation", "steps"),
    [
        ("logistic", EPOCHS),
        pytest.param("relu", EPOCHS, marks=pytest.mark.slow),
        pytest.param("tanh", 10, marks=pytest.mark.slow),
    ],
)
def test_the_steps_of_lbfgs(digits: Data, activation: str, steps: int) -> None:
    # scikit-learn keeps no curve of L-BFGS: the end of a fit of k steps is its k-th value.
    settings: dict[str, Any] = {
        "solver": "lbfgs",
        "activation": activation,
        "random_state": 1,
        "alpha": 1.0,
        "hidden_layer_sizes": (10,),
    }
    ours = MLPClassifier(**settings, max_iter=EPOCHS).fit(*digits)
    counts = range(1, steps + 1)
    theirs = [TheirClassifier(**settings, max_iter=k).fit(*digits).loss_ for k in counts]
    np.testing.assert_allclose(ours.loss_curve_[:steps], theirs, rtol=0, atol=1e-6)


@pytest.mark.slow
def test_lbfgs_differs_once_its_line_search_has_to_try_again(diabetes: Data) -> None:
    x, y = diabetes[0], np.round(np.exp(diabetes[1]))
    settings: dict[str, Any] = {"loss": "poisson", "solver": "lbfgs", "random_state": 3}
    theirs, ours = (
        kind(**settings, alpha=10.0, hidden_layer_sizes=(5,), max_iter=2000, tol=1e-7).fit(x, y)
        for kind in (TheirRegressor, MLPRegressor)
    )
    early = TheirRegressor(**settings, alpha=10.0, hidden_layer_sizes=(5,), max_iter=20).fit(x, y)
    assert ours.loss_curve_[19] != pytest.approx(early.loss_, rel=1e-6)
    # Both end where the gradient is nothing, at about as good a place.
    assert ours.loss_ == pytest.approx(theirs.loss_, rel=0.05)


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_weighted_rows_in_one_batch(iris: Data, solver: str) -> None:
    weights = np.arange(150) % 4 + 0.5
    settings: dict[str, Any] = {"solver": solver, "random_state": 1, "max_iter": EPOCHS}
    theirs, ours = (
        kind(**settings).fit(*iris, sample_weight=weights)
        for kind in (TheirClassifier, MLPClassifier)
    )
    assert ours.loss_ == pytest.approx(theirs.loss_, abs=1e-6)
    np.testing.assert_allclose(
        ours.predict_proba(iris[0]), theirs.predict_proba(iris[0]), atol=1e-6
    )


def test_weighted_batches_train_alike_but_report_another_mean(iris: Data) -> None:
    # scikit-learn counts the losses of batches by their rows, and not by their weights.
    weights = np.where(iris[1] == 0, 5.0, 1.0)
    settings: dict[str, Any] = {"random_state": 1, "max_iter": EPOCHS, "batch_size": 32}
    theirs, ours = (
        kind(**settings).fit(*iris, sample_weight=weights)
        for kind in (TheirClassifier, MLPClassifier)
    )
    for one, other in zip(ours.coefs_, theirs.coefs_, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-10)
    assert not np.allclose(ours.loss_curve_, theirs.loss_curve_, rtol=0, atol=1e-6)
