"""What is to be beaten: how well simple answers do on rows that they have not learnt from.

Where none of them is better than saying the same of every row, hardly any network will be.
"""

from collections.abc import Iterator
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.data.sampling import sample
from nnscratch.data.scaling import fit_scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text, plural
from nnscratch.insight.doctor.baselines import answer_mean, cross_validate, predictors
from nnscratch.insight.doctor.finding import Finding
from nnscratch.nn.metrics import regression_scores
from nnscratch.nn.parameters import Array

_MOST_ROWS, _LEAST_ROWS, _MOST_NUMBERS = 5_000, 200, 20_000_000
_LEAST_FOR_FOLDS = 40
# So many mistakes of the constant answer leave room to be better by more than chance.
_LEAST_MISTAKES = 10
# Of fewer rows to judge by, those to train on have to say the same.
_ENOUGH_ROWS = 200
# Standard errors from chance. Cross-validation puts what tells nothing a little below chance,
# since the targets held out are what the others lack; so more of them are asked for there.
_BETTER, _WORSE = 2.0, 4.0


class Contest(NamedTuple):
    """What is answered by name for the same rows; arrays are (rows, outputs), as in `baselines`."""

    rows: str
    """Which rows they are, in words."""
    targets: Array
    constant: Array
    """The same for every row."""
    others: dict[str, Array]
    """None where the rows are too few to learn from some and judge by others."""


def check_baselines(experiment: Experiment) -> Iterator[Finding]:
    """Says what is to be beaten, and whether the inputs tell anything about the targets."""
    contest = run_contest(experiment)
    said = f"always answering {_constant_name(experiment.model.encoding, contest)}"
    answers = {**contest.others, said: contest.constant}
    scores = {name: _score(experiment, given, contest.targets) for name, given in answers.items()}
    best, *rest = sorted(scores, key=lambda name: scores[name][0], reverse=True)
    classes = experiment.dataset.classes is not None
    if is_in_vain(contest, classes=classes):
        enough = len(contest.targets) >= _ENOUGH_ROWS
        sure = enough or is_in_vain(_cross(experiment), classes=classes)
        listed = "; ".join(f"{name}: {scores[name][1]}" for name in answers)
        yield Finding(
            "problem" if sure else "look",
            "the inputs seem to tell nothing about the targets: no simple model is better than "
            f"chance, by two standard errors, on {contest.rows} ({listed})",
            "look whether rows and targets are shuffled against each other, and whether the "
            f"columns are those meant{'' if sure else '; or hold out more rows, to be surer'}",
        )
        return
    others = "; ".join(f"{name}: {scores[name][1]}" for name in rest)
    yield Finding(
        "fine",
        f"to match or beat on {contest.rows}: {scores[best][1]}, by {best}"
        f"{f' ({others})' if others else ''}",
    )


def run_contest(experiment: Experiment) -> Contest:
    """Has the baselines learn from training rows and answer held-out ones.

    Those are of the validation part, else of the test part, else the training rows themselves by
    cross-validation; where these are few, only the constant answer is there.
    """
    dataset, encoding = experiment.dataset, experiment.model.encoding
    judge = next((name for name in ("validation", "test") if name in dataset.splits), None)
    if judge is None:
        return _cross(experiment)
    train, all_targets = _draw(experiment, "train"), dataset.splits["train"].targets
    judged, part = _draw(experiment, judge), dataset.splits[judge]
    y = as_numbers(encoding, train.targets, all_targets)
    of = f"{len(judged):,} of " if len(judged) < len(part) else ""
    x, unknown = _inputs(experiment, train, judged)
    return Contest(
        f"{of}the {plural(len(part), f'{judge} row')}",
        as_numbers(encoding, judged.targets, all_targets),
        _always(encoding, all_targets, len(judged)),
        _finite({name: model(x, y, unknown) for name, model in predictors(encoding).items()}),
    )


def _cross(experiment: Experiment) -> Contest:
    """Has the baselines answer each fifth of the training rows after learning from the others."""
    encoding, train = experiment.model.encoding, _draw(experiment, "train")
    all_targets = experiment.dataset.splits["train"].targets
    y = as_numbers(encoding, train.targets, all_targets)
    rows = f"the {plural(len(all_targets), 'row')} to train on"
    if len(y) < _LEAST_FOR_FOLDS:
        return Contest(rows, y, _always(encoding, all_targets, len(y)), {})
    (x,) = _inputs(experiment, train)
    constant = cross_validate(answer_mean, x, y)
    others = {name: cross_validate(model, x, y) for name, model in predictors(encoding).items()}
    return Contest(f"{rows}, by cross-validation", y, constant, _finite(others))


