"""The ranges of columns: from the data where it is there, from the scaling where it is not."""

from pathlib import Path

import pytest

from nnscratch import Model
from nnscratch.export.ranges import Range, data_ranges, known_ranges
from nnscratch.runs import find_weights
from tests.conftest import Command
from tests.export.models import MODELS

TABLE = "size,colour,same,price\n1,red,4,10\n2,blue,4,21\n8.5,red,4,80\n3,,4,29\n,blue,4,30\n"
CONFIG = """
dataset: {name: csv, path: houses.csv, target: price, missing: impute, test: 0}
architecture: [2]
epochs: 2
"""


@pytest.fixture
def houses(workplace: Path, nnscratch: Command) -> Path:
    Path("houses.csv").write_text(TABLE)
    Path("houses.yaml").write_text(CONFIG)
    result = nnscratch("train", "houses.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return workplace / result.out.strip()


def test_ranges_are_those_of_the_training_rows(houses: Path) -> None:
    found = find_weights(str(houses), Path("runs"))
    ranges = data_ranges(found, Model.load(houses), lambda _: None)
    assert ranges == (Range(1.0, 8.5, 2.5), None, Range(1.0, 7.0, 4.0))


def test_without_the_data_there_are_none(houses: Path) -> None:
    Path("houses.csv").unlink()
    found = find_weights(str(houses), Path("runs"))
    assert data_ranges(found, Model.load(houses), lambda _: None) is None


def test_a_model_knows_mean_and_deviation() -> None:
    ranges = known_ranges(MODELS["people"]())
    assert ranges[:3] == (Range(14.0, 68.0, 41.0), None, Range(-2900.0, 21100.0, 9100.0))


def test_without_scaling_the_range_is_around_zero() -> None:
    assert known_ranges(MODELS["two-classes"]()) == (Range(-3.0, 3.0, 0.0),) * 3
