"""A time series split at random is noticed; sorted and shuffled tables are not mistaken for one."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.row_order import autocorrelation, check_row_order, is_sorted
from tests.insight.doctor.support import shipped, table_of

RNG = np.random.default_rng(8)
WALK = np.cumsum(RNG.normal(size=400))
MONTHS = [f"{i * 1.01:.2f}" for i in range(400)]
NOISE = RNG.normal(size=400)


def series(folder: Path, y: Any, **dataset: Any) -> Experiment:
    return table_of(folder, {"months": MONTHS, "z": NOISE, "y": y}, **{"test": 0.2, **dataset})


def test_a_random_walk_held_out_at_random_is_worth_a_look(tmp_path: Path) -> None:
    (finding,) = check_row_order(series(tmp_path, WALK))
    assert finding.level == "look"
    assert "as in a time series" in finding.rule
    assert "dataset.split=in_order" in finding.remedy
    at_random, at_the_end = map(
        float, re.findall(r"R² (\S+) on such rows, but (\S+)", finding.rule)[0]
    )
    assert at_random > 0.5 > at_the_end


def test_the_same_rows_in_another_order_are_no_series(tmp_path: Path) -> None:
    order = RNG.permutation(400)
    columns = {"months": np.array(MONTHS)[order], "z": NOISE[order], "y": WALK[order]}
    assert not list(check_row_order(table_of(tmp_path, columns, test=0.2)))


@pytest.mark.parametrize(
    "case",
    ["nothing is held out", "sorted by the target", "classes", "inputs that explain it"],
)
def test_other_tables_are_not_mistaken_for_a_series(case: str, tmp_path: Path) -> None:
    experiments: dict[str, Any] = {
        "nothing is held out": lambda: series(tmp_path, WALK, test=0),
        "sorted by the target": lambda: series(tmp_path, np.sort(NOISE)),
        "classes": lambda: series(tmp_path, ["a"] * 200 + ["b"] * 200),
        # A model that learns from the first rows predicts the last ones just as well.
        "inputs that explain it": lambda: table_of(
            tmp_path,
            {"x": np.sin(np.arange(400) / 9), "z": NOISE, "y": np.sin(np.arange(400) / 9) * 3 + 1},
            test=0.2,
        ),
    }
    assert not list(check_row_order(experiments[case]()))


@pytest.mark.parametrize("name", ["iris", "diabetes", "digits", "csv", "xor", "four-points"])
def test_no_shipped_data_is_a_series(name: str) -> None:
    assert not list(check_row_order(shipped(name)))


def test_likeness_is_0_by_chance_and_near_1_for_curves() -> None:
    assert abs(autocorrelation(NOISE)) < 0.15  # three standard errors, 3 / √400
    assert autocorrelation(np.sin(np.arange(400) / 20)) > 0.99
    # Of the ranks 1, 3, 2, 4 the steps are 2, −1, 2 and the variance is 5/4: 1 − 3 / 2.5.
    assert autocorrelation(np.array([10.0, 30.0, 20.0, 1e9])) == pytest.approx(1 - 3 / 2.5)
    assert autocorrelation(np.ones(9)) == 0.0


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=30))
def test_sorted_numbers_are_sorted_both_ways(numbers: list[float]) -> None:
    assert is_sorted(np.sort(numbers))
    assert is_sorted(np.sort(numbers)[::-1])
    assert not is_sorted(np.tile([0.0, 1.0], 10))
