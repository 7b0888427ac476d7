"""MLPClassifier: labels of every kind, probabilities, and scikit-learn's words for mistakes."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import make_multilabel_classification
from sklearn.neural_network import MLPClassifier as Theirs

from nnscratch.estimators import MLPClassifier
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
BOTH: Any = (Theirs, MLPClassifier)


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["b", "a", "c"]),
        np.array(["b", "a", "c"], object),
        np.array([7, 3, 5]),
        np.array([0.0, 2.0, 1.0]),
        np.array([True, False, True]),
        np.array(["no", "yes", "no"]),
        np.array([4, 4, 4]),
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_labels_and_probabilities_are_theirs(iris: Data, labels: Any, dtype: Any) -> None:
    x, y = iris[0].astype(dtype), labels[iris[1]]
    theirs, ours = (kind((6,), random_state=0, max_iter=8).fit(x, y) for kind in BOTH)
    np.testing.assert_array_equal(ours.classes_, theirs.classes_)
    predicted = ours.predict(x)
    np.testing.assert_array_equal(predicted, theirs.predict(x))
    assert predicted.dtype == theirs.predict(x).dtype
    tolerance = 1e-4 if dtype == np.float32 else 1e-10
    proba = ours.predict_proba(x)
    assert proba.dtype == dtype
    if len(theirs.classes_) > 1:
        np.testing.assert_allclose(proba, theirs.predict_proba(x), rtol=tolerance)
        log_proba = theirs.predict_log_proba(x)
        np.testing.assert_allclose(ours.predict_log_proba(x), log_proba, rtol=tolerance)
    else:
        assert proba.tolist() == [[1.0]] * 150
    for name in ("n_features_in_", "n_layers_", "n_outputs_", "out_activation_", "t_", "n_iter_"):
        assert getattr(ours, name) == getattr(theirs, name), name


@pytest.mark.parametrize("as_targets", [np.asarray, csr_array])
def test_several_labels_a_row_are_theirs(as_targets: Any) -> None:
    x, y = make_multilabel_classification(60, 8, n_classes=4, random_state=0)
    x = x / 10
    theirs, ours = (
        kind((6,), random_state=0, max_iter=9, batch_size=25).fit(x, as_targets(y)) for kind in BOTH
    )
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=1e-12)
    np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), rtol=1e-9)
    labels = [estimator.predict(x) for estimator in (ours, theirs)]
    assert type(labels[0]) is type(labels[1])
    np.testing.assert_array_equal(*(csr_array(each).toarray() for each in labels))
    assert ours.score(x, as_targets(y)) == theirs.score(x, as_targets(y))
    for estimator in (theirs, ours):
        estimator.partial_fit(x, y)
    np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), rtol=1e-9)


def test_names_of_columns_are_kept_and_checked(words: Data) -> None:
    frame = pd.DataFrame(words[0], columns=["a", "b", "c", "d"])
    estimator = MLPClassifier((5,), max_iter=2, random_state=0).fit(frame, words[1])
    assert estimator.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    plain = MLPClassifier((5,), max_iter=2, random_state=0).fit(*words)
    np.testing.assert_array_equal(estimator.predict_proba(frame), plain.predict_proba(words[0]))
    with pytest.raises(ValueError, match="feature names should match"):
        estimator.predict(frame[["b", "a", "c", "d"]])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        estimator.predict(words[0])


def test_sparse_rows_are_dense_ones(words: Data) -> None:
    x = np.where(words[0] > 0.5, words[0], 0.0)
    settings: dict[str, Any] = {"max_iter": 3, "random_state": 0, "early_stopping": True}
    dense = MLPClassifier((5,), **settings).fit(x, words[1])
    sparse = MLPClassifier((5,), **settings).fit(csr_array(x), words[1])
    np.testing.assert_array_equal(sparse.predict_proba(x), dense.predict_proba(x))
    np.testing.assert_array_equal(sparse.predict_proba(csr_array(x)), dense.predict_proba(x))


@pytest.mark.parametrize("loss", ["hinge", "mean_squared_error", {"name": "huber", "delta": 0.5}])
def test_other_losses_give_classes_without_probabilities(words: Data, loss: Any) -> None:
    estimator = MLPClassifier((8,), loss=loss, solver="lbfgs", random_state=0).fit(*words)
    assert estimator.score(*words) > 0.95
    assert not hasattr(estimator, "predict_proba")
    assert MLPClassifier(loss={"name": "cross_entropy"}).predict_proba


def test_smoothed_labels_are_what_a_network_learns() -> None:
    x, y = np.eye(3), np.array([0, 1, 2])
    estimator = MLPClassifier(
        (8,), label_smoothing=0.3, solver="lbfgs", random_state=0, alpha=0.0, tol=1e-9
    ).fit(x, y)
    # 1 − 0.3 + 0.3 / 3 for the class, and 0.3 / 3 for each of the others.
    np.testing.assert_allclose(estimator.predict_proba(x), 0.7 * np.eye(3) + 0.1, atol=1e-4)


def test_partial_fit_needs_the_classes_once(words: Data) -> None:
    x, y = words
    estimator = MLPClassifier((5,), random_state=0)
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        estimator.partial_fit(x, y)
    estimator.partial_fit(x[:60], y[:60], classes=np.unique(y))
    estimator.partial_fit(x[60:], y[60:])
    assert estimator.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    with pytest.raises(ValueError, match=r"`y` has classes not in `self.classes_`"):
        estimator.partial_fit(x, np.where(y == "setosa", "rosa", y))
    with pytest.raises(ValueError, match="class_weight 'balanced' is not supported"):
        MLPClassifier(class_weight="balanced").partial_fit(x, y, classes=np.unique(y))
    with pytest.raises(ValueError, match="`y` must be classes, as before; got labels"):
        estimator.partial_fit(x, np.eye(3, dtype=int)[np.arange(150) % 3])
    assert not hasattr(MLPClassifier(solver={"name": "lbfgs"}), "partial_fit")


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (np.linspace(0, 1, 150), "Unknown label type: continuous"),
        (np.column_stack([np.arange(150) % 3] * 2), "Multioutput target data is not supported"),
        (np.arange(149), "inconsistent numbers of samples"),
        (np.full(150, np.nan), "contains NaN"),
    ],
)
def test_bad_targets_get_their_words(iris: Data, targets: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MLPClassifier().fit(iris[0], targets)
