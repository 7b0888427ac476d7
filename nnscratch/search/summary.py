"""What several training runs have in common: the mean of each score, and how much it varies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan
from pathlib import Path

import numpy as np

from nnscratch.model.scores import scores_of
from nnscratch.nn.metrics import CALIBRATED_LOSS, VALIDATION_LOSS, is_better, metric_of
from nnscratch.runs import RunRecord
from nnscratch.runs.record import Figures
from nnscratch.search.significance import corrected_t_test

# A score that is no metric of an epoch, larger where it is better and of either sign.
R2 = "r2"


@dataclass(frozen=True)
class RunScores:
    """The scores of one run.

    Attributes:
        name: The run's name among the others.
        path: Its directory.
        part: The rows that the scores are of: `test`, `validation` or `training`.
        scores: By name; nan for one that was nan or infinite.
        test_share: n_test / n_train; 0 where no rows are held out.
        record: All that is recorded of it.
    """

    name: str
    path: Path
    part: str
    scores: Mapping[str, float]
    test_share: float
    record: RunRecord

    @classmethod
    def of(cls, name: str, path: Path, record: RunRecord) -> "RunScores":
        """Returns the scores by which a run is judged: those of the rows that it saw least of."""
        rows = record.rows or {}
        part, scores = "training", _known(record.final)
        if record.test:
            part, scores = "test", _known(record.test)
        elif any(score.startswith("val_") for score in record.best or ()):
            part, scores = "validation", _validation_scores(record.best)
        else:
            scores = scores_of(scores)
        tested = rows.get(part, 0) if part != "training" else 0
        return cls(name, path, part, scores, tested / max(rows.get("train", 1), 1), record)


@dataclass(frozen=True)
class Summary:
    """The summary of one score of several runs.

    Attributes:
        name: The score.
        runs: How many runs have it.
        mean: Their mean.
        sd: Their standard deviation, with n − 1; nan for a single one.
        best: The best of them.
        worst: The worst of them.
        low: Where the interval of 95 % for the mean begins, by the corrected resampled t-test.
        high: Where it ends.
    """

    name: str
    runs: int
    mean: float
    sd: float
    best: float
    worst: float
    low: float
    high: float

    def to_figures(self) -> Figures:
        """Returns what run.json says of it."""
        values = {key: value for key, value in vars(self).items() if key != "name"}
        return {key: value if isfinite(value) else None for key, value in values.items()}


def summarize_scores(runs: Sequence[RunScores], *, interval: bool = True) -> list[Summary]:
    """Returns the summary of each score that all runs have.

    Args:
        runs: At least one, all judged by the same part of the data.
        interval: Whether there is an interval; none holds for runs that are tested on the same
            rows, which say nothing of other rows.
    """
    shared = [name for name in runs[0].scores if all(name in run.scores for run in runs)]
    share = float(np.mean([run.test_share for run in runs]))
    summaries = [_summarize(name, [run.scores[name] for run in runs], share) for name in shared]
    return summaries if interval else [replace(each, low=nan, high=nan) for each in summaries]


def is_better_score(name: str, value: float, than: float) -> bool:
    """Returns whether a score is better than another of the same name."""
    return value > than if name == R2 else is_better(name, value, than)


def count_solved(runs: Sequence[RunScores]) -> int | None:
    """Returns how many runs answer all rows rightly; None where rows are held out or are numbers.

    That is what a gate's truth table is learned for.
    """
    if any(run.part != "training" or "accuracy" not in run.scores for run in runs):
        return None
    return sum(run.scores["accuracy"] == 1.0 for run in runs)


def _summarize(name: str, values: Sequence[float], test_share: float) -> Summary:
    best, worst = values[0], values[0]
    for value in values[1:]:
        best = value if is_better_score(name, value, best) else best
        worst = worst if is_better_score(name, value, worst) else value
    mean, sd, low, high = float(np.mean(values)), nan, nan, nan
    if len(values) > 1 and isfinite(mean):
        sd = float(np.std(values, ddof=1))
        test = corrected_t_test(values, test_share)
        low, high = test.low, test.high
        metric = metric_of(name)
        # Student's t knows no limits; losses, errors and shares have some.
        low = low if name == R2 else max(low, 0.0)
        high = min(high, 1.0) if name == R2 or (metric and metric.percent) else high
    return Summary(name, len(values), mean, sd, best, worst, low, high)


def _validation_scores(figures: Figures | None) -> dict[str, float]:
    """Returns the scores of the validation rows, of which the loss is that of what is saved."""
    scores = _known(figures)
    if CALIBRATED_LOSS in scores:
        scores[VALIDATION_LOSS] = scores.pop(CALIBRATED_LOSS)
    return scores_of(scores, "val_")


def _known(figures: Figures | None) -> dict[str, float]:
    return {name: nan if value is None else value for name, value in (figures or {}).items()}
