"""What a network has to beat, and whether the inputs say anything about the targets at all."""

from collections.abc import Iterator

import numpy as np

from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text
from nnscratch.insight.doctor.baseline_predictions import (
    BaselinePredictions,
    cross_validate_baselines,
    predict_baselines,
)
from nnscratch.insight.doctor.chance import is_no_better_than_chance
from nnscratch.insight.doctor.finding import Finding
from nnscratch.nn.metrics import regression_scores
from nnscratch.nn.parameters import Array

# With fewer held-out rows, the training rows have to lead to the same conclusion.
_MIN_ROWS_TO_BE_SURE = 200


def check_baselines(experiment: Experiment) -> Iterator[Finding]:
    """Reports the scores of simple models, and whether any of them beats chance."""
    baselines = predict_baselines(experiment)
    predictions = baselines.models | {_name_constant(experiment, baselines): baselines.constant}
    scores = {name: _score(experiment, p, baselines.targets) for name, p in predictions.items()}
    classes = experiment.dataset.classes is not None
    if not is_no_better_than_chance(baselines, classes=classes):
        best, *others = sorted(scores, key=lambda name: scores[name][0], reverse=True)
        rule = f"baseline to beat on {baselines.rows}: {scores[best][1]}, by {best}"
        listed = "; ".join(f"{name}: {scores[name][1]}" for name in others)
        yield Finding(f"{rule} ({listed})" if others else rule)
        return
    listed = "; ".join(f"{name}: {score}" for name, (_, score) in scores.items())
    rule = (
        "the inputs seem to say nothing about the targets: no simple model beats chance by two "
        f"standard errors on {baselines.rows} ({listed})"
    )
    remedy = (
        "check that rows and targets are not shuffled against each other, and that the columns are "
        "the intended ones"
    )
    if len(baselines.targets) >= _MIN_ROWS_TO_BE_SURE or is_no_better_than_chance(
        cross_validate_baselines(experiment), classes=classes
    ):
        yield Finding(rule, remedy=remedy, level="problem")
    else:
        yield Finding(rule, remedy=f"{remedy}; hold out more rows to be surer", level="look")


def _score(experiment: Experiment, predicted: Array, targets: Array) -> tuple[float, str]:
    """Returns a number to compare predictions by, higher is better, and the score as text."""
    encoding = experiment.model.encoding
    if encoding.classes is None and not encoding.multi_label:
        scores = regression_scores(targets, predicted)
        r2 = f"R² {scores['r2']:z.3f}" if np.ptp(targets, axis=0).all() else "R² unknown"
        rmse = f"RMSE {scores['rmse']:.4g}, " if encoding.numbers == 1 else ""
        return -scores["rmse"], f"{rmse}{r2}"
    correct = (predicted > 0.5) == (targets > 0.5)
    if encoding.classes is not None:
        correct = predicted.argmax(axis=1) == targets.argmax(axis=1)
    return float(correct.mean()), f"accuracy {correct.mean():.1%}"


def _name_constant(experiment: Experiment, baselines: BaselinePredictions) -> str:
    encoding = experiment.model.encoding
    if encoding.classes is not None:
        most_common = encoding.classes[int(baselines.constant.mean(axis=0).argmax())]
        return f"always predicting {label_text(most_common)}"
    return f"always predicting {'the same labels' if encoding.multi_label else 'the mean'}"
