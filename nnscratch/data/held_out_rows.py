"""Which rows are held out: random ones, the last ones in order, or whole groups of rows.

Each function returns the indices of the rows of each part, in the order of the data.
"""

from collections.abc import Mapping, Sequence
from math import inf
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.errors import SettingError
from nnscratch.formatting import plural

# How often groups are drawn; the best draw is taken.
_TRIES = 10

Rows = NDArray[np.intp]
# Each class of a group's rows and how many rows it has, by the group's number.
Tallies = Sequence[Sequence[tuple[int, int]]]


def draw_rows(
    rows: int,
    classes: NDArray[Any] | None,
    counts: Mapping[str, int],
    rng: np.random.Generator,
    own: Mapping[str, np.random.Generator] | None = None,
) -> dict[str, Rows]:
    """Returns random rows, of each class its share give or take one row.

    Args:
        rows: How many rows there are.
        classes: The class of each row (rows,); None if the targets are numbers.
        counts: How many rows each part gets.
        rng: Chooses.
        own: Chooses for some of the parts, in the place of `rng`.
    """
    rngs = dict.fromkeys(counts, rng) | dict(own or {})
    left = np.arange(rows)
    parts: dict[str, Rows] = {}
    for part, count in counts.items():
        order = rngs[part].permutation(left)
        if classes is not None:
            order = order[np.argsort(classes[order], kind="stable")]
        # Evenly spaced picks from rows in the order of their classes take its share of each class.
        picks = ((np.arange(count) + 0.5) * (len(order) / count)).astype(np.intp)
        parts[part] = np.sort(order[picks])
        left = np.setdiff1d(left, parts[part], assume_unique=True)
    return parts


def last_rows(order: NDArray[Any], counts: Mapping[str, int]) -> dict[str, Rows]:
    """Returns the last rows for the first part, those before them for the next one, and so on.

    Args:
        order: What the rows are sorted by (rows,); those of equal values stay as they stand.
        counts: How many rows each part gets.
    """
    left = np.argsort(order, kind="stable")
    parts: dict[str, Rows] = {}
    for part, count in counts.items():
        parts[part] = np.sort(left[len(left) - count :])
        left = left[: len(left) - count]
    return parts


def draw_groups(
    groups: NDArray[np.intp],
    classes: NDArray[Any] | None,
    counts: Mapping[str, int],
    rng: np.random.Generator,
    own: Mapping[str, np.random.Generator] | None = None,
) -> dict[str, Rows]:
    """Returns the rows of random groups, so that no group is in two parts.

    A part gets about as many rows as it should, and of each class about its share: a group is taken
    if that brings the part nearer to both, and the best of ten draws is kept.

    Args:
        groups: The number of each row's group (rows,).
        classes: The class of each row (rows,); None if the targets are numbers.
        counts: How many rows each part should get.
        rng: Chooses.
        own: Chooses for some of the parts, in the place of `rng`.

    Raises:
        SettingError: There are fewer groups than parts, of which the training part is one.
    """
    _, member = np.unique(groups, return_inverse=True)
    number = int(member.max()) + 1
    if number <= len(counts):
        named = " and ".join(["training", *counts])
        rule = f"has only {plural(number, 'group')} of rows, too few for parts for {named}"
        raise SettingError("group", rule)
    labels = np.zeros(len(groups), np.intp) if classes is None else classes.astype(np.intp)
    tallies = _count_classes(member, labels)
    rngs = dict.fromkeys(counts, rng) | dict(own or {})
    left = np.arange(number)
    kept = np.ones(len(groups), np.bool_)
    parts: dict[str, Rows] = {}
    for i, (part, count) in enumerate(counts.items()):
        wanted = np.bincount(labels[kept]) * (count / np.count_nonzero(kept))
        # Each part to come, and the training part, needs a group of its own.
        most = len(left) - (len(counts) - i)
        draws = (rngs[part].permutation(left) for _ in range(_TRIES))
        tries = [_choose_groups(tallies, draw, wanted, most) for draw in draws]
        _, chosen = min(tries, key=itemgetter(0))
        left = left[~np.isin(left, chosen)]
        is_chosen = np.isin(member, chosen)
        kept &= ~is_chosen
        parts[part] = np.flatnonzero(is_chosen)
    return parts


def _count_classes(member: Rows, labels: Rows) -> Tallies:
    classes = int(labels.max()) + 1
    pairs, counts = np.unique(member * classes + labels, return_counts=True)
    tallies: list[list[tuple[int, int]]] = [[] for _ in range(int(member.max()) + 1)]
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        tallies[pair // classes].append((pair % classes, count))
    return tallies


def _choose_groups(
    tallies: Tallies, candidates: Rows, wanted: NDArray[np.float64], most: int
) -> tuple[float, list[int]]:
    """Returns groups that have about the wanted number of rows of each class, and how far off.

    Args:
        tallies: Of all groups.
        candidates: The groups in the order in which they are tried.
        wanted: (classes,).
        most: How many groups may be taken.
    """
    lacking = wanted.tolist()
    rows_lacking = sum(lacking)
    chosen: list[int] = []
    nearest, smallest_harm = -1, inf
    for group in candidates.tolist():
        rows = sum(count for _, count in tallies[group])
        # How much larger the squares of what is lacking get with this group: that of all rows,
        # and the sum of those of the classes.
        for_rows = rows * (rows - 2.0 * rows_lacking)
        for_classes = sum(count * (count - 2.0 * lacking[k]) for k, count in tallies[group])
        harm = max(for_rows, for_classes)
        if harm < 0:
            chosen.append(group)
            rows_lacking -= rows
            for k, count in tallies[group]:
                lacking[k] -= count
        elif harm < smallest_harm:
            nearest, smallest_harm = group, harm
        if len(chosen) == most or rows_lacking <= 0.5:
            break
    if not chosen:
        return smallest_harm, [nearest]
    return rows_lacking**2 + sum(number**2 for number in lacking), chosen
