"""Columns that leak the target are found, and columns that only help are not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.insight.doctor.leakage import check_leakage
from tests.insight.doctor.support import make, shipped

RNG = np.random.default_rng(3)
NOISE, OTHER = RNG.normal(size=300), RNG.normal(size=300)
KINDS = [f"kind {i % 3}" for i in range(300)]
NUMBERS = np.exp(NOISE) * 100


def table(folder: Path, columns: dict[str, Any], **dataset: Any) -> Any:
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(map(str, row)) for row in (columns, *rows)]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")
    settings = {"name": "csv", "path": "rows.csv", "target": "y", "test": 0, **dataset}
    return make(folder, dataset=settings)


GIVEN_AWAY: dict[str, tuple[Any, Any]] = {
    "a code with a little noise": ([i % 3 + NOISE[i] / 50 for i in range(300)], KINDS),
    "other categories": ([["x", "z", "y"][i % 3] for i in range(300)], KINDS),
    "the number of the row in a sorted table": (range(300), sorted(KINDS)),
    "another unit": (NUMBERS / 1000, NUMBERS),
    "a falling curve": (-(NUMBERS**0.5), NUMBERS),
    "but for missing values": ([x / 10 if i % 7 else "" for i, x in enumerate(NUMBERS)], NUMBERS),
}


@pytest.mark.parametrize("case", GIVEN_AWAY)
def test_a_column_that_tells_all_is_worth_a_look(case: str, tmp_path: Path) -> None:
    column, y = GIVEN_AWAY[case]
    experiment = table(tmp_path, {"late": column, "b": OTHER, "y": y}, missing="impute")
    (finding,) = check_leakage(experiment)
    assert finding.level == "look"
    assert finding.rule == "columns that alone predict the target of nearly all rows: late"
    assert finding.remedy.endswith("leave out with 'dataset.ignore=[late]'")


WITHHELD: dict[str, Callable[[Path], Any]] = {
    "a column that only helps": lambda _: shipped("iris"),
    "numbers that only help": lambda _: shipped("diabetes"),
    "categories and numbers": lambda _: shipped("csv"),
    "two columns that tell all together": lambda _: shipped("moons"),
    "pictures": lambda _: shipped("digits"),
    "a gate": lambda _: shipped("parity"),
    "the only column": lambda folder: table(folder, {"a": NUMBERS, "y": NUMBERS}),
    "few rows": lambda folder: table(
        folder, {"a": range(9), "b": range(9, 18), "y": sorted(KINDS[:9])}
    ),
    "a constant": lambda folder: table(folder, {"a": [1] * 300, "b": OTHER, "y": NUMBERS}),
}


@pytest.mark.parametrize("case", WITHHELD)
def test_what_only_helps_or_has_to_tell_all_is_not(case: str, tmp_path: Path) -> None:
    assert list(check_leakage(WITHHELD[case](tmp_path))) == []
