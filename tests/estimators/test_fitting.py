"""Fitting: sample weights, validation sets, going on, and what is refused."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier as Theirs

from nnscratch.estimators import MLPClassifier, MLPRegressor
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_a_validation_set_of_ones_own(words: Data) -> None:
    x, y = words
    estimator = MLPClassifier((5,), max_iter=4, alpha=0.0, random_state=0)
    estimator.fit(x[::2], y[::2], validation_data=(x[1::2], y[1::2]))
    curve, scores = estimator.validation_loss_curve_, estimator.validation_scores_
    assert len(curve) == len(scores) == 4
    assert curve[-1] == pytest.approx(log_loss(y[1::2], estimator.predict_proba(x[1::2])))
    assert scores[-1] == estimator.score(x[1::2], y[1::2])
    # Nothing of it is trained on.
    alone = MLPClassifier((5,), max_iter=4, alpha=0.0, random_state=0).fit(x[::2], y[::2])
    np.testing.assert_array_equal(alone.coefs_[0], estimator.coefs_[0])
    assert alone.validation_loss_curve_ is None


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_weights_of_the_validation_set_count(words: Data, solver: str) -> None:
    x, y = words
    times = np.arange(150) % 3
    estimator = MLPClassifier((5,), max_iter=3, solver=solver, random_state=0)
    estimator.fit(x, y, validation_data=(x, y, times))
    proba, score = estimator.predict_proba(x), estimator.score(x, y, sample_weight=times)
    expected = log_loss(y, proba, sample_weight=times)
    assert estimator.validation_loss_curve_[-1] == pytest.approx(expected)
    assert estimator.validation_scores_[-1] == pytest.approx(score)


def test_early_stopping_goes_by_the_validation_set_that_is_given(words: Data) -> None:
    x, y = words
    estimator = MLPClassifier(early_stopping=True, tol=1.0, n_iter_no_change=3, random_state=0)
    estimator.fit(x, y, validation_data=(x[:9], y[:9]))
    assert estimator.n_iter_ == 5
    assert estimator.t_ == 5 * 150


@pytest.mark.parametrize("settings", [{}, {"class_weight": "balanced"}])
def test_class_weights_are_weights_of_rows(words: Data, settings: dict[str, Any]) -> None:
    x, y = words[0][:110], words[1][:110]
    each = {"setosa": 110 / 150, "versicolor": 110 / 150, "virginica": 11 / 3}
    weights = np.array([each[label] for label in y])
    common: dict[str, Any] = {"max_iter": 5, "random_state": 0, "batch_size": "full"}
    one = MLPClassifier(**common, class_weight=settings.get("class_weight", each)).fit(x, y)
    other = MLPClassifier(**common).fit(x, y, sample_weight=weights)
    np.testing.assert_allclose(one.predict_proba(x), other.predict_proba(x), rtol=1e-9)
    plain = MLPClassifier(**common).fit(x, y)
    assert one.predict_proba(x)[:, 2].mean() > plain.predict_proba(x)[:, 2].mean()


def test_training_goes_on_from_weights_that_were_set(iris: Data) -> None:
    start = Theirs((6,), random_state=5, max_iter=1).fit(*iris)
    estimators = []
    for kind in (Theirs, MLPClassifier):
        estimator = kind((6,), warm_start=True, max_iter=1, random_state=0).fit(*iris)
        estimator.coefs_ = [array.copy() for array in start.coefs_]
        estimator.intercepts_ = [array.copy() for array in start.intercepts_]
        estimators.append(estimator.set_params(max_iter=20).fit(*iris))
    theirs, ours = estimators
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours.predict_proba(iris[0]), theirs.predict_proba(iris[0]))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dropout": 1.0}, "The 'dropout' parameter of MLPClassifier must be a float"),
        ({"solver": "adamm"}, "The 'solver' parameter of MLPClassifier must be a str among"),
        ({"activation": "relux"}, "The 'activation' parameter of MLPClassifier"),
        ({"class_weight": "equal"}, "The 'class_weight' parameter of MLPClassifier"),
        ({"momentum": 1.0}, "The 'momentum' parameter of MLPClassifier"),
        ({"solver": {"name": "adamm"}}, "'adamm' is not one of"),
        ({"solver": "lbfgs", "dropout": 0.5}, "takes no schedule, clip_norm, max_norm"),
        ({"hidden_layer_sizes": (3, 0)}, "hidden_layer_sizes must be > 0"),
        ({"batch_norm": True, "batch_size": 149}, "makes a batch of one row"),
    ],
)
def test_bad_parameters_are_refused(iris: Data, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MLPClassifier(**settings).fit(*iris)


@pytest.mark.parametrize("weights", [np.ones(3), np.full(150, -1.0), np.zeros(150)])
def test_bad_sample_weights_are_refused(iris: Data, weights: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"(?i)sample.?weight"):
        MLPClassifier().fit(*iris, sample_weight=weights)


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        (lambda x, _: x, "`validation_data` must be .* got ndarray"),
        (lambda x, _: (x,), "`validation_data` must be .* got tuple"),
        (lambda *_: 5, "`validation_data` must be .* got int"),
        (lambda x, y: (x[:, :3], y), "X has 3 features, but MLPClassifier is expecting 4"),
        (lambda x, y: (x, y[:5]), "inconsistent numbers of samples"),
        (lambda x, y: (x, y + 1), r"has classes that `y` does not have: \[3\]"),
        (lambda x, y: (x, y, -np.ones(150)), "(?i)negative"),
        (lambda x, y: (x, np.eye(3, dtype=int)[y]), "`y` must be classes, as before; got labels"),
    ],
)
def test_bad_rows_to_validate_on_are_refused(iris: Data, cut: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MLPClassifier(max_iter=1).fit(*iris, validation_data=cut(*iris))


def test_layers_cannot_change_where_training_goes_on(iris: Data) -> None:
    estimator = MLPClassifier((5,), warm_start=True, max_iter=1).fit(*iris)
    with pytest.raises(ValueError, match="hidden_layer_sizes cannot change"):
        estimator.set_params(hidden_layer_sizes=(5, 5)).fit(*iris)
    with pytest.raises(ValueError, match="hidden_layer_sizes cannot change"):
        estimator.set_params(hidden_layer_sizes=(6,)).fit(*iris)


def test_a_generator_is_used_up_and_a_number_is_not(diabetes: Data) -> None:
    random = np.random.RandomState(0)
    settings: dict[str, Any] = {"max_iter": 2, "dropout": 0.5}
    one, two = (MLPRegressor(random_state=random, **settings).fit(*diabetes) for _ in range(2))
    assert not np.array_equal(one.coefs_[0], two.coefs_[0])
    one, two = (MLPRegressor(random_state=0, **settings).fit(*diabetes) for _ in range(2))
    np.testing.assert_array_equal(one.coefs_[0], two.coefs_[0])
