"""Folds: rows dealt to parts, each of which is tested once by a network trained on the others."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Dataset
from nnscratch.data.held_out_rows import Rows
from nnscratch.errors import SettingError
from nnscratch.formatting import plural
from nnscratch.nn.randomness import Purpose, generator

# The fold of rows that are in none: the first ones in order, which are always trained on.
NO_FOLD = -1


def fold_of_rows(dataset: Dataset, folds: int, *, seed: int, split: str = "random") -> Rows:
    """Returns the fold of each row of `train`, counted from 0.

    Random folds are stratified: each class keeps its share in every fold, give or take one row. Of
    a data set with groups whole groups are dealt, as evenly as they allow. In order, rows are cut
    into `folds` + 1 stretches, of which the first is in no fold.

    Args:
        dataset: The data set, before rows are held out.
        folds: How many.
        seed: Seed for the choice of rows.
        split: `random` or `in_order`.

    Raises:
        SettingError: There are too few rows or groups.
    """
    train = dataset.splits["train"]
    stretches = folds + (split == "in_order")
    if len(train) < stretches:
        rule = f"needs at least {plural(stretches, 'row')}; there are {len(train):,}"
        raise SettingError("folds", rule)
    if split == "in_order":
        order = np.arange(len(train)) if dataset.order is None else dataset.order
        return _cut(order, folds)
    rng = generator(seed, Purpose.SPLIT)
    classes = None if dataset.classes is None else train.targets
    if dataset.groups is None:
        return _deal_rows(len(train), classes, folds, rng)
    return _deal_groups(dataset.groups, classes, folds, rng)


def rows_of_fold(fold_of_row: Rows, fold: int, *, split: str = "random") -> tuple[Rows, Rows]:
    """Returns the rows to train on and those to test, in the order of the data.

    Args:
        fold_of_row: As `fold_of_rows` returns it.
        fold: Which fold is tested, counted from 0.
        split: `random`, or `in_order`, where only earlier rows are trained on.
    """
    test = fold_of_row == fold
    train = fold_of_row < fold if split == "in_order" else ~test
    return np.flatnonzero(train), np.flatnonzero(test)


def take_fold(dataset: Dataset, folds: int, fold: int, *, seed: int, split: str) -> Dataset:
    """Returns the data set with one fold as its `test` part.

    Args:
        dataset: The data set, which is not changed.
        folds: How many folds there are.
        fold: Which of them, counted from 1.
        seed: As for `fold_of_rows`.
        split: Likewise.

    Raises:
        SettingError: There are too few rows or groups, or the data has a test part of its own.
    """
    if "test" in dataset.splits:
        raise SettingError("folds", "cannot be given: the data has a test part of its own")
    fold_of_row = fold_of_rows(dataset, folds, seed=seed, split=split)
    train, test = rows_of_fold(fold_of_row, fold - 1, split=split)
    whole = dataset.splits["train"]
    return replace(
        dataset,
        splits={**dataset.splits, "train": whole[train], "test": whole[test]},
        order=None if dataset.order is None else dataset.order[train],
        groups=None if dataset.groups is None else dataset.groups[train],
        held_out=("test",),
    )


def _deal_rows(
    rows: int, classes: NDArray[np.intp] | None, folds: int, rng: np.random.Generator
) -> Rows:
    order = rng.permutation(rows)
    if classes is not None:
        order = order[np.argsort(classes[order], kind="stable")]
    fold_of_row = np.empty(rows, np.intp)
    fold_of_row[order] = np.arange(rows) % folds
    return fold_of_row


def _cut(order: NDArray[np.generic], folds: int) -> Rows:
    """Returns the fold of rows in order, as scikit-learn's TimeSeriesSplit numbers them."""
    size = len(order) // (folds + 1)
    fold_of_row = np.full(len(order), NO_FOLD)
    in_order = np.argsort(order, kind="stable")
    fold_of_row[in_order[len(order) - folds * size :]] = np.repeat(np.arange(folds), size)
    return fold_of_row


def _deal_groups(
    groups: Rows, classes: NDArray[np.intp] | None, folds: int, rng: np.random.Generator
) -> Rows:
    """Deals groups, large ones first, each to the fold that it makes the least uneven.

    How uneven the folds are is the sum of the squares of their shares of all rows, and of the rows
    of each class.
    """
    _, member = np.unique(groups, return_inverse=True)
    number = int(member.max()) + 1
    if number < folds:
        rule = f"needs at least {plural(folds, 'group')} of rows; there are {number:,}"
        raise SettingError("folds", rule)
    labels = np.zeros(len(groups), np.intp) if classes is None else classes
    tallies = np.zeros((number, int(labels.max()) + 1))
    np.add.at(tallies, (member, labels), 1)
    tallies = np.column_stack([tallies / np.maximum(tallies.sum(axis=0), 1), tallies.sum(axis=1)])
    tallies[:, -1] /= len(groups)
    mixed = rng.permutation(number)
    largest_first = mixed[np.argsort(-tallies[mixed, -1], kind="stable")]
    shares = np.zeros((folds, tallies.shape[1]))
    fold_of_group = np.empty(number, np.intp)
    for group in largest_first:
        harm = (tallies[group] * (2 * shares + tallies[group])).sum(axis=1)
        fold = int(harm.argmin())
        fold_of_group[group] = fold
        shares[fold] += tallies[group]
    return fold_of_group[member]
