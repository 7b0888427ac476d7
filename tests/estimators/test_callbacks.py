"""scikit-learn's callbacks, set on an estimator or handed on to it."""

from typing import Any

import pytest
from sklearn.callback import ProgressBar, ScoringMonitor
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnscratch.estimators import MLPClassifier
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


class StopAfter:
    """Ends training after some epochs, and notes what it is told."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.events: list[str] = []

    def setup(self, estimator: Any, context: Any) -> None:
        self.events.append("setup")

    def teardown(self, estimator: Any, context: Any) -> None:
        self.events.append("teardown")

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        self.events.append(f"{context.task_name} begins")

    def on_fit_task_end(self, estimator: Any, context: Any) -> bool:
        self.events.append(f"{context.task_name} ends")
        return self.events.count("epoch ends") >= self.epochs


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_a_monitor_scores_the_network_of_each_epoch(words: Data, solver: str) -> None:
    monitor = ScoringMonitor(scoring="neg_log_loss")
    estimator = MLPClassifier((5,), solver=solver, max_iter=4, alpha=0.0, random_state=0)
    estimator.set_callbacks(monitor).fit(*words)
    rows = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert [row["task_id"] for row in rows] == [0, 1, 2, 3]
    final = -log_loss(words[1], estimator.predict_proba(words[0]))
    assert rows[-1]["neg_log_loss"] == pytest.approx(final, rel=1e-12)
    assert rows[0]["neg_log_loss"] < final
    if solver == "lbfgs":
        losses = [-row["neg_log_loss"] for row in rows]
        assert losses == pytest.approx(estimator.loss_curve_, rel=1e-12)


def test_a_callback_ends_training_and_hears_of_every_task(words: Data) -> None:
    callback = StopAfter(2)
    estimator = MLPClassifier((5,), max_iter=9).set_callbacks(callback).fit(*words)
    assert estimator.n_iter_ == 2
    epoch = ["epoch begins", "epoch ends"]
    assert callback.events == ["setup", "fit begins", *epoch, *epoch, "fit ends", "teardown"]


def test_an_epoch_that_never_was_is_ended_too(words: Data) -> None:
    callback = StopAfter(1000)
    estimator = MLPClassifier((5,), solver="lbfgs", tol=1e3).set_callbacks(callback).fit(*words)
    assert estimator.n_iter_ == 0
    assert callback.events.count("epoch begins") == callback.events.count("epoch ends")


def test_teardown_comes_after_an_error_too(words: Data) -> None:
    callback = StopAfter(1)
    with pytest.raises(ValueError, match="NaN"):
        MLPClassifier().set_callbacks(callback).fit(words[0] * float("nan"), words[1])
    MLPClassifier(max_iter=1).set_callbacks(callback).fit(*words)
    assert callback.events[-1] == "teardown"


def test_a_search_hands_its_progress_bar_on(
    words: Data, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline = make_pipeline(StandardScaler(), MLPClassifier((5,), max_iter=3))
    search = GridSearchCV(pipeline, {"mlpclassifier__alpha": [0.1]}, cv=2)
    search.set_callbacks(ProgressBar(max_propagation_depth=None)).fit(*words)
    assert "MLPClassifier" in capsys.readouterr().out
