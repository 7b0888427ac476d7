"""Rows whose neighbours in the file are alike, as those of a time series, and a random split.

Each held-out row then has neighbours among those to train on, which a row from the future has not.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnscratch.config.settings.datasets import SplitSettings
from nnscratch.data.scaling import fit_scaling
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.simple_models import choose_models, cross_validate
from nnscratch.nn.metrics import regression_scores
from nnscratch.nn.parameters import Array

_MIN_ROWS = 40
_MAX_ROWS = 5_000
_MAX_NUMBERS = 20_000_000
_MIN_AUTOCORRELATION = 0.7
# A table is sorted by its target if this share of the steps from row to row goes one way.
_SORTED = 0.95
# Scores of rows in order and at random differ by more than this.
_MIN_LOSS = 0.05
_LAST_SHARE = 0.2


def check_row_order(experiment: Experiment) -> Iterator[Finding]:
    """Looks for a random split of rows that come in an order.

    Only numbers to predict are looked at: many tables are sorted by class, which is no sequence.
    """
    settings, dataset = experiment.config.dataset, experiment.dataset
    if not isinstance(settings, SplitSettings) or not dataset.held_out or dataset.image:
        return
    if getattr(settings, "split", "random") != "random" or experiment.model.encoding.probabilities:
        return
    # Held-out rows were drawn from these, which are still in the order of the file.
    train = dataset.splits["train"]
    if dataset.classes is not None or dataset.numbers > 1 or len(train) < _MIN_ROWS:
        return
    targets = train.targets[:, 0].astype(np.float64)
    likeness = autocorrelation(targets)
    if likeness < _MIN_AUTOCORRELATION or is_sorted(targets):
        return
    at_random, at_the_end = _score(experiment)
    if at_random - at_the_end < _MIN_LOSS:
        return
    rule = (
        "the targets of neighbouring rows are alike, as in a time series (their rank correlation "
        f"is {likeness:.2f}), and rows are held out at random: simple models reach R² "
        f"{at_random:.3f} on such rows, but {at_the_end:.3f} on the last fifth of the training rows"
    )
    remedy = (
        "if the rows to predict come after these, dataset.split=in_order holds out the last rows, "
        "whose scores are those to expect"
    )
    yield Finding(rule, remedy=remedy, level="look")


def autocorrelation(numbers: NDArray[np.floating]) -> float:
    """Returns how alike neighbours are, 1 − Σ (r′ − r)² / 2 (n − 1) σ² with the numbers' ranks r.

    That is 0 for random order and 1 for a smooth curve: von Neumann's ratio η (1941), of ranks
    (Bartels 1982), as 1 − η / 2.
    """
    from pandas import Series

    ranks = Series(numbers).rank().to_numpy()
    variance = ranks.var()
    return float(1.0 - np.square(np.diff(ranks)).mean() / (2 * variance)) if variance else 0.0


def is_sorted(numbers: NDArray[np.floating]) -> bool:
    """Returns whether hardly any step from row to row goes against the others."""
    # Differences of the largest floats have no number.
    rises, falls = np.mean(numbers[1:] > numbers[:-1]), np.mean(numbers[1:] < numbers[:-1])
    return bool(max(rises, falls) >= _SORTED * (rises + falls))


def _score(experiment: Experiment) -> tuple[float, float]:
    """Returns the best R² of simple models on random rows, and on the last ones."""
    model, train = experiment.model, experiment.dataset.splits["train"]
    most = min(_MAX_ROWS, max(_MIN_ROWS, _MAX_NUMBERS // model.preprocessing.outputs))
    # Evenly spaced, so that the order remains.
    rows = train[:: -(-len(train) // most)]
    x = model.preprocessing.transform(rows.inputs, np.float64)
    x = fit_scaling(x, "standardize").apply(x)
    y = fit_scaling(rows.targets, "standardize").apply(rows.targets)
    end = round(len(y) * (1 - _LAST_SHARE))
    # Cross-validation deals out the rows one by one, so that their neighbours are in other folds.
    models = choose_models(model.encoding).values()
    at_random = [_r2(y, cross_validate(predict, x, y)) for predict in models]
    at_the_end = [_r2(y[end:], predict(x[:end], y[:end], x[end:])) for predict in models]
    return max(at_random), max(at_the_end)


def _r2(targets: Array, predicted: Array) -> float:
    return regression_scores(targets, predicted)["r2"]
