"""The methods: each trains on the rows of a case, and predicts those to test with."""

import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables.cases import Case
from nnscratch import prepare
from nnscratch.config import Config
from nnscratch.experiment.loading import split_dataset
from nnscratch.search.plan import Plan, list_jobs
from nnscratch.training.trainer import Trainer

Values = NDArray[np.float64]


class Score(NamedTuple):
    """How well a method predicts the test rows of a case."""

    error: float
    """The share of wrong classes, or the root mean square error of numbers."""
    log_loss: float | None
    """Of classes."""
    auc: float | None
    """The area under the curve, of more than two classes the mean of one against the rest."""
    seconds: float
    """For training and predicting."""


# What predicts probabilities (rows, classes) or numbers (rows,) of a case's test rows.
Method = Callable[[Case], Values]

EARLIER = "init csv, earlier"
BOOSTING = "HistGradientBoosting"
MLPS = ("scikit-learn's MLP", "MLP, early stopping")
# The config that `init csv` wrote before there were presets.
_EARLIER = [
    "preset=null",
    "architecture=[16]",
    "batch_size=32",
    "learning_rate=0.01",
    "schedule=constant",
    "dataset.validation=0.1",
]


def measure(method: Method, case: Case) -> Score:
    """Returns how well a method predicts, and how long that takes."""
    started = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # such as those of scikit-learn's MLP, which has not converged
        predicted = method(case)
    seconds = perf_counter() - started
    targets = case.columns.splits["test"].targets
    if case.columns.classes is None:
        difference = predicted - targets[:, 0]
        return Score(float(np.sqrt(np.mean(difference**2))), None, None, seconds)
    from sklearn.metrics import roc_auc_score

    shares = np.clip(predicted, 1e-7, None)
    shares /= shares.sum(axis=1, keepdims=True)
    log_loss = -np.log(shares[np.arange(len(targets)), targets]).mean()
    of_two = shares.shape[1] == 2
    auc = roc_auc_score(targets, shares[:, 1] if of_two else shares, multi_class="ovr")
    wrong = predicted.argmax(axis=1) != targets
    return Score(float(wrong.mean()), float(log_loss), float(auc), seconds)


def nnscratch(*overrides: str) -> Method:
    """Returns what a config of `init csv` describes, with other settings.

    Of an ensemble the mean predicts.
    """

    def method(case: Case) -> Values:
        config = case.configure([*overrides])
        jobs = list_jobs(Plan(ensemble=config.ensemble), config)
        mean: Values = np.mean([_train(case, job.config) for job in jobs], axis=0)
        return mean

    return method


def _train(case: Case, config: Config) -> Values:
    experiment = prepare(config, dataset=split_dataset(config, case.dataset))
    trainer = Trainer(experiment)
    for _ in trainer.epochs():
        pass
    trainer.install_best()
    model = experiment.model
    outputs = model.outputs(experiment.dataset.splits["test"].inputs)
    if case.columns.classes is None:
        numbers: Values = model.encoding.decode(outputs)[:, 0].astype(np.float64)
        return numbers
    return model.encoding.to_probabilities(outputs).astype(np.float64)


def earlier(case: Case) -> Values:
    """Predicts as the config did that `init csv` wrote before there were presets."""
    epochs = 100 if len(case.dataset.splits["train"]) < 4000 else 20
    return nnscratch(*_EARLIER, f"epochs={epochs}")(case)


def _fitted(
    classifier: Any, regressor: Any, case: Case, train: NDArray[Any], test: NDArray[Any]
) -> Values:
    """Returns what a scikit-learn model predicts; numbers are standardized for it."""
    targets = case.columns.splits["train"].targets
    if case.columns.classes is None:
        mean, spread = float(targets.mean()), float(targets.std()) or 1.0
        predicted = regressor().fit(train, (targets[:, 0] - mean) / spread).predict(test)
        return np.asarray(predicted) * spread + mean
    model = classifier().fit(train, targets)
    shares = np.zeros((len(test), len(case.columns.classes)))
    shares[:, model.classes_] = model.predict_proba(test)
    return shares


def mlp(*, early_stopping: bool) -> Method:
    """Returns scikit-learn's MLP with its defaults, or with early stopping."""

    def method(case: Case) -> Values:
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        def settings(kind: Any) -> Any:
            return lambda: kind(early_stopping=early_stopping, random_state=case.number)

        return _fitted(settings(MLPClassifier), settings(MLPRegressor), case, *case.numbers)

    return method


def linear(case: Case) -> Values:
    """Predicts with logistic regression or ridge regression."""
    from sklearn.linear_model import LogisticRegression, RidgeCV

    return _fitted(lambda: LogisticRegression(max_iter=1000), RidgeCV, case, *case.numbers)


def boosting(case: Case) -> Values:
    """Predicts with scikit-learn's histogram gradient boosting, which knows about categories."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    # It takes at most 255 categories; codes of more are numbers to it.
    features = case.columns.features
    categorical = [bool(f.categories) and len(f.categories or ()) <= 255 for f in features]
    is_category = np.array([f.categories is not None for f in features])
    train, test = (
        np.where((inputs < 0) & is_category, np.nan, inputs)
        for inputs in (case.columns.splits[part].inputs for part in ("train", "test"))
    )

    def settings(kind: Any) -> Any:
        return lambda: kind(categorical_features=categorical, random_state=case.number)

    return _fitted(
        settings(HistGradientBoostingClassifier),
        settings(HistGradientBoostingRegressor),
        case,
        train,
        test,
    )


def realmlp(case: Case) -> Values:
    """Predicts with pytabkit's RealMLP-TD-S."""
    from pytabkit import (  # type: ignore[import-not-found]  # only where it is installed
        RealMLP_TD_S_Classifier,
        RealMLP_TD_S_Regressor,
    )

    def settings(kind: Any) -> Any:
        return lambda: kind(random_state=case.number, device="cpu", n_threads=1)

    train, test = (numbers.astype(np.float32) for numbers in case.numbers)
    return _fitted(
        settings(RealMLP_TD_S_Classifier), settings(RealMLP_TD_S_Regressor), case, train, test
    )


OURS: Mapping[str, Method] = {
    "tabular": nnscratch("preset=tabular"),
    "tabular-fast": nnscratch("preset=tabular-fast"),
    "tabular-best": nnscratch("preset=tabular-best"),
    EARLIER: earlier,
    "all defaults": nnscratch("preset=null"),
}
OTHERS: Mapping[str, Method] = {
    BOOSTING: boosting,
    **{name: mlp(early_stopping=bool(i)) for i, name in enumerate(MLPS)},
    "linear": linear,
    **({"RealMLP-TD-S": realmlp} if find_spec("pytabkit") else {}),
}
METHODS: Mapping[str, Method] = {**OURS, **OTHERS}
