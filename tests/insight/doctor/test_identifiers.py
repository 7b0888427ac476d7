"""Ids, row numbers and categories like names are found; years and measurements are not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.insight.doctor.identifiers import check_identifiers, is_identifier
from tests.insight.doctor.support import shipped, table_of

RNG = np.random.default_rng(2)
IDS: dict[str, tuple[str, np.ndarray]] = {
    "row numbers": ("n", np.arange(1, 101)),
    "row numbers of a shuffled table": ("n", RNG.permutation(100)),
    "every fourth": ("order", np.arange(1000, 1400, 4)),
    "random but for repetitions": ("customer", RNG.permutation(250_000)[:10_000] + 15_565_701),
    "by name": ("OrderNumber", RNG.integers(10**9, 10**10, 50)),
    "by name, in words": ("order id", RNG.integers(10**9, 10**10, 50)),
    "negative": ("n", -np.arange(1000, 1100)),
}
NO_IDS: dict[str, tuple[str, np.ndarray]] = {
    "years": ("year", np.arange(1950, 2010)),
    "fractions": ("n", np.arange(100) / 2),
    "one repetition": ("id", np.array([*range(50), 7])),
    "a missing value": ("id", np.array([*range(50), np.nan])),
    "few rows": ("id", np.arange(12)),
    "rain that happens to differ": ("rain", np.arange(60) * 37 % 101),
    "areas that happen to differ": ("area", RNG.permutation(100_000)[:60]),
    "a word that ends like an id": ("liquid", RNG.permutation(100_000)[:60]),
    "no digits left": ("id", np.arange(50) * 2.0**60),
}


@pytest.mark.parametrize("case", IDS)
def test_numbers_that_never_repeat_are_ids(case: str) -> None:
    name, numbers = IDS[case]
    assert is_identifier(name, [numbers.astype(np.float64)])


@pytest.mark.parametrize("case", NO_IDS)
def test_years_and_measurements_are_no_ids(case: str) -> None:
    name, numbers = NO_IDS[case]
    assert not is_identifier(name, [numbers.astype(np.float64)])


@pytest.mark.parametrize("seed", range(20))
def test_even_measurements_are_no_ids(seed: int) -> None:
    # Sixty different whole numbers out of 101, in random order: not one has to repeat.
    rain = np.random.default_rng(seed).permutation(101)[:60].astype(float)
    assert not is_identifier("rain", [rain])


def test_held_out_rows_do_not_hide_that_numbers_are_consecutive() -> None:
    numbers = RNG.permutation(100).astype(float)
    assert is_identifier("n", [numbers[:70], numbers[70:]])


def test_ids_are_named_with_what_leaves_them_out(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "row": range(60),
        "x": RNG.normal(size=60),
        "CustomerId": RNG.permutation(200)[:60] + 4000,
        "y": ["a", "b"] * 30,
    }
    (finding,) = check_identifiers(table_of(tmp_path, columns, test=0.2))
    assert finding.level == "look"
    assert finding.rule.endswith("like ids: row, CustomerId")
    assert finding.remedy.endswith('leave out with "dataset.ignore=[row,CustomerId]"')


def test_the_only_column_is_no_id(tmp_path: Path) -> None:
    columns = {"x": range(60), "y": ["a", "b"] * 30}
    assert not list(check_identifiers(table_of(tmp_path, columns)))


def test_categories_like_names_are_named_with_their_share_of_the_inputs(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "surname": [f"n{i % 150}" for i in range(600)],
        "city": [f"c{i % 40}" for i in range(600)],
        "x": RNG.normal(size=600),
        "y": ["a", "b"] * 300,
    }
    (finding,) = check_identifiers(table_of(tmp_path, columns))
    assert finding.level == "look"
    # 150 of 150 + 40 + 1 inputs; 600 / 150 rows.
    assert "surname takes 150 of the network's 191 inputs (79%), one for every 4.0" in finding.rule
    assert "city" not in finding.rule
    assert finding.remedy.startswith('leave out with "dataset.ignore=[surname]"')


@pytest.mark.parametrize("name", ["iris", "diabetes", "digits", "csv", "moons", "parity"])
def test_no_column_of_the_shipped_data_is_an_id(name: str) -> None:
    assert not list(check_identifiers(shipped(name)))
