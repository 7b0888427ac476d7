"""MLPRegressor: one number and several, counts, precision, and what is refused."""

from typing import Any

import numpy as np
import pytest
from sklearn.exceptions import DataConversionWarning
from sklearn.neural_network import MLPRegressor as Theirs

from nnscratch.estimators import MLPRegressor
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
BOTH: Any = (Theirs, MLPRegressor)


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
@pytest.mark.parametrize("outputs", [1, 3])
def test_numbers_are_theirs(diabetes: Data, solver: str, outputs: int) -> None:
    x, y = diabetes
    y = y if outputs == 1 else np.column_stack([y, y**2, -y])
    theirs, ours = (
        kind(hidden_layer_sizes=(9,), solver=solver, random_state=0, max_iter=9).fit(x, y)
        for kind in BOTH
    )
    assert ours.predict(x).shape == theirs.predict(x).shape
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-6, atol=1e-9)
    assert ours.score(x, y) == pytest.approx(theirs.score(x, y), rel=1e-9)
    assert ours.out_activation_ == theirs.out_activation_ == "identity"


def test_counts_are_theirs(diabetes: Data) -> None:
    x, y = diabetes[0], np.round(np.exp(diabetes[1]))
    theirs, ours = (kind(loss="poisson", random_state=0, max_iter=9).fit(x, y) for kind in BOTH)
    np.testing.assert_allclose(ours.loss_curve_, theirs.loss_curve_, rtol=1e-12)
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-9)
    assert ours.out_activation_ == theirs.out_activation_ == "exp"
    with pytest.raises(ValueError, match="out of the valid range of the loss 'poisson'"):
        ours.fit(x, y - 1)


def test_the_precision_is_that_of_the_rows(diabetes: Data) -> None:
    x, y = diabetes
    estimator = MLPRegressor(random_state=0, max_iter=2).fit(x.astype(np.float32), y)
    assert {array.dtype for array in estimator.coefs_} == {np.dtype(np.float32)}
    assert estimator.predict(x.astype(np.float32)).dtype == np.float32
    assert estimator.predict(x).dtype == np.float32


@pytest.mark.parametrize("loss", ["mean_absolute_error", {"name": "huber", "delta": 0.3}])
def test_other_losses_are_less_moved_by_outliers(diabetes: Data, loss: Any) -> None:
    x, y = diabetes
    wild = np.where(np.arange(len(y)) % 20 == 0, y + 30, y)
    settings: dict[str, Any] = {
        "hidden_layer_sizes": (5,), "random_state": 0, "max_iter": 300, "learning_rate_init": 0.01
    }  # fmt: skip
    robust = MLPRegressor(loss=loss, **settings).fit(x, wild)
    squared = MLPRegressor(**settings).fit(x, wild)
    assert robust.score(x, y) > 0.4 > squared.score(x, y)


def test_the_number_of_outputs_stays_where_training_goes_on(diabetes: Data) -> None:
    x, y = diabetes
    estimator = MLPRegressor(random_state=0).partial_fit(x, y)
    with pytest.raises(ValueError, match="y has 2 outputs, but there were 1 before"):
        estimator.partial_fit(x, np.column_stack([y, y]))
    assert not hasattr(MLPRegressor(solver="lbfgs"), "partial_fit")


def test_a_column_is_taken_with_a_warning(diabetes: Data) -> None:
    with pytest.warns(DataConversionWarning, match="column-vector y"):
        estimator = MLPRegressor(max_iter=1).fit(diabetes[0], diabetes[1][:, np.newaxis])
    assert estimator.predict(diabetes[0]).ndim == 1
