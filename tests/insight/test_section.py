"""Sections: a row for each unit, or the extremes of many."""

import numpy as np
import pytest

from nnscratch.insight.section import MAX_UNITS, tabulate


@pytest.mark.parametrize("count", [1, MAX_UNITS, MAX_UNITS + 1, 1000])
def test_a_table_has_each_unit_or_the_smallest_the_mean_and_the_largest(count: int) -> None:
    numbers = np.array([(7 * i) % 11 - 4.5 for i in range(count)])
    section = tabulate("t", ["f"], "unit", [str(i) for i in range(count)], {"z": numbers})
    if count <= MAX_UNITS:
        assert section.header == ("unit", "z")
        assert [row[1] for row in section.rows] == numbers.tolist()
        return
    mean = sum(numbers.tolist()) / count
    assert [row[0] for row in section.rows] == ["smallest", "mean", "largest"]
    assert [row[1] for row in section.rows] == pytest.approx([-4.5, mean, 5.5])
    assert any(f"{count:,} unit" in line for line in section.formulas)
