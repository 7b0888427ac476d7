"""What both estimators offer: scores, plain rows taken quickly, and no import without need."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.neural_network import MLPClassifier as Theirs

from nnscratch.estimators import MLPClassifier, MLPRegressor
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_importing_nnscratch_imports_no_scikit_learn() -> None:
    script = "import sys, nnscratch; assert 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_an_estimator_that_is_not_fitted_says_so() -> None:
    for call in (lambda: MLPClassifier().predict([[1.0]]), lambda: MLPRegressor().save("x.npz")):
        with pytest.raises(NotFittedError, match="is not fitted yet"):
            call()


@pytest.mark.parametrize(
    "rows",
    [
        [[1.0, 2.0, 3.0]],
        np.ones((2, 3)),
        np.ones(4),
        np.full((2, 4), np.nan),
        np.full((2, 4), np.inf),
        np.empty((0, 4)),
        np.array([["a"] * 4]),
    ],
    ids=["list", "narrow", "flat", "nan", "infinite", "empty", "text"],
)
def test_bad_rows_get_their_words(words: Data, rows: Any) -> None:
    messages = []
    for kind in (Theirs, MLPClassifier):
        estimator = kind((5,), max_iter=1).fit(*words)
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared below
            estimator.predict(rows)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_rows_of_any_kind_are_the_same_rows(words: Data) -> None:
    estimator = MLPClassifier((5,), max_iter=2, random_state=0).fit(*words)
    x = np.round(words[0])
    expected = estimator.predict_proba(x)
    for same in (x.tolist(), x.astype(int), np.asfortranarray(x), x.astype(object)):
        np.testing.assert_allclose(estimator.predict_proba(same), expected, rtol=1e-12)
    huge = np.full((2, 4), 1e308)
    assert estimator.predict(huge).shape == (2,)
