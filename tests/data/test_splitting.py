"""Held-out rows: seeded, disjoint, complete, stratified; and what only they have is noted."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.data.dataset import UNSEEN, Dataset, Feature, Split, number_features
from nnscratch.data.splitting import forget_unseen_categories, hold_out, note_untrained_classes
from nnscratch.errors import DataError, SettingError

PARTS = ["train", "validation", "test"]
Shares = dict[str, Any]


def numbered(counts: list[int], shuffle: int = 0) -> Dataset:
    """Returns a data set whose rows hold their own number, with `counts` rows of the classes."""
    targets = np.random.default_rng(shuffle).permutation(np.repeat(np.arange(len(counts)), counts))
    rows = np.arange(len(targets), dtype=np.float64)[:, np.newaxis]
    return Dataset({"train": Split(rows, targets)}, number_features(1), tuple(range(len(counts))))


def regression(rows: int) -> Dataset:
    table = np.arange(rows, dtype=np.float64)[:, np.newaxis]
    return Dataset({"train": Split(table, table / 2)}, number_features(1), None)


def rows_of(dataset: Dataset, part: str) -> list[int]:
    return [int(row) for row in dataset.splits[part].inputs[:, 0]]


def class_counts(dataset: Dataset, part: str) -> NDArray[np.intp]:
    assert dataset.classes
    return np.bincount(dataset.splits[part].targets, minlength=len(dataset.classes))


COUNTS = [[50, 50, 50], [90, 10], [1, 1, 1, 1, 100], [3, 5, 7, 11, 13], [997, 2, 1], [2, 2]]
SHARES: list[Shares] = [
    {"test": 0.2},
    {"validation": 0.1, "test": 0.25},
    {"validation": 1, "test": 0.3},
    {"test": 0.5},
    {"validation": 0.01},
]


@pytest.mark.parametrize("shares", SHARES)
@pytest.mark.parametrize("counts", COUNTS)
def test_every_row_is_in_just_one_part_with_its_own_target(
    counts: list[int], shares: Shares
) -> None:
    whole = numbered(counts)
    targets = whole.splits["train"].targets
    for seed in range(10):
        dataset = hold_out(whole, **shares, seed=seed)
        assert list(dataset.splits) == [p for p in PARTS if p == "train" or p in shares]
        rows = [row for part in dataset.splits for row in rows_of(dataset, part)]
        assert sorted(rows) == list(range(sum(counts)))
        for part, split in dataset.splits.items():
            assert len(split) > 0
            assert split.targets.tolist() == targets[rows_of(dataset, part)].tolist()


@pytest.mark.parametrize("size", [0.1, 0.2, 0.35, 0.5, 1, 7])
@pytest.mark.parametrize("counts", COUNTS[:5])
def test_each_class_is_held_out_in_its_share_within_less_than_a_row(
    counts: list[int], size: float
) -> None:
    whole = numbered(counts)
    for seed in range(20):
        dataset = hold_out(whole, test=size, seed=seed)
        share = len(dataset.splits["test"]) / sum(counts)
        off = class_counts(dataset, "test") - share * np.array(counts)
        assert np.abs(off).max() < 1 + 1e-9


@pytest.mark.parametrize("counts", [[10, 90], [90, 10], [10, 80, 10]])
def test_a_single_row_held_out_is_of_the_most_common_class(counts: list[int]) -> None:
    dataset = hold_out(numbered(counts), test=1, seed=0)
    assert class_counts(dataset, "test").argmax() == np.argmax(counts)


@pytest.mark.parametrize("counts", COUNTS[:5])
def test_validation_has_its_share_of_each_class_that_the_test_part_left(counts: list[int]) -> None:
    for seed in range(20):
        dataset = hold_out(numbered(counts), validation=0.15, test=0.3, seed=seed)
        left = class_counts(dataset, "validation") + class_counts(dataset, "train")
        share = len(dataset.splits["validation"]) / left.sum()
        assert np.abs(class_counts(dataset, "validation") - share * left).max() < 1 + 1e-9


@pytest.mark.parametrize("dataset", [numbered([40, 60]), regression(100)])
def test_the_seed_decides_and_parts_are_shuffled(dataset: Dataset) -> None:
    chosen = [rows_of(hold_out(dataset, test=0.3, seed=seed), "test") for seed in range(20)]
    again = [rows_of(hold_out(dataset, test=0.3, seed=seed), "test") for seed in range(20)]
    assert chosen == again
    assert len(set(map(tuple, chosen))) == 20
    # Each row is a test row in about 6 of 20 draws, wherever it stands.
    assert all(60 < np.mean(rows) * 2 + 1 < 140 for rows in chosen)
    assert len(set().union(*chosen)) > 95


def test_every_row_has_the_same_chance() -> None:
    # 2,000 draws of 3 rows out of 10: binomial, mean 600, standard deviation 20.5.
    hits = np.zeros(10)
    whole = regression(10)
    for seed in range(2000):
        hits[rows_of(hold_out(whole, test=3, seed=seed), "test")] += 1
    assert np.abs(hits - 600).max() < 5 * 20.5


@pytest.mark.parametrize(
    ("rows", "size", "expected"),
    [
        (150, 0.2, 30),
        (150, 30, 30),
        (10, 1, 1),
        (10, 9, 9),
        (10, 0.99, None),
        (10, 0.25, 2),
        (5, 0.001, 1),
        (1000, 0.001, 1),
        (7, 0.5, 4),
    ],
)
def test_a_share_is_rounded_and_a_whole_number_is_taken_as_it_is(
    rows: int, size: float, expected: int | None
) -> None:
    if expected is None:
        with pytest.raises(SettingError):
            hold_out(regression(rows), test=size, seed=0)
        return
    assert len(hold_out(regression(rows), test=size, seed=0).splits["test"]) == expected


@pytest.mark.parametrize("zero", [0, 0.0])
def test_nothing_held_out_leaves_the_rows_as_they_were(zero: float) -> None:
    whole = numbered([5, 5])
    dataset = hold_out(whole, validation=zero, test=zero, seed=3)
    assert list(dataset.splits) == ["train"]
    assert rows_of(dataset, "train") == list(range(10))


@pytest.mark.parametrize(
    ("rows", "shares", "key"),
    [
        (10, {"test": 10}, "test"),
        (10, {"test": 11}, "test"),
        (10, {"test": 10**9}, "test"),
        (10, {"validation": 10}, "validation"),
        (10, {"test": 0.5, "validation": 0.5}, "validation"),
        (10, {"test": 5, "validation": 5}, "validation"),
        (1, {"test": 0.2}, "test"),
        (2, {"test": 1, "validation": 1}, "validation"),
        (3, {"test": 0.99}, "test"),
    ],
)
def test_nothing_left_to_train_on_is_refused(rows: int, shares: Shares, key: str) -> None:
    with pytest.raises(SettingError) as caught:
        hold_out(regression(rows), **shares, seed=0)
    assert caught.value.key == key
    assert f"{rows} row" in caught.value.rule
    # A user who gave one share may not know that the other has a default.
    assert all(part in str(caught.value) for part in shares)


def test_parts_that_came_with_the_data_are_kept() -> None:
    official = numbered([2, 2], shuffle=1).splits["train"]
    whole = numbered([10, 10])
    whole = Dataset({**whole.splits, "test": official}, whole.features, whole.classes)
    dataset = hold_out(whole, validation=4, seed=0)
    assert list(dataset.splits) == PARTS
    assert dataset.splits["test"] is official
    assert [len(split) for split in dataset.splits.values()] == [16, 4, 4]
    assert sorted(rows_of(dataset, "train") + rows_of(dataset, "validation")) == list(range(20))


def test_the_data_set_that_was_given_stays_as_it_is() -> None:
    whole = numbered([10, 10])
    before = whole.fingerprint()
    hold_out(whole, validation=0.2, test=0.2, seed=0)
    assert list(whole.splits) == ["train"]
    assert whole.fingerprint() == before


NAN = float("nan")


def categorical(**columns: tuple[list[float], list[float]]) -> Dataset:
    """Rows to train and test, in columns of the categories a to e; a column `n…` holds numbers."""
    categories = ("a", "b", "c", "d", "e")
    features = tuple(Feature(n, None if n.startswith("n") else categories) for n in columns)
    splits = {
        part: Split(np.array([c[i] for c in columns.values()]).T, np.array([0, 1] * 2))
        for i, part in enumerate(("train", "test"))
    }
    return Dataset(splits, features, ("no", "yes"))


def test_categories_that_only_held_out_rows_have_become_unseen_and_are_named() -> None:
    dataset = categorical(n1=([9, 8, 7, 6], [0, 1, 2, 3]), town=([1, 3, 1, NAN], [0, 1, 3, 4]))
    result = forget_unseen_categories(dataset)
    assert result.features == (Feature("n1"), Feature("town", ("b", "d")))
    np.testing.assert_array_equal(result.splits["train"].inputs, [[9, 0], [8, 1], [7, 0], [6, NAN]])
    np.testing.assert_array_equal(
        result.splits["test"].inputs, [[0, UNSEEN], [1, 0], [2, 1], [3, UNSEEN]]
    )
    (note,) = result.notes
    assert "column town" in note
    assert "a, c, e" in note


def test_categories_that_are_all_trained_on_stay() -> None:
    categories = ("a", "b")
    splits = {
        "train": Split(np.array([[1.0], [0], [NAN]]), np.array([0, 1, 1])),
        "test": Split(np.array([[NAN], [1.0]]), np.array([0, 1])),
    }
    result = forget_unseen_categories(
        Dataset(splits, (Feature("town", categories),), ("no", "yes"))
    )
    assert result.features == (Feature("town", categories),)
    assert result.notes == ()
    np.testing.assert_array_equal(result.splits["train"].inputs, [[1], [0], [NAN]])
    np.testing.assert_array_equal(result.splits["test"].inputs, [[NAN], [1]])


def test_the_rows_of_the_caller_are_not_recoded() -> None:
    dataset = categorical(town=([1, 1, 1, 1], [0, 1, 3, 4]))
    before = dataset.fingerprint()
    forget_unseen_categories(dataset)
    assert dataset.fingerprint() == before


def test_a_column_without_a_value_to_train_on_is_refused() -> None:
    dataset = categorical(town=([NAN] * 4, [0, 1, 3, NAN]), n=([1, 2, 3, 4], [1, 2, 3, 4]))
    with pytest.raises(DataError, match=r"column town: no value .* \"dataset\.ignore=\[town\]\""):
        forget_unseen_categories(dataset)


def test_a_class_that_training_lacks_is_noted() -> None:
    dataset = categorical(n=([1, 2, 3, 4], [1, 2, 3, 4]))
    dataset.splits["train"].targets[:] = 1
    (note,) = note_untrained_classes(dataset).notes
    assert "class" in note
    assert "no" in note.split()


def test_many_unseen_categories_are_counted_and_not_all_listed() -> None:
    categories = tuple(f"w{i:03}" for i in range(100))
    splits = {
        "train": Split(np.zeros((2, 1)), np.array([0, 1])),
        "test": Split(np.arange(100.0)[:, np.newaxis], np.zeros(100, np.intp)),
    }
    (note,) = forget_unseen_categories(Dataset(splits, (Feature("id", categories),), (0, 1))).notes
    assert "w001" in note
    assert "94 more" in note  # 99 are unseen, five of which are shown
    assert len(note) < 120


def test_in_order_the_last_rows_are_held_out_as_they_stand_or_by_a_column() -> None:
    whole = regression(10)
    dataset = hold_out(whole, validation=0.2, test=3, seed=0, split="in_order")
    assert rows_of(dataset, "train") == [0, 1, 2, 3, 4]
    assert rows_of(dataset, "validation") == [5, 6]
    assert rows_of(dataset, "test") == [7, 8, 9]
    backwards = replace(whole, order=-np.arange(10))
    dataset = hold_out(backwards, validation=0.2, test=3, seed=0, split="in_order")
    assert rows_of(dataset, "test") == [0, 1, 2]
    assert rows_of(dataset, "validation") == [3, 4]
    assert rows_of(dataset, "train") == [5, 6, 7, 8, 9]


def test_of_a_data_set_with_a_test_part_the_last_rows_are_for_validation() -> None:
    official = regression(3).splits["train"]
    whole = regression(10)
    whole = replace(whole, splits={**whole.splits, "test": official})
    dataset = hold_out(whole, validation=4, seed=0, split="in_order")
    assert rows_of(dataset, "validation") == [6, 7, 8, 9]
    assert dataset.splits["test"] is official


def test_groups_stay_together_with_each_seed_its_own_choice() -> None:
    groups = np.arange(100) // 4
    chosen = set()
    for seed in range(10):
        whole = replace(numbered([60, 40]), groups=groups)
        dataset = hold_out(whole, validation=0.1, test=0.2, seed=seed)
        again = hold_out(whole, validation=0.1, test=0.2, seed=seed)
        assert dataset.fingerprint() == again.fingerprint()
        parts = [{row // 4 for row in rows_of(dataset, part)} for part in PARTS]
        assert sum(map(len, parts)) == 25
        assert sorted(row for part in PARTS for row in rows_of(dataset, part)) == [*range(100)]
        chosen.add(tuple(rows_of(dataset, "test")))
    assert len(chosen) == 10


def test_order_and_groups_are_forgotten_and_no_part_of_the_data() -> None:
    whole = numbered([10, 10])
    known = replace(whole, order=np.arange(20), groups=np.arange(20))
    assert known.fingerprint() == whole.fingerprint()
    for split in ("random", "in_order"):
        dataset = hold_out(known, test=4, seed=0, split=split)
        assert dataset.order is None
        assert dataset.groups is None


def grouped(counts: list[int]) -> Dataset:
    whole = numbered(counts)
    return replace(whole, groups=np.arange(len(whole.splits["train"])) // 3)


@pytest.mark.parametrize(
    "whole",
    [numbered([90, 30]), regression(120), grouped([60, 60])],
    ids=["classes", "numbers", "groups"],
)
@pytest.mark.parametrize("seed", [0, 7])
def test_another_seed_for_validation_leaves_the_test_rows(whole: Dataset, seed: int) -> None:
    shares: Shares = {"validation": 24, "test": 0.2, "seed": seed}
    plain = hold_out(whole, **shares)
    assert hold_out(whole, **shares, validation_seed=seed).fingerprint() == plain.fingerprint()
    chosen = {tuple(rows_of(plain, "validation"))}
    for own in range(11, 16):
        dataset = hold_out(whole, **shares, validation_seed=own)
        assert rows_of(dataset, "test") == rows_of(plain, "test")
        assert sorted(row for part in PARTS for row in rows_of(dataset, part)) == [*range(120)]
        chosen.add(tuple(rows_of(dataset, "validation")))
        if whole.groups is not None:
            parts = [{row // 3 for row in rows_of(dataset, part)} for part in PARTS]
            assert sum(map(len, parts)) == 40
        elif whole.classes:
            assert class_counts(dataset, "validation").tolist() == [18, 6]
    assert len(chosen) == 6


def test_all_rows_are_as_likely_to_be_for_validation_whatever_was_drawn_for_testing() -> None:
    whole, hits = regression(10), np.zeros(10)
    test = rows_of(hold_out(whole, test=4, validation=3, seed=1), "test")
    for own in range(2, 2002):
        dataset = hold_out(whole, test=4, validation=3, seed=1, validation_seed=own)
        hits[rows_of(dataset, "validation")] += 1
    assert np.flatnonzero(hits == 0).tolist() == test
    # Binomial with 2000 draws of 3 in 6: mean 1000, standard deviation 22.4.
    assert np.abs(np.delete(hits, test) - 1000).max() < 5 * 22.4


@pytest.mark.parametrize("whole", [numbered([90, 30]), grouped([60, 60])])
@pytest.mark.parametrize("split", ["random", "in_order"])
def test_rows_for_validation_may_stay_where_they_are(whole: Dataset, split: str) -> None:
    shares: Shares = {"validation": 24, "test": 24, "seed": 3, "split": split}
    moved, kept = hold_out(whole, **shares), hold_out(whole, **shares, keeps_validation=True)
    assert list(kept.splits) == ["train", "test"]
    assert rows_of(kept, "test") == rows_of(moved, "test")
    assert rows_of(kept, "train") == sorted(rows_of(moved, "train") + rows_of(moved, "validation"))
    alone = hold_out(whole, validation=24, seed=3, split=split, keeps_validation=True)
    assert rows_of(alone, "train") == [*range(120)]


def test_the_seed_for_validation_is_of_no_effect_in_order() -> None:
    given: Shares = {"validation": 3, "test": 3, "seed": 0, "split": "in_order"}
    whole = regression(20)
    dataset = hold_out(whole, **given, validation_seed=5)
    assert dataset.fingerprint() == hold_out(whole, **given).fingerprint()


def test_few_groups_have_the_same_test_rows_with_and_without_a_part_for_validation() -> None:
    # The most groups that testing may take depends on how many parts are to come.
    whole = replace(regression(12), groups=np.repeat([0, 1, 2], [1, 1, 10]))
    shares: Shares = {"validation": 1, "test": 10}
    for seed in range(10):
        moved = hold_out(whole, **shares, seed=seed)
        kept = hold_out(whole, **shares, seed=seed, keeps_validation=True)
        own = hold_out(whole, **shares, seed=seed, validation_seed=seed + 1)
        assert rows_of(moved, "test") == rows_of(kept, "test") == rows_of(own, "test")
