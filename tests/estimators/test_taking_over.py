"""Networks that scikit-learn has trained: the same predictions, and all that nnscratch can do."""

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import neural_network as theirs
from sklearn.datasets import make_multilabel_classification
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from nnscratch import Model
from nnscratch.estimators import import_sklearn
from tests.conftest import Command
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.parametrize("activation", ["relu", "logistic"])
def test_a_classifier_predicts_as_before_and_trains_on(
    words: Data, solver: str, activation: str
) -> None:
    fitted = theirs.MLPClassifier(
        (6, 5), solver=solver, activation=activation, random_state=0, max_iter=9
    ).fit(*words)
    ours = import_sklearn(fitted)
    expected = fitted.predict_proba(words[0])
    np.testing.assert_allclose(ours.predict_proba(words[0]), expected, rtol=1e-10)
    assert ours.loss_ == fitted.loss_
    assert ours.get_params()["activation"] == activation
    np.testing.assert_array_equal(fitted.predict_proba(words[0]), expected)
    if solver == "lbfgs":
        return  # whose line search may choose another length than scipy's
    other: Any = copy.deepcopy(fitted).set_params(warm_start=True, max_iter=3).fit(*words)
    ours.set_params(warm_start=True, max_iter=3).fit(*words)
    np.testing.assert_allclose(ours.predict_proba(words[0]), other.predict_proba(words[0]))


def test_labels_numbers_and_counts_are_taken_over(diabetes: Data) -> None:
    x, labels = make_multilabel_classification(60, 5, n_classes=3, random_state=0)
    fitted = theirs.MLPClassifier((6,), random_state=0, max_iter=9).fit(x, labels)
    np.testing.assert_array_equal(import_sklearn(fitted).predict(x), fitted.predict(x))
    for loss in ("squared_error", "poisson"):
        regressor = theirs.MLPRegressor(loss, (6,), random_state=0, max_iter=9)
        regressor.fit(diabetes[0], np.exp(diabetes[1]))
        predicted = import_sklearn(regressor).predict(diabetes[0])
        np.testing.assert_allclose(predicted, regressor.predict(diabetes[0]), rtol=1e-10)


def test_its_file_can_be_explained(words: Data, tmp_path: Path, nnscratch: Command) -> None:
    fitted = theirs.MLPClassifier((3,), random_state=0, max_iter=9).fit(*words)
    import_sklearn(fitted).save(tmp_path / "theirs.npz")
    assert Model.load(tmp_path / "theirs.npz").predict(words[0][:1])[0] == fitted.predict(
        words[0][:1]
    )
    values = ",".join(f"{value:.4f}" for value in words[0][0])
    told = nnscratch("explain", tmp_path / "theirs.npz", "--input", values)
    assert told.code == 0, told.err
    assert f"the network predicts {fitted.predict(words[0][:1])[0]}" in told.out


def test_anything_else_is_refused(words: Data) -> None:
    with pytest.raises(TypeError, match="must be an MLPClassifier or MLPRegressor of scikit-learn"):
        import_sklearn(LogisticRegression().fit(*words))
    with pytest.raises(NotFittedError):
        import_sklearn(theirs.MLPRegressor())
