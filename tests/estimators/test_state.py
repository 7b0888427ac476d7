"""The network behind an estimator: assigned weights, copies, pickles, threads."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.base import clone

from nnscratch.estimators import MLPClassifier, MLPRegressor
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(scope="module")
def fitted(words: Data) -> MLPClassifier:
    estimator = MLPClassifier((6, 4), batch_norm=True, random_state=0, max_iter=5)
    estimator.fit(*words)
    return estimator


def test_the_attributes_are_the_networks_own_arrays(fitted: MLPClassifier, words: Data) -> None:
    estimator = copy.deepcopy(fitted)
    before = estimator.predict_proba(words[0])
    estimator.coefs_[0][:] = 0.0
    assert not np.array_equal(estimator.predict_proba(words[0]), before)


def test_other_arrays_can_be_assigned(words: Data) -> None:
    estimator = MLPClassifier((6,), random_state=0, max_iter=2).fit(*words)
    estimator.coefs_ = [np.zeros((4, 6)), np.zeros((6, 3))]
    estimator.intercepts_ = [np.zeros(6), np.log([1.0, 2.0, 7.0])]
    expected = np.tile([0.1, 0.2, 0.7], (150, 1))
    np.testing.assert_allclose(estimator.predict_proba(words[0]), expected, rtol=1e-12)
    estimator.coefs_[0] = np.zeros((3, 6))
    with pytest.raises(ValueError, match=r"must have the shape \(4, 6\); got \(3, 6\)"):
        estimator.predict(words[0])


def test_copies_and_pickles_predict_the_same_and_go_their_own_way(
    fitted: MLPClassifier, words: Data, tmp_path: Path
) -> None:
    expected = fitted.predict_proba(words[0])
    joblib.dump(fitted, tmp_path / "e.joblib")
    for again in (
        copy.copy(fitted),
        copy.deepcopy(fitted),
        pickle.loads(pickle.dumps(fitted)),  # noqa: S301 - made here
        joblib.load(tmp_path / "e.joblib"),
    ):
        np.testing.assert_array_equal(again.predict_proba(words[0]), expected)
        again.partial_fit(*words)
        assert not np.array_equal(again.predict_proba(words[0]), expected)
    np.testing.assert_array_equal(fitted.predict_proba(words[0]), expected)
    mapped = joblib.load(tmp_path / "e.joblib", mmap_mode="r")
    np.testing.assert_array_equal(mapped.predict_proba(words[0]), expected)


def test_training_goes_on_after_a_pickle_as_without_one(diabetes: Data) -> None:
    estimators = [MLPRegressor(random_state=0), MLPRegressor(random_state=0)]
    for epoch in range(6):
        for estimator in estimators:
            estimator.partial_fit(*diabetes)
        if epoch == 2:
            estimators[1] = pickle.loads(pickle.dumps(estimators[1]))  # noqa: S301 - made here
    one, two = (estimator.predict(diabetes[0]) for estimator in estimators)
    np.testing.assert_array_equal(one, two)


def test_a_clone_has_learned_nothing(fitted: MLPClassifier) -> None:
    new = clone(fitted)
    assert new.get_params() == fitted.get_params()
    assert not hasattr(new, "coefs_")


def test_threads_do_not_disturb_each_other(fitted: MLPClassifier, words: Data) -> None:
    parts = [words[0][:n] for n in range(1, 120)]
    expected = [fitted.predict_proba(part) for part in parts]
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(fitted.predict_proba, parts))
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_array_equal(one, other)
