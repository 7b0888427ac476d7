"""Samples of a split: rows keep their targets, and the same rows are drawn each time."""

import numpy as np

from nnscratch.data.dataset import Split
from nnscratch.data.sampling import sample, thin

SPLIT = Split(np.arange(100.0)[:, np.newaxis], np.arange(100) * 2)


def test_a_sample_has_different_rows_with_their_own_targets() -> None:
    drawn = sample(SPLIT, 30, seed=1)
    rows = drawn.inputs[:, 0].tolist()
    assert len(set(rows)) == 30
    assert drawn.targets.tolist() == [2 * row for row in rows]


def test_the_seed_decides_which_rows() -> None:
    assert np.array_equal(sample(SPLIT, 30, 1).inputs, sample(SPLIT, 30, 1).inputs)
    assert not np.array_equal(sample(SPLIT, 30, 1).inputs, sample(SPLIT, 30, 2).inputs)


def test_a_larger_sample_contains_the_smaller_one_and_at_most_all_rows() -> None:
    small, all_rows = sample(SPLIT, 10, 1), sample(SPLIT, 1000, 1)
    assert all_rows.inputs[:10].tolist() == small.inputs.tolist()
    assert sorted(all_rows.inputs[:, 0].tolist()) == list(range(100))


def test_few_rows_stay_in_order_and_many_are_thinned() -> None:
    assert thin(SPLIT, 100) is SPLIT
    assert len(thin(SPLIT, 99)) == 99
    assert np.array_equal(thin(SPLIT, 5).inputs, thin(SPLIT, 5).inputs)
