"""Whether the scores of two directories of runs differ by more than chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from nnscratch.errors import UsageError
from nnscratch.nn.metrics import metric_of
from nnscratch.search.significance import LEVEL, TTest, corrected_t_test
from nnscratch.search.summary import RunScores, is_better_score


@dataclass(frozen=True)
class Difference:
    """How a score of two directories of runs differs, run by run.

    Attributes:
        name: The score.
        part: The rows that it is of.
        runs: How many pairs of runs there are.
        test: Of the second minus the first.
    """

    name: str
    part: str
    runs: int
    test: TTest

    def to_dict(self) -> dict[str, Any]:
        """Returns plain values for JSON."""
        test = {name: value if isfinite(value) else None for name, value in vars(self.test).items()}
        return {"part": self.part, "runs": self.runs, **test, "significant": self.is_significant}

    @property
    def second_is_better(self) -> bool:
        """Whether the second's mean is the better one."""
        return is_better_score(self.name, self.test.mean, 0.0)

    @property
    def is_significant(self) -> bool:
        """Whether chance alone makes such a difference in less than 5 % of cases."""
        return self.test.p < 1 - LEVEL

    def describe(self, names: tuple[str, str]) -> str:
        """Returns the difference in words.

        Args:
            names: What the two are called.
        """
        better, worse = names[::-1] if self.second_is_better else names
        what = f"{self.part} {self.name}"
        if self.test.mean == 0:
            return f"{what}: {names[0]} and {names[1]} are equal on average"
        sign = 1 if self.test.mean > 0 else -1
        low, high = sorted((sign * self.test.low, sign * self.test.high))
        metric = metric_of(self.name)
        is_share = metric is not None and metric.percent
        factor, unit, form = (100, " points", ".1f") if is_share else (1, "", ".4g")
        numbers = (format(factor * x, form) for x in (abs(self.test.mean), low, high))
        size = "{0}{3}, 95 % interval {1} to {2}{3}".format(*numbers, unit)
        verdict = "more than chance" if self.is_significant else "no more than chance might make"
        return (
            f"{what}: {better} is better than {worse} by {size}, p = {self.test.p:.2g}: {verdict}"
        )


def find_differences(
    first: Sequence[RunScores], second: Sequence[RunScores]
) -> Mapping[str, Difference]:
    """Returns how each score differs between two directories of runs, by the score's name.

    The runs are paired by their names, that is by seed and fold; see `corrected_t_test`.

    Raises:
        UsageError: They cannot be paired, or have held out different rows.
    """
    others = {run.name: run for run in second}
    pairs = [(run, others[run.name]) for run in first if run.name in others]
    if len(pairs) < 2:
        raise UsageError("fewer than two runs of each have the same seed and fold")
    if any(a.part != b.part for a, b in pairs):
        raise UsageError("their scores are of different parts of the data")
    if any(a.record.data_fingerprint != b.record.data_fingerprint for a, b in pairs):
        raise UsageError("their runs were trained and tested on different rows")
    share = float(np.mean([a.test_share for a, _ in pairs]))
    names = [name for name in pairs[0][0].scores if all(name in r.scores for p in pairs for r in p)]
    return {
        name: Difference(
            name,
            pairs[0][0].part,
            len(pairs),
            corrected_t_test([b.scores[name] - a.scores[name] for a, b in pairs], share),
        )
        for name in names
    }