def _draw(experiment: Experiment, part: str) -> Split:
    """Returns as many rows of a part as simple models learn from quickly."""
    width = experiment.model.preprocessing.outputs
    most = min(_MOST_ROWS, max(_LEAST_ROWS, _MOST_NUMBERS // width))
    return sample(experiment.dataset.splits[part], most, experiment.config.seed)


def as_numbers(encoding: TargetEncoding, targets: NDArray[Any], like: NDArray[Any]) -> Array:
    """Returns targets as numbers (rows, outputs): classes one-hot, numbers standardized.

    Args:
        encoding: What the targets are.
        targets: Class indices (rows,), or numbers (rows, outputs).
        like: Whose mean and standard deviation are taken.
    """
    if encoding.classes is not None:
        one_hot: Array = np.eye(len(encoding.classes))[targets]
        return one_hot
    if encoding.multi_label:
        return targets.astype(np.float64)
    shift, scale = fit_scaling(like, "standardize")
    numbers: Array = (targets - shift) * scale
    return numbers


def _always(encoding: TargetEncoding, targets: NDArray[Any], rows: int) -> Array:
    """Returns the shares of the classes, or the mean of numbers, for so many rows."""
    if encoding.classes is not None:
        # One-hot, the targets of many classes would take much memory.
        mean = np.bincount(targets, minlength=len(encoding.classes)) / len(targets)
    else:
        mean = as_numbers(encoding, targets, targets).mean(axis=0)
    return np.broadcast_to(mean, (rows, mean.size))


def is_in_vain(contest: Contest, *, classes: bool) -> bool:
    """Says whether no answer goes with the targets by more than chance makes it.

    With answers a and targets t, a row's share in their covariance is Σ (a − ā)(t − t̄) over the
    outputs. Chance is left behind where its mean is more than two standard errors above 0; or, for
    classes, that of what is gained in right answers. Answers that are surely wrong tell something
    too, as those of neighbours do in a parity: there the mean is more than four below 0. Nothing
    is said where the rows are too few to tell.

    Args:
        contest: The answers.
        classes: Whether the largest answer of a row is its class.
    """
    targets = contest.targets

    def right(answers: Array) -> Array:
        hits: Array = (answers.argmax(axis=1) == targets.argmax(axis=1)).astype(np.float64)
        return hits

    known = right(contest.constant) if classes else np.zeros(len(targets))
    few = len(targets) - known.sum() < _LEAST_MISTAKES
    if few or not contest.others or not np.ptp(targets, axis=0).any():
        return False
    around = targets - targets.mean(axis=0)
    for answers in contest.others.values():
        together = ((answers - answers.mean(axis=0)) * around).sum(axis=1)
        if _exceeds(together, _BETTER) or _exceeds(-together, _WORSE):
            return False
        # A model is seldom right as often as the commonest class; less often tells nothing.
        if classes and _exceeds(right(answers) - known, _BETTER):
            return False
    return True


def _exceeds(gains: Array, errors: float) -> bool:
    """Says whether the mean of (rows,) is above 0 by more than so many standard errors."""
    return bool(gains.mean() > errors * gains.std() / sqrt(len(gains)))


def _score(experiment: Experiment, answers: Array, targets: Array) -> tuple[float, str]:
    """Returns a number by which to compare answers, the more the better, and it in words."""
    encoding = experiment.model.encoding
    if encoding.classes is None and not encoding.multi_label:
        error = float(np.square(answers - targets).mean())
        r2 = "R² unknown"
        if np.ptp(targets, axis=0).all():
            r2 = f"R² {regression_scores(targets, answers)['r2']:z.3f}"
        if encoding.numbers > 1:
            return -error, r2
        _, scale = fit_scaling(experiment.dataset.splits["train"].targets, "standardize")
        return -error, f"RMSE {sqrt(error) / scale[0]:.4g}, {r2}"
    if encoding.multi_label:
        right = float(((answers > 0.5) == (targets > 0.5)).mean())
    else:
        right = float((answers.argmax(axis=1) == targets.argmax(axis=1)).mean())
    return right, f"{right:.1%} right"


def _constant_name(encoding: TargetEncoding, contest: Contest) -> str:
    if encoding.classes is not None:
        return label_text(encoding.classes[int(contest.constant.mean(axis=0).argmax())])
    return "the same labels" if encoding.multi_label else "the mean"


def _inputs(experiment: Experiment, train: Split, *others: Split) -> list[Array]:
    """Returns what the network is given for rows; standardized, where the config scales nothing."""
    parts = [
        experiment.model.preprocessing.transform(
            split.inputs, np.float32 if split.inputs.dtype == np.uint8 else np.float64
        )
        for split in (train, *others)
    ]
    if getattr(experiment.config.dataset, "scaling", "none") != "none":
        return parts
    shift, scale = fit_scaling(parts[0], "standardize")
    return [(part - shift) * scale for part in parts]


def _finite(answers: dict[str, Array]) -> dict[str, Array]:
    return {name: array for name, array in answers.items() if np.isfinite(array).all()}
