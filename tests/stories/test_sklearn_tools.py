"""The estimators in scikit-learn's tools: pipelines, searches, ensembles, inspection."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.experimental import enable_halving_search_cv
from sklearn.inspection import PartialDependenceDisplay, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    HalvingRandomSearchCV,
    TunedThresholdClassifierCV,
    cross_val_score,
    learning_curve,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nnscratch.estimators import MLPClassifier, MLPRegressor
from tests.estimators.conftest import Data, diabetes, iris, words

__all__ = ["diabetes", "enable_halving_search_cv", "iris", "words"]


pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def quick(**settings: Any) -> MLPClassifier:
    """Returns a classifier that learns iris in a moment."""
    return MLPClassifier((6,), solver="lbfgs", alpha=0.1, random_state=0, **settings)


def two_classes(words: Data) -> Data:
    return words[0][50:], words[1][50:]


def test_pipeline_and_column_transformer() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"size": rng.normal(5, 2, 80), "colour": rng.choice(["red", "blue", "green"], 80)}
    )
    y = np.where((frame["colour"] == "red") & (frame["size"] > 5), "buy", "leave")
    columns = ColumnTransformer(
        [("numbers", StandardScaler(), ["size"]), ("words", OneHotEncoder(), ["colour"])]
    )
    assert make_pipeline(columns, quick()).fit(frame, y).score(frame, y) > 0.95


def test_grid_search(words: Data) -> None:
    search = GridSearchCV(quick(), {"alpha": [1e4, 0.1]}, cv=3).fit(*words)
    assert search.best_params_ == {"alpha": 0.1}


@pytest.mark.slow  # processes that import scikit-learn
def test_grid_search_in_processes(words: Data) -> None:
    grid = {"activation": ["tanh", {"name": "elu"}]}
    search = GridSearchCV(quick(), grid, cv=2, n_jobs=2, refit=False).fit(*words)
    assert search.cv_results_["mean_test_score"].min() > 0.9


def test_halving_random_search(words: Data) -> None:
    search = HalvingRandomSearchCV(
        quick(), {"alpha": [1e-3, 1e-1, 1e3]}, n_candidates=3, random_state=0, cv=3
    )
    assert search.fit(*words).best_params_["alpha"] < 1e3


def test_cross_val_score(words: Data, diabetes: Data) -> None:
    assert cross_val_score(quick(), *words, cv=3).mean() > 0.9
    regressor = MLPRegressor("huber", (4,), solver="lbfgs", alpha=10.0, random_state=0)
    assert cross_val_score(regressor, *diabetes, cv=3).mean() > 0.3


def test_calibration(words: Data) -> None:
    calibrated = CalibratedClassifierCV(quick(), cv=3).fit(*words)
    assert calibrated.predict_proba(words[0]).sum() == pytest.approx(150)


def test_tuned_threshold(words: Data) -> None:
    tuned = TunedThresholdClassifierCV(quick(), cv=3).fit(*two_classes(words))
    assert tuned.score(*two_classes(words)) > 0.9


def test_bagging(words: Data) -> None:
    bagging = BaggingClassifier(quick(), n_estimators=3, random_state=0).fit(*words)
    assert bagging.score(*words) > 0.9


def test_stacking(words: Data) -> None:
    stack = StackingClassifier([("net", quick()), ("line", LogisticRegression())], cv=3)
    assert stack.fit(*words).score(*words) > 0.9


def test_voting(words: Data) -> None:
    vote = VotingClassifier([("a", quick()), ("b", quick(dropout=0.0))], voting="soft")
    assert vote.fit(*words).score(*words) > 0.9


def test_permutation_importance(words: Data) -> None:
    found = permutation_importance(quick().fit(*words), *words, random_state=0, n_repeats=3)
    assert found.importances_mean[2:].sum() > found.importances_mean[:2].sum()


def test_partial_dependence(diabetes: Data) -> None:
    fitted = MLPRegressor(hidden_layer_sizes=(4,), solver="lbfgs", alpha=10.0, random_state=0)
    axes = Figure().subplots()
    display = PartialDependenceDisplay.from_estimator(
        fitted.fit(*diabetes), diabetes[0], [2], ax=axes, grid_resolution=5
    )
    curve = display.pd_results[0]["average"][0]
    assert curve[-1] > curve[0]  # body mass makes it worse


def test_learning_curve(words: Data) -> None:
    _, _, scores = learning_curve(
        quick(), *words, train_sizes=[0.1, 1.0], cv=3, shuffle=True, random_state=0
    )
    assert scores[1].mean() > 0.9


def test_several_outputs(words: Data) -> None:
    x, y = words
    both = np.column_stack([y, x[:, 0] > 0])
    assert MultiOutputClassifier(quick()).fit(x, both).predict(x).shape == (150, 2)


def test_one_against_the_rest(words: Data) -> None:
    assert OneVsRestClassifier(quick()).fit(*words).score(*words) > 0.9
