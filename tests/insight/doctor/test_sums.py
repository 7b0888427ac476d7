"""A target that is a sum of columns gives itself away."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.insight.doctor.sums import check_sums, find_sum
from tests.insight.doctor.support import shipped, table_of

RNG = np.random.default_rng(4)
COLUMNS = RNG.integers(0, 500, (200, 6)).astype(float)
A, B, C, *_ = COLUMNS.T


def test_a_total_is_named_with_its_parts(tmp_path: Path) -> None:
    columns = {
        "hour": C,
        "casual": A.astype(int),
        "registered": B.astype(int),
        "y": (A + B).astype(int),
    }
    (finding,) = check_sums(table_of(tmp_path, columns, task="regression"))
    assert finding.level == "look"
    assert finding.rule == "the target is a sum of columns: y = casual + registered"
    assert finding.remedy.startswith("if their values are known only once the target is, ")
    assert finding.remedy.endswith('"dataset.ignore=[casual,registered]"')


@settings(deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 5), st.sampled_from([-3, -2, -1, 1, 2, 3]), min_size=1, max_size=5
    ),
    st.integers(-100, 100),
)
def test_any_whole_coefficients_are_found(coefficients: dict[int, int], constant: int) -> None:
    target = constant + sum(k * COLUMNS[:, i] for i, k in coefficients.items())
    assert find_sum(COLUMNS, np.asarray(target)) == coefficients


def test_columns_that_depend_on_each_other_do_not_hide_a_sum() -> None:
    columns = np.column_stack([A, B, A - C, C, A + C])
    found = find_sum(columns, A + B)
    assert np.array_equal(columns[:, [*found]] @ [*found.values()], A + B)


@pytest.mark.parametrize(
    "target",
    [
        A + B + RNG.normal(size=200) * 5,  # something else counts too
        1.37 * A + 0.21 * B,  # a formula, such as a price by weight and size
        RNG.normal(size=200),
        np.full(200, 3.0),
        A * B,
        A + np.where(np.arange(200) == 3, 400.0, B),
    ],
    ids=["noise", "fractions", "random", "constant", "product", "but for one row"],
)
def test_what_is_no_sum_is_not_called_one(target: np.ndarray) -> None:
    assert not find_sum(COLUMNS, target)


def test_decimals_of_a_file_and_missing_values_do_not_hide_a_sum(tmp_path: Path) -> None:
    net, tax = RNG.random(300) * 90, RNG.random(300) * 10
    columns = {
        "net": [f"{x:.2f}" if i % 9 else "" for i, x in enumerate(net)],
        "tax": [f"{x:.2f}" for x in tax],
        "other": ["" if i % 3 else "4.5" for i in range(300)],
        "y": [f"{x:.2f}" for x in net + tax],
    }
    (finding,) = check_sums(table_of(tmp_path, columns, missing="impute"))
    assert finding.rule.endswith("y = net + tax")


def test_few_rows_are_a_sum_of_anything() -> None:
    assert not find_sum(COLUMNS[:12], (A + B)[:12])


@pytest.mark.parametrize("name", ["iris", "diabetes", "digits", "csv", "xor", "not"])
def test_no_shipped_target_is_a_sum(name: str) -> None:
    assert not list(check_sums(shipped(name)))
