"""Whether scores of several training runs differ by more than chance.

Runs whose rows were drawn or dealt from the same data share most of the rows that they were trained
on, so their scores vary less than those of runs on new data would. The corrected resampled t-test
makes the variance larger by what they share. Nadeau & Bengio, Inference for the generalization
error, Machine Learning 52, 2003; for repeated folds Bouckaert & Frank 2004.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True)
class TTest:
    """The corrected resampled t-test of the mean of n scores or differences.

    Attributes:
        mean: The mean d̄.
        t: d̄ / √((1/n + n_test/n_train) s²), where s² is the variance with n − 1.
        p: The probability of a |t| at least as large if the true mean is 0.
        low: Where the interval of 95 % begins: d̄ − t₀.₉₇₅ √((1/n + n_test/n_train) s²).
        high: Where it ends.
    """

    mean: float
    t: float
    p: float
    low: float
    high: float


def corrected_t_test(values: Sequence[float], test_share: float) -> TTest:
    """Returns the corrected resampled t-test of whether the mean of values is 0.

    Student's t has n − 1 degrees of freedom. With `test_share` 0 it is the usual t-test.

    Args:
        values: At least two: scores, or the differences of paired scores.
        test_share: n_test / n_train, the rows tested by a run to those it was trained on.
    """
    # scikit-learn needs SciPy, so it is there; importing it takes as long as a gate's training.
    from scipy.special import stdtr, stdtrit

    n = len(values)
    mean = float(np.mean(values))
    error = sqrt((1.0 / n + test_share) * float(np.var(values, ddof=1)))
    if error == 0.0:
        t = inf if mean > 0 else -inf if mean < 0 else 0.0
        return TTest(mean, t, 1.0 if mean == 0 else 0.0, mean, mean)
    reach = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * error
    p = 2 * float(stdtr(n - 1, -abs(mean / error)))
    return TTest(mean, mean / error, p, mean - reach, mean + reach)
