"""Holding out rows for validation and test, and what that leaves to learn.

Classes and categories that only held-out rows have cannot be learned; they are noted here.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import ignore_override
from nnscratch.data.dataset import UNSEEN, Dataset, Feature, Split
from nnscratch.data.held_out_rows import draw_groups, draw_rows, last_rows
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, plural, some
from nnscratch.nn.randomness import Purpose, generator

PARTS: tuple[str, ...] = ("train", "validation", "test")


def hold_out(
    dataset: Dataset,
    *,
    seed: int,
    validation: float = 0,
    test: float = 0,
    split: str = "random",
    validation_seed: int | None = None,
    keeps_validation: bool = False,
) -> Dataset:
    """Returns the data set with rows of `train` moved to `validation` and `test`.

    Random rows are stratified: each class keeps its share in every part, give or take one row. Of a
    data set with groups whole groups are moved, and the shares are kept as far as they allow.

    Args:
        dataset: The data set, which is not changed.
        seed: Seed for the choice of rows.
        validation: A share of the rows of `train`, below 1, or a whole number of rows; 0 for none.
        test: Likewise.
        split: `random`; or `in_order`, where the last rows are moved to `test` and those before
            them to `validation`.
        validation_seed: Seed for the choice of rows for validation alone; `seed` unless given.
        keeps_validation: Whether the rows for validation stay in `train` after all. The others are
            what they are anyway.

    Raises:
        SettingError: No rows would be left to train on, or there are too few groups.
    """
    train = dataset.splits["train"]
    counts = {
        name: size if isinstance(size, int) else max(1, round(size * len(train)))
        for name, size in (("test", test), ("validation", validation))
        if size
    }
    _check_rows_are_left(len(train), counts)
    # A second generator of the same seed would repeat the choices of the first.
    own = {} if validation_seed in (None, seed) else {"validation": validation_seed}
    parts = _choose(dataset, counts, split, seed, own) if counts else {}
    if keeps_validation:
        parts.pop("validation", None)
    splits = dataset.splits | {name: train[rows] for name, rows in parts.items()}
    if parts:
        is_left = np.ones(len(train), np.bool_)
        is_left[np.concatenate(list(parts.values()))] = False
        splits["train"] = train[np.flatnonzero(is_left)]
    held_out = (*dataset.held_out, *counts)
    ordered = {name: splits[name] for name in PARTS if name in splits}
    return replace(dataset, splits=ordered, held_out=held_out, order=None, groups=None)


def _choose(
    dataset: Dataset, counts: Mapping[str, int], split: str, seed: int, own_seeds: Mapping[str, int]
) -> dict[str, NDArray[np.intp]]:
    """Returns the rows of each part that is held out."""
    train = dataset.splits["train"]
    classes = None if dataset.classes is None else train.targets
    if split == "in_order":
        order = np.arange(len(train)) if dataset.order is None else dataset.order
        return last_rows(order, counts)
    rng = generator(seed, Purpose.SPLIT)
    own = {part: generator(own_seed, Purpose.SPLIT) for part, own_seed in own_seeds.items()}
    if dataset.groups is not None:
        return draw_groups(dataset.groups, classes, counts, rng, own)
    return draw_rows(len(train), classes, counts, rng, own)


def note_untrained_classes(dataset: Dataset) -> Dataset:
    """Returns the data set with a note that names the classes without a row to train on."""
    if dataset.classes is None:
        return dataset
    counts = np.bincount(dataset.splits["train"].targets, minlength=len(dataset.classes))
    absent = [dataset.classes[k] for k in np.flatnonzero(counts == 0)]
    if not absent:
        return dataset
    note = f"no row to train on has the class {some(absent)}"
    return replace(dataset, notes=(*dataset.notes, note))


def forget_unseen_categories(dataset: Dataset) -> Dataset:
    """Returns the data set with categories that only held-out rows have recoded as `UNSEEN`.

    A note names them.

    Raises:
        DataError: The rows to train on have no value at all in a column of categories.
    """
    features = list(dataset.features)
    notes = list(dataset.notes)
    codes: dict[int, NDArray[np.float64]] = {}
    for i, feature in enumerate(dataset.features):
        if feature.categories is None:
            continue
        seen = _find_seen(feature, dataset.splits["train"].inputs[:, i])
        if seen.all():
            continue
        unseen = list(compress(feature.categories, ~seen))
        notes.append(f"column {label_text(feature.name)}: only held-out rows have {some(unseen)}")
        features[i] = Feature(feature.name, tuple(compress(feature.categories, seen)))
        codes[i] = np.where(seen, np.cumsum(seen) - 1, UNSEEN).astype(np.float64)
    if not codes:
        return dataset
    splits = {name: _recode(split, codes) for name, split in dataset.splits.items()}
    return replace(dataset, splits=splits, features=tuple(features), notes=tuple(notes))


def _check_rows_are_left(rows: int, counts: Mapping[str, int]) -> None:
    if sum(counts.values()) < rows:
        return
    rule = f"leaves none of {plural(rows, 'row')} to train on"
    if len(counts) == 1:
        raise SettingError(next(iter(counts)), rule)
    raise SettingError("validation", f"{rule}, since `test` takes {counts['test']:,}")


def _find_seen(feature: Feature, column: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Returns for each category whether the rows to train on have it."""
    assert feature.categories is not None
    known = column[~np.isnan(column)].astype(np.intp)
    if not len(known):
        raise DataError(
            f"column {label_text(feature.name)}: no value in the rows to train on; "
            f"leave it out: {ignore_override([feature.name])}"
        )
    seen = np.zeros(len(feature.categories), dtype=np.bool_)
    seen[known] = True
    return seen


def _recode(split: Split, codes: Mapping[int, NDArray[np.float64]]) -> Split:
    """Returns the split with new codes for the categories of some columns; nan stays nan."""
    inputs = split.inputs.copy()
    for i, new_codes in codes.items():
        known = ~np.isnan(inputs[:, i])
        inputs[known, i] = new_codes[inputs[known, i].astype(np.intp)]
    return replace(split, inputs=inputs)
