"""Columns that tell nothing of their own, and columns that tell too much."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Feature, ImageFormat
from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.column_checks import check_columns, check_leakage
from nnscratch.insight.doctor.target_checks import check_targets
from tests.insight.doctor.support import make, shipped, table_of


def table(folder: Path, text: str, **dataset: object) -> Experiment:
    (folder / "rows.csv").write_text(text)
    settings = {"name": "csv", "path": "rows.csv", "target": "y", "test": 0, **dataset}
    return make(folder, dataset=settings)


def test_constant_columns_are_named_and_left_out_by_what_can_be_typed(tmp_path: Path) -> None:
    text = "id,x,same,my gap,y\n1,1,7,3,a\n2,2,7,,b\n3,3,7,3,a\n4,5,7,3,b\n"
    experiment = table(tmp_path, text, missing="impute", ignore=["id"])
    (finding,) = check_columns(experiment)
    assert finding.level == "look"
    assert finding.rule.startswith("columns that are constant")
    assert finding.rule.endswith("same, my gap")
    assert finding.remedy == """leave out with 'dataset.ignore=[id,same,"my gap"]'"""


def test_columns_that_never_change_are_not_called_copies_too(tmp_path: Path) -> None:
    (finding,) = check_columns(table(tmp_path, "x,s,t,y\n1,7,7,a\n2,7,7,b\n3,7,7,a\n"))
    assert finding.rule.startswith("columns that are constant")


def test_columns_that_were_chosen_are_left_out_of_the_choice(tmp_path: Path) -> None:
    text = "x,same,y\n1,7,a\n2,7,b\n3,7,a\n4,7,b\n"
    (finding,) = check_columns(table(tmp_path, text, features=["x", "same"]))
    assert finding.remedy == "remove from dataset.features"


def test_columns_that_repeat_another_are_named_with_it(tmp_path: Path) -> None:
    text = "x,z,copy,word,same_word,y\n-0.0,1,0,u,u,a\n2,5,2,v,v,b\n3,3,3,u,u,a\n4,5,4,v,v,b\n"
    (finding,) = check_columns(table(tmp_path, text))
    assert finding.level == "look"
    assert finding.rule.endswith("copy = x, same_word = word")


def test_categories_and_numbers_with_the_same_codes_are_no_duplicates(tmp_path: Path) -> None:
    text = "x,word,other,y\n0,u,p,a\n1,v,q,b\n0,u,p,a\n1,v,q,b\n"
    (finding,) = check_columns(table(tmp_path, text))
    assert finding.rule == "no column is constant or duplicates another (3 columns)"


def test_columns_that_are_mostly_missing_are_named_with_the_share(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "half": [i if i % 2 else "" for i in range(20)],
        "pool": ["" if i % 5 else "yes" for i in range(15)] + ["no"] * 3 + [""] * 2,
        "cabin": [""] * 17 + ["A", "B", "C"],
        "y": ["a", "b"] * 10,
    }
    finding, _ = check_columns(table_of(tmp_path, columns, missing="impute"))
    assert finding.level == "look"
    # 14 of 20 and 17 of 20.
    assert finding.rule.endswith(": pool (70.0%), cabin (85.0%)")
    assert finding.remedy.startswith('leave out with "dataset.ignore=[pool,cabin]"')


def test_pixels_that_never_change_are_only_counted() -> None:
    (finding,) = check_columns(shipped("digits"))
    assert finding.level == "fine"
    assert finding.rule.startswith("constant pixels: 3 of 64")


def test_a_large_table_takes_no_longer_than_a_moment() -> None:
    experiment = shipped("iris")
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 256, (20_000, 784), np.uint8)
    inputs[:, 5] = 9
    split = replace(experiment.dataset.splits["train"], inputs=inputs)
    dataset = replace(
        experiment.dataset,
        splits={"train": split},
        features=tuple(Feature(f"pixel{i}") for i in range(784)),
        image=ImageFormat(28, 28, 255),
    )
    (finding,) = check_columns(replace(experiment, dataset=dataset))
    assert finding.rule.startswith("constant pixels: 1 of 784")


@pytest.mark.parametrize("name", ["xor", "iris", "diabetes", "moons", "digits", "csv", "not"])
def test_nothing_is_wrong_with_the_shipped_data(name: str) -> None:
    experiment = shipped(name)
    findings = [*check_targets(experiment), *check_columns(experiment)]
    assert {finding.level for finding in findings} == {"fine"}


RNG = np.random.default_rng(3)
NOISE, OTHER = RNG.normal(size=300), RNG.normal(size=300)
KINDS = [f"kind {i % 3}" for i in range(300)]
NUMBERS = np.exp(NOISE) * 100


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
    experiment = table_of(tmp_path, {"late": column, "b": OTHER, "y": y}, missing="impute")
    (finding,) = check_leakage(experiment)
    assert finding.level == "look"
    assert finding.rule == "columns that alone predict the target of nearly all rows: late"
    assert finding.remedy.endswith('leave out with "dataset.ignore=[late]"')


WITHHELD: dict[str, Callable[[Path], Any]] = {
    "a column that only helps": lambda _: shipped("iris"),
    "numbers that only help": lambda _: shipped("diabetes"),
    "categories and numbers": lambda _: shipped("csv"),
    "two columns that tell all together": lambda _: shipped("moons"),
    "pictures": lambda _: shipped("digits"),
    "a gate": lambda _: shipped("parity"),
    "the only column": lambda folder: table_of(folder, {"a": NUMBERS, "y": NUMBERS}),
    "few rows": lambda folder: table_of(
        folder, {"a": range(9), "b": range(9, 18), "y": sorted(KINDS[:9])}
    ),
    "a constant": lambda folder: table_of(folder, {"a": [1] * 300, "b": OTHER, "y": NUMBERS}),
}


@pytest.mark.parametrize("case", WITHHELD)
def test_what_only_helps_or_has_to_tell_all_is_not(case: str, tmp_path: Path) -> None:
    assert list(check_leakage(WITHHELD[case](tmp_path))) == []


def test_numbers_beyond_float32_are_compared_too(tmp_path: Path) -> None:
    columns = {"late": [(i % 3) * 1e150 for i in range(300)], "b": OTHER, "y": KINDS}
    (finding,) = check_leakage(table_of(tmp_path, columns))
    assert finding.rule.endswith(": late")
