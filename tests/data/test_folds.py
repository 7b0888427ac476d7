"""Folds: every row in one of them, even in classes, whole groups, in order as scikit-learn cuts."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.model_selection import TimeSeriesSplit

from nnscratch.data.folds import NO_FOLD, fold_of_rows, rows_of_fold, take_fold
from nnscratch.errors import SettingError
from tests.data.test_splitting import COUNTS, numbered, regression, rows_of


@pytest.mark.parametrize("folds", [2, 3, 5])
@pytest.mark.parametrize("counts", COUNTS[:-1], ids=str)
def test_each_class_keeps_its_share_in_every_fold(counts: list[int], folds: int) -> None:
    dataset = numbered(counts)
    fold = fold_of_rows(dataset, folds, seed=3)
    sizes = np.bincount(fold, minlength=folds)
    assert sizes.sum() == sum(counts)
    assert np.ptp(sizes) <= 1
    for k in range(len(counts)):
        of_class = np.bincount(fold[dataset.splits["train"].targets == k], minlength=folds)
        assert np.ptp(of_class) <= 1


def test_numbers_are_dealt_evenly_and_by_the_seed() -> None:
    dataset = regression(23)
    fold = fold_of_rows(dataset, 5, seed=1)
    assert sorted(np.bincount(fold)) == [4, 4, 5, 5, 5]
    assert fold.tolist() == fold_of_rows(dataset, 5, seed=1).tolist()
    assert fold.tolist() != fold_of_rows(dataset, 5, seed=2).tolist()
    assert fold.tolist() != sorted(fold)


def test_groups_stay_whole_and_folds_are_about_even() -> None:
    rng = np.random.default_rng(0)
    dataset = numbered([300, 100, 100])
    groups = rng.integers(0, 60, 500)
    fold = fold_of_rows(replace(dataset, groups=groups), 5, seed=0)
    for group in range(60):
        assert len(set(fold[groups == group])) == 1
    sizes = np.bincount(fold, minlength=5)
    assert np.ptp(sizes) <= 10  # a group has 8 rows on average
    for k, count in enumerate((300, 100, 100)):
        shares = np.bincount(fold[dataset.splits["train"].targets == k], minlength=5) / count
        assert np.ptp(shares) < 0.1


def test_a_huge_group_is_a_fold_of_its_own() -> None:
    groups = np.array([7] * 50 + [1, 1, 2, 2, 3, 3, 4, 4])
    fold = fold_of_rows(replace(regression(58), groups=groups), 3, seed=0)
    assert sorted(np.bincount(fold)) == [4, 4, 50]


@pytest.mark.parametrize(("rows", "folds"), [(12, 5), (100, 4), (6, 5), (17, 3)])
def test_folds_in_order_are_those_of_scikit_learn(rows: int, folds: int) -> None:
    dataset = regression(rows)
    fold = fold_of_rows(dataset, folds, seed=0, split="in_order")
    for number, (train, test) in enumerate(TimeSeriesSplit(folds).split(np.empty(rows))):
        ours = rows_of_fold(fold, number, split="in_order")
        assert [part.tolist() for part in ours] == [train.tolist(), test.tolist()]
    assert NO_FOLD in fold


def test_rows_are_put_in_order_first() -> None:
    order = np.array([5, 1, 4, 2, 3, 0])
    dataset = replace(regression(6), order=order)
    taken = take_fold(dataset, 2, 1, seed=0, split="in_order")
    # In order the rows are 5 1 | 3 4 | 2 0.
    assert rows_of(taken, "train") == [1, 5]
    assert rows_of(taken, "test") == [3, 4]
    assert taken.order is not None
    assert taken.order.tolist() == [1, 0]


def test_the_folds_of_a_data_set_are_disjoint_and_complete() -> None:
    dataset = replace(numbered([40, 30]), groups=np.arange(70) // 2)
    tested = []
    for fold in (1, 2, 3):
        taken = take_fold(dataset, 3, fold, seed=1, split="random")
        train, test = rows_of(taken, "train"), rows_of(taken, "test")
        assert sorted([*train, *test]) == list(range(70))
        assert taken.held_out == ("test",)
        assert taken.groups is not None
        assert taken.groups.tolist() == [row // 2 for row in train]
        tested += test
    assert sorted(tested) == list(range(70))


def test_too_few_rows_or_groups_are_refused() -> None:
    with pytest.raises(SettingError, match=r"`folds` needs at least 5 rows; there are 4"):
        fold_of_rows(regression(4), 5, seed=0)
    with pytest.raises(SettingError, match="needs at least 6 rows"):
        fold_of_rows(regression(5), 5, seed=0, split="in_order")
    with pytest.raises(SettingError, match="needs at least 3 groups of rows; there are 2"):
        fold_of_rows(replace(regression(9), groups=np.arange(9) % 2), 3, seed=0)


def test_data_with_a_test_part_has_no_folds() -> None:
    dataset = regression(9)
    whole = replace(dataset, splits={**dataset.splits, "test": dataset.splits["train"]})
    with pytest.raises(SettingError, match="the data has a test part of its own"):
        take_fold(whole, 3, 1, seed=0, split="random")
