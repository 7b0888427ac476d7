"""Curves, the best epoch, and the rules by which training is over."""

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from nnscratch.estimators import MLPClassifier, MLPRegressor
from tests.estimators.conftest import Data

quiet = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_training_that_was_too_short_is_a_convergence_warning(iris: Data) -> None:
    with pytest.warns(ConvergenceWarning, match=r"Maximum iterations \(3\) reached"):
        MLPClassifier(max_iter=3).fit(*iris)
    with pytest.warns(ConvergenceWarning, match=r"after 2 iteration\(s\): max_iter=2 is reached"):
        MLPClassifier(solver="lbfgs", max_iter=2).fit(*iris)
    with pytest.warns(ConvergenceWarning, match="max_fun=4 is reached"):
        MLPClassifier(solver="lbfgs", max_fun=4).fit(*iris)


@quiet
def test_the_weights_of_the_best_score_are_kept(iris: Data) -> None:
    estimator = MLPClassifier(
        early_stopping=True, random_state=0, max_iter=300, learning_rate_init=0.05
    ).fit(*iris)
    scores = estimator.validation_scores_
    assert estimator.best_validation_score_ == max(scores)
    assert estimator.best_loss_ is None
    assert len(scores) == len(estimator.loss_curve_) == estimator.n_iter_ < 300
    assert len(estimator.validation_loss_curve_) == estimator.n_iter_
    # Training again to the best epoch gives these weights.
    best = int(np.argmax(scores)) + 1
    again = MLPClassifier(
        early_stopping=True, random_state=0, max_iter=best, learning_rate_init=0.05
    ).fit(*iris)
    np.testing.assert_array_equal(again.coefs_[0], estimator.coefs_[0])


@quiet
def test_the_curve_of_lbfgs_has_the_loss_after_each_step(diabetes: Data) -> None:
    estimator = MLPRegressor(solver="lbfgs", random_state=0, max_iter=7).fit(*diabetes)
    assert estimator.n_iter_ == len(estimator.loss_curve_) == 7
    assert estimator.loss_ == estimator.loss_curve_[-1]
    assert estimator.loss_curve_ == sorted(estimator.loss_curve_, reverse=True)
    error = float(np.mean((estimator.predict(diabetes[0]) - diabetes[1]) ** 2)) / 2
    squares = sum(float(np.sum(coef**2)) for coef in estimator.coefs_)
    penalized = error + 0.0001 / 2 * squares / len(diabetes[1])
    assert estimator.loss_ == pytest.approx(penalized, rel=1e-12)


def test_a_run_that_diverges_is_their_error(diabetes: Data) -> None:
    estimator = MLPRegressor(
        solver="sgd", learning_rate_init=1e3, random_state=0, activation="identity"
    )
    with pytest.raises(ValueError, match="Solver produced non-finite parameter weights") as caught:
        estimator.fit(diabetes[0], 1e3 * diabetes[1])
    assert "training diverged in epoch" in str(caught.value)


def test_what_is_printed(iris: Data, capsys: pytest.CaptureFixture[str]) -> None:
    MLPClassifier(verbose=True, tol=10.0, n_iter_no_change=2, early_stopping=True).fit(*iris)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Iteration 1, loss = ")
    assert lines[1].startswith("Validation score: ")
    assert lines[-1] == (
        "Validation score did not improve more than tol=10.000000 for 2 consecutive epochs. "
        "Stopping."
    )
    MLPClassifier(
        solver="sgd", learning_rate="adaptive", verbose=True, tol=10.0, n_iter_no_change=1
    ).fit(*iris)
    lines = capsys.readouterr().out.splitlines()
    assert "Setting learning rate to 0.000200" in " ".join(lines)
    assert lines[-1].endswith("Learning rate too small. Stopping.")


@quiet
@pytest.mark.parametrize("first", [False, True])
def test_what_stops_it_may_change_between_two_fits(first: bool, iris: Data) -> None:
    estimator = MLPClassifier(max_iter=3, random_state=0, warm_start=True)
    scores, losses = [], []
    for by_score in (first, not first):
        estimator.set_params(early_stopping=by_score).fit(*iris)
        if by_score:
            scores = estimator.validation_scores_
        else:
            losses = estimator.loss_curve_[-3:]
    assert (estimator.best_validation_score_, estimator.best_loss_) == (max(scores), min(losses))
