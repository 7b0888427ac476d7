"""Held-out rows: random ones (see test_splitting), the last in order, or whole groups of rows."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.data.held_out_rows import draw_groups, draw_rows, last_rows
from nnscratch.errors import SettingError

Array = NDArray[Any]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_random_rows_are_as_many_as_wanted_and_in_one_part_each() -> None:
    parts = draw_rows(50, None, {"test": 10, "validation": 7}, rng())
    assert [len(rows) for rows in parts.values()] == [10, 7]
    assert len({*parts["test"].tolist(), *parts["validation"].tolist()}) == 17
    assert all((np.diff(rows) > 0).all() for rows in parts.values())


def test_random_rows_keep_the_shares_of_the_classes() -> None:
    classes = np.array([0] * 40 + [1] * 10)
    parts = draw_rows(50, classes, {"test": 10}, rng())
    assert np.bincount(classes[parts["test"]]).tolist() == [8, 2]


def test_the_last_rows_are_for_the_first_part_and_those_before_for_the_next() -> None:
    order = np.array([3.0, 9, 1, 7, 5, 8, 2])
    parts = last_rows(order, {"test": 2, "validation": 3})
    assert parts["test"].tolist() == [1, 5]  # 9 and 8
    assert parts["validation"].tolist() == [0, 3, 4]  # 3, 7 and 5


def test_rows_of_equal_values_stay_as_they_stand() -> None:
    parts = last_rows(np.array([1, 1, 0, 1, 1]), {"test": 2})
    assert parts["test"].tolist() == [3, 4]


def clustered(groups: int, classes: int, seed: int) -> tuple[Array, Array]:
    """Returns groups of one to twelve rows, shuffled, each row with a class of any kind."""
    random = rng(seed)
    member = random.permutation(np.repeat(np.arange(groups), random.integers(1, 13, groups)))
    return member * 7 + 3, random.integers(0, classes, len(member))


COUNTS: list[dict[str, int]] = [{"test": 60}, {"test": 40, "validation": 30}, {"validation": 1}]


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("with_classes", [True, False])
def test_no_group_is_in_two_parts(counts: dict[str, int], with_classes: bool) -> None:
    for seed in range(10):
        groups, classes = clustered(50, 3, seed)
        parts = draw_groups(groups, classes if with_classes else None, counts, rng(seed))
        assert list(parts) == list(counts)
        rest = np.setdiff1d(np.arange(len(groups)), np.concatenate(list(parts.values())))
        seen = [set(groups[rows].tolist()) for rows in (*parts.values(), rest)]
        assert sum(map(len, seen)) == len(set().union(*seen)) == 50
        assert all(seen)
        # As many rows as wanted, give or take half of the largest group.
        if "test" in counts:
            assert abs(len(parts["test"]) - counts["test"]) <= 6


def test_classes_keep_about_their_share() -> None:
    off = []
    for seed in range(20):
        groups, classes = clustered(200, 3, seed)
        rows = draw_groups(groups, classes, {"test": len(groups) // 5}, rng(seed))["test"]
        shares = np.bincount(classes, minlength=3) / len(classes)
        off.append(np.abs(np.bincount(classes[rows], minlength=3) - shares * len(rows)).max())
    assert max(off) <= 6


def test_groups_of_one_class_each_are_stratified() -> None:
    groups = np.repeat(np.arange(40), 5)
    classes = np.repeat([0, 0, 0, 1], 50)  # 30 groups of one class, 10 of the other
    rows = draw_groups(groups, classes, {"test": 40}, rng())["test"]
    assert np.bincount(classes[rows]).tolist() == [30, 10]


def test_rows_that_are_groups_of_their_own_are_drawn_alike() -> None:
    hits = np.zeros(10)
    for seed in range(2000):
        hits[draw_groups(np.arange(10), None, {"test": 3}, rng(seed))["test"]] += 1
    # Binomial: mean 600, standard deviation 20.5.
    assert hits.sum() == 6000
    assert np.abs(hits - 600).max() < 5 * 20.5


def test_the_generator_decides() -> None:
    groups, classes = clustered(30, 2, 1)
    drawn = [
        draw_groups(groups, classes, {"test": 30}, rng(seed))["test"].tolist()
        for seed in (1, 1, 2, 3, 4)
    ]
    assert drawn[0] == drawn[1]
    assert len(set(map(tuple, drawn))) == 4


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [
        ([10, 10], {"test": 19}),
        ([1, 100], {"test": 90}),
        ([100, 1, 1], {"test": 50, "validation": 51}),
        ([5, 5, 5], {"test": 1, "validation": 1}),
        ([3, 3, 90], {"test": 95}),
    ],
)
def test_each_part_has_a_group_whatever_was_wanted(
    sizes: list[int], counts: dict[str, int]
) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    for seed in range(20):
        parts = draw_groups(groups, None, counts, rng(seed))
        held_out = np.concatenate(list(parts.values()))
        assert all(len(rows) for rows in parts.values())
        assert len(set(held_out.tolist())) == len(held_out) < len(groups)


@pytest.mark.parametrize(
    ("groups", "counts", "rule"),
    [
        (
            [4, 4, 4],
            {"test": 1},
            "has only 1 group of rows, too few for parts for training and test",
        ),
        (
            [1, 2, 2],
            {"test": 1, "validation": 1},
            "2 groups of rows, too few for parts for training",
        ),
    ],
)
def test_too_few_groups_are_refused(groups: list[int], counts: dict[str, int], rule: str) -> None:
    with pytest.raises(SettingError) as caught:
        draw_groups(np.array(groups), None, counts, rng())
    assert caught.value.key == "group"
    assert rule in caught.value.rule


@pytest.mark.parametrize("groups", [True, False])
def test_a_generator_of_its_own_chooses_one_part_and_leaves_the_other(groups: bool) -> None:
    member, classes = clustered(50, 3, 1)
    counts = {"test": 40, "validation": 30}

    def draw(own: int | None) -> dict[str, list[int]]:
        chooses = None if own is None else {"validation": rng(own)}
        if groups:
            parts = draw_groups(member, classes, counts, rng(), chooses)
        else:
            parts = draw_rows(len(classes), classes, counts, rng(), chooses)
        return {part: rows.tolist() for part, rows in parts.items()}

    plain, first, second = draw(None), draw(1), draw(2)
    assert plain["test"] == first["test"] == second["test"]
    assert len({tuple(parts["validation"]) for parts in (plain, first, second)}) == 3
    assert draw(1) == first
    assert not {*first["test"]} & {*first["validation"]}
