"""The corrected resampled t-test, against published numbers and arithmetic by hand."""

from math import inf, sqrt

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from nnscratch.search.significance import corrected_t_test


def test_it_is_what_scikit_learn_publishes() -> None:
    # Its page "Statistical comparison of models using grid search" prints for the kernels rbf and
    # linear "Corrected t-value: 0.750" and "Corrected p-value: 0.227", which is of one side.
    x, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (
        cross_val_score(SVC(kernel=kernel, random_state=0), x, y, scoring="roc_auc", cv=folds)
        for kernel in ("rbf", "linear")
    )
    test = corrected_t_test((rbf - linear).tolist(), test_share=10 / 90)
    assert f"{test.t:.3f}" == "0.750"
    assert f"{test.p / 2:.3f}" == "0.227"


def test_it_is_what_it_is_by_hand() -> None:
    # Mean 2, variance 1, and (1/3 + 1/2) · 1 = 5/6; the 97.5 % point of t with two degrees of
    # freedom is 4.30265 in every table.
    test = corrected_t_test([1.0, 2.0, 3.0], test_share=0.5)
    assert test.mean == 2
    assert test.t == pytest.approx(2 / sqrt(5 / 6))
    assert test.high - 2 == pytest.approx(4.30265 * sqrt(5 / 6), rel=1e-6)
    assert test.low == pytest.approx(4 - test.high)
    # With two degrees of freedom the tail is 1/2 − t / (2 √(2 + t²)).
    assert test.p == pytest.approx(1 - test.t / sqrt(2 + test.t**2))


def test_without_shared_rows_it_is_the_usual_t_test() -> None:
    from scipy.stats import ttest_1samp

    values = np.random.default_rng(0).normal(0.3, 1, 20).tolist()
    test, usual = corrected_t_test(values, test_share=0), ttest_1samp(values, 0)
    assert (test.t, test.p) == pytest.approx((usual.statistic, usual.pvalue))
    interval = usual.confidence_interval(0.95)
    assert (test.low, test.high) == pytest.approx((interval.low, interval.high))


def test_differences_that_do_not_vary() -> None:
    assert corrected_t_test([0.0, 0.0], 0.1).p == 1
    same = corrected_t_test([0.5, 0.5], 0.1)
    assert (same.t, same.p, same.low, same.high) == (inf, 0, 0.5, 0.5)
    assert corrected_t_test([-0.5, -0.5], 0.1).t == -inf
