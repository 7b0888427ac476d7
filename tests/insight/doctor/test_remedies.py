"""What can be typed about columns and values; that it is read back as meant."""

import shlex
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nnscratch.insight.doctor.remedies import leave_out, read_as_missing, written
from tests.insight.doctor.support import shipped, table_of


@pytest.mark.parametrize(
    ("value", "text"),
    [(999999.0, "999999"), (-999.0, "-999"), (1e9, "1000000000"), (0.5, "0.5"), (1e300, "1e+300")],
)
def test_numbers_are_written_as_in_most_files(value: float, text: str) -> None:
    assert written(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_the_number(value: float) -> None:
    assert float(written(value)) == value


def test_codes_are_quoted_as_texts_for_the_shell_and_for_yaml(tmp_path: Path) -> None:
    experiment = table_of(tmp_path, {"a": range(4), "y": [1.5, 2.5, 3.5, 4.5]})
    override, impute, *rest = shlex.split(read_as_missing(experiment, [-999.0, 999.0]))
    key, _, value = override.partition("=")
    assert key == "dataset.missing_values"
    assert yaml.safe_load(value) == ["-999", "999"]
    assert impute == "dataset.missing=impute"
    assert " ".join(rest) == "(for all columns)"


def test_other_texts_for_missing_values_are_not_to_be_forgotten(tmp_path: Path) -> None:
    columns = {"a": [1, "NA", 3, 4], "y": [1.5, 2.5, 3.5, 4.5]}
    advice = read_as_missing(table_of(tmp_path, columns, missing="impute"), [999.0])
    assert "missing=impute" not in advice
    assert advice.endswith("(for all columns, with NA and the like where the file has them)")


def test_only_tables_have_texts_that_are_read_as_missing() -> None:
    assert not read_as_missing(shipped("iris"), [999.0])


def test_columns_are_left_out_as_the_data_allows(tmp_path: Path) -> None:
    columns = {"a": range(4), "b": range(4), "y": [1.5, 2.5, 3.5, 4.5]}
    config = table_of(tmp_path, columns).config
    assert leave_out(config, ["a"]) == 'leave out with "dataset.ignore=[a]"'
    ignoring = table_of(tmp_path, columns, ignore=["b"]).config
    assert leave_out(ignoring, ["a"]) == 'leave out with "dataset.ignore=[b,a]"'
    chosen = table_of(tmp_path, columns, features=["a"]).config
    assert leave_out(chosen, ["a"]) == "remove from dataset.features"
    assert leave_out(shipped("iris").config, ["a"]) == "remove from the data"
