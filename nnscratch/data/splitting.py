"""Holding out rows for validation and test: shuffled, seeded, and of each class its share."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.columns import ignoring
from nnscratch.data.dataset import UNSEEN, Dataset, Feature, Split
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, plural, some
from nnscratch.nn.randomness import Purpose, generator

PARTS: tuple[str, ...] = ("train", "validation", "test")


def hold_out(dataset: Dataset, *, validation: float = 0, test: float = 0, seed: int) -> Dataset:
    """Returns the data set with rows of `train` moved to `validation` and `test`.

    Args:
        dataset: Stays as it is.
        validation: A share of `train`'s rows below 1, or a whole number of rows; 0 for none.
        test: The same.
        seed: Of the choice.

    Raises:
        SettingError: No rows would be left to train on.
    """
    train = dataset.splits["train"]
    wanted = {
        name: size if isinstance(size, int) else max(1, round(size * len(train)))
        for name, size in (("test", test), ("validation", validation))
        if size
    }
    if sum(wanted.values()) >= len(train):
        key, *others = reversed(wanted)
        beside = "".join(f", with {wanted[name]:,} to {name}," for name in others)
        raise SettingError(key, f"leaves none of {plural(len(train), 'row')}{beside} to train on")
    rng = generator(seed, Purpose.SPLIT)
    left = np.arange(len(train))
    parts: dict[str, Split] = {}
    for name, count in wanted.items():
        chosen = _choose(left, train, count, dataset.classes is not None, rng)
        parts[name] = _take(train, chosen)
        left = np.setdiff1d(left, chosen, assume_unique=True)
    if parts:
        parts["train"] = _take(train, left)
    splits = {**dataset.splits, **parts}
    ordered = {name: splits[name] for name in PARTS if name in splits}
    return replace(dataset, splits=ordered, held_out=tuple(wanted))


def note_unlearnt_classes(dataset: Dataset) -> Dataset:
    """Returns the data set with a note that names the classes of which no row is trained on."""
    if dataset.classes is None:
        return dataset
    counts = np.bincount(dataset.splits["train"].targets, minlength=len(dataset.classes))
    absent = [dataset.classes[k] for k in np.flatnonzero(counts == 0)]
    if not absent:
        return dataset
    note = f"no row to train on has the class {some(absent)}"
    return replace(dataset, notes=(*dataset.notes, note))


def forget_unseen_words(dataset: Dataset) -> Dataset:
    """Returns the data set with words that only held-out rows have turned into `UNSEEN`.

    A note names them.

    Raises:
        DataError: The rows trained on have no word at all in a column.
    """
    train = dataset.splits["train"]
    columns: list[tuple[int, Feature, NDArray[np.intp]]] = []
    notes = list(dataset.notes)
    for i, feature in enumerate(dataset.features):
        if feature.categories is None:
            continue
        values = train.inputs[:, i]
        seen = np.unique(values[~np.isnan(values)]).astype(np.intp)
        if not len(seen):
            name = label_text(feature.name)
            raise DataError(
                f"column {name}: no value in the rows to train on; "
                f"leave it out: {ignoring([feature.name])}"
            )
        if len(seen) < len(feature.categories):
            unseen = [
                word for j, word in enumerate(feature.categories) if j not in set(seen.tolist())
            ]
            notes.append(
                f"column {label_text(feature.name)}: {some(unseen)} only outside the training part"
            )
            columns.append((i, feature, seen))
    if not columns:
        return replace(dataset, notes=tuple(notes))
    features = list(dataset.features)
    inputs = {name: split.inputs.copy() for name, split in dataset.splits.items()}
    for i, feature, seen in columns:
        assert feature.categories is not None
        features[i] = Feature(feature.name, tuple(feature.categories[j] for j in seen))
        new_codes = np.full(len(feature.categories), float(UNSEEN))
        new_codes[seen] = range(len(seen))
        for table in inputs.values():
            known = ~np.isnan(table[:, i])
            table[known, i] = new_codes[table[known, i].astype(np.intp)]
    splits = {name: replace(s, inputs=inputs[name]) for name, s in dataset.splits.items()}
    return replace(dataset, splits=splits, features=tuple(features), notes=tuple(notes))


def _choose(
    left: NDArray[np.intp], split: Split, count: int, classes: bool, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Draws `count` of the rows `left`, of each class its share give or take one row."""
    order = rng.permutation(left)
    if classes:
        order = order[np.argsort(split.targets[order], kind="stable")]
    # Evenly spaced picks from rows that lie class by class take from each class its share.
    picks = ((np.arange(count) + 0.5) * (len(order) / count)).astype(np.intp)
    return np.sort(order[picks])


def _take(split: Split, rows: NDArray[np.intp]) -> Split:
    return Split(split.inputs[rows], split.targets[rows])
