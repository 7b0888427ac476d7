"""Numbers far outside the rest are found where a person would, and heavy tails are left alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.insight.doctor.outliers import Outliers, check_outliers, find_outliers
from tests.insight.doctor.support import inline, shipped, table_of

RNG = np.random.default_rng(5)
NORMAL = RNG.normal(size=500)
AGES = RNG.integers(18, 80, 500).astype(float)


def with_values(base: np.ndarray, *values: float) -> np.ndarray:
    changed = base.copy()
    changed[7 : 7 + len(values)] = values
    return changed


STRANGE: dict[str, tuple[np.ndarray, list[tuple[tuple[float, ...], int]]]] = {
    "six nines": (with_values(NORMAL, *[999999.0] * 5), [((999999.0,), 5)]),
    "once -999": (with_values(NORMAL * 10 + 10, -999.0), [((-999.0,), 1)]),
    "a billion": (with_values(NORMAL, 1e9), [((1e9,), 1)]),
    "9999 among hundreds": (with_values(NORMAL * 20 + 100, 9999.0), [((9999.0,), 1)]),
    "-1 among ages": (with_values(AGES, -1.0, -1.0, -1.0), [((-1.0,), 3)]),
    "99 among small counts": (with_values(AGES // 3, 99.0, 99.0), [((99.0,), 2)]),
    "mostly 999": (np.where(AGES < 77, 999.0, AGES - 76), [((999.0,), int((AGES < 77).sum()))]),
    "-1 as often as no other": (
        np.where(AGES < 60, -1.0, AGES - 60),
        [((-1.0,), int((AGES < 60).sum()))],
    ),
    "at both ends": (
        with_values(NORMAL, -999.0, -999.0, 9999.0),
        [((9999.0,), 1), ((-999.0,), 2)],
    ),
    "mostly one value": (
        np.concatenate([np.zeros(500), [1.0, 2.0, 3.0, 1.0, 2.0, 1e9]]),
        [((1e9,), 1)],
    ),
    "a skewed amount with a typing mistake": (
        with_values(np.exp(NORMAL * 0.7 + 10), 1e9),
        [((1e9,), 1)],
    ),
    "the largest float": (with_values(NORMAL, 1.7e308), [((1.7e308,), 1)]),
    "among denormals": (with_values(NORMAL * 1e-310, 1.0), [((1.0,), 1)]),
    "the largest whole number of 32 bits": (
        with_values(NORMAL * 3000 + 50_000, 2.0**31 - 1),
        [((2.0**31 - 1,), 1)],
    ),
    "beside missing values": (with_values(NORMAL, np.nan, np.nan, 1e9), [((1e9,), 1)]),
}


@pytest.mark.parametrize("case", STRANGE)
def test_values_far_outside_are_found_with_their_rows(case: str) -> None:
    values, expected = STRANGE[case]
    assert find_outliers(values) == [Outliers(*found) for found in expected]


def test_another_unit_in_some_rows_is_one_group() -> None:
    weights = NORMAL * 10 + 70
    weights[:12] *= 1000
    (found,) = find_outliers(weights)
    assert found.rows == 12
    assert found.values == tuple(sorted(weights[:12].tolist()))


ORDINARY: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "lognormal": lambda rng, n: np.exp(2 * rng.normal(size=n)),
    "very heavy": lambda rng, n: np.exp(5 * rng.normal(size=n)),
    "lognormal of both signs": lambda rng, n: (
        np.exp(2 * rng.normal(size=n)) * rng.choice([-1, 1], n)
    ),
    "exponential": lambda rng, n: rng.exponential(size=n),
    "gamma": lambda rng, n: rng.gamma(0.1, size=n),
    "t": lambda rng, n: rng.standard_t(3, n),
    "Poisson": lambda rng, n: rng.poisson(0.5, n).astype(float),
    "many zeros": lambda rng, n: np.exp(rng.normal(8, 1.5, n)) * (rng.random(n) < 0.3),
    "a balance or none": lambda rng, n: np.where(rng.random(n) < 0.3, 0, rng.normal(1e5, 3e3, n)),
    "a rare flag": lambda rng, n: (rng.random(n) < 0.02).astype(float),
    "-1, 0 and 1": lambda rng, n: rng.choice([-1.0, 0.0, 1.0], n),
    "ratings": lambda rng, n: rng.integers(1, 6, n).astype(float),
    "gains and a few losses": lambda rng, n: rng.integers(-1, 6, n).astype(float),
    "percentages": lambda rng, n: rng.integers(0, 101, n).astype(float),
    "prices that end with 9": lambda rng, n: rng.choice([9.0, 19, 49, 79, 99, 149, 199], n),
    "two clusters": lambda rng, n: np.where(rng.random(n) < 0.2, 1e4, 0) + rng.normal(size=n),
}


@pytest.mark.parametrize("case", ORDINARY)
@pytest.mark.parametrize("rows", [60, 400, 3_000])
def test_tails_and_gaps_of_ordinary_columns_raise_no_alarm(case: str, rows: int) -> None:
    alarms = sum(
        bool(find_outliers(ORDINARY[case](np.random.default_rng(seed), rows)))
        for seed in range(100)
    )
    assert alarms <= 1


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=80))
def test_any_numbers_can_be_examined(numbers: list[float]) -> None:
    values = np.array(numbers)
    rows = 0
    for outliers in find_outliers(values):
        assert list(outliers.values) == sorted(set(outliers.values))
        assert outliers.rows == np.isin(values, outliers.values).sum()
        rows += outliers.rows
    assert rows < max(1, len(values))


def test_the_finding_names_column_value_rows_and_what_to_type(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "ordinary": NORMAL,
        "a": with_values(NORMAL, -999.0, -999.0),
        "y": with_values(NORMAL[::-1], 1e9),
    }
    (finding,) = check_outliers(table_of(tmp_path, columns))
    assert finding.level == "look"
    assert finding.rule.endswith(": a (-999 in 2 rows), the target y (1000000000 in 1 row)")
    assert """'dataset.missing_values=["-999", "1000000000"]'""" in finding.remedy
    assert "correct these values" in finding.remedy


def test_rows_in_the_config_can_only_be_corrected(tmp_path: Path) -> None:
    inputs = [[float(x)] for x in with_values(NORMAL, 1e9)[:60]]
    (finding,) = check_outliers(inline(tmp_path, inputs, NORMAL[:60].tolist()))
    assert "missing_values" not in finding.remedy
    assert finding.remedy.startswith("correct these values")


@pytest.mark.parametrize("name", ["iris", "diabetes", "digits", "csv", "moons", "parity"])
def test_nothing_is_far_outside_in_the_shipped_data(name: str) -> None:
    assert not list(check_outliers(shipped(name)))
