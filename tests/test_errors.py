"""Problems are data, and one readable line each."""

import pytest

from nnscratch.errors import (
    ConfigError,
    DataError,
    NNScratchError,
    Place,
    Problem,
    SettingError,
    UnavailableError,
    UsageError,
)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("configs/xor.yaml", 4, 1), "configs/xor.yaml:4:1"),
        (Place("configs/xor.yaml"), "configs/xor.yaml"),
        (Place("command line, epochs=3"), "command line, epochs=3"),
    ],
)
def test_a_place_is_source_line_and_column(place: Place, text: str) -> None:
    assert str(place) == text


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("empty"), "empty"),
        (Problem("must be above 0", "epochs"), "`epochs` must be above 0"),
        (Problem("is missing", remedy="add it"), "is missing; add it"),
        (
            Problem("must be above 0; got -1", "epochs", "leave it out", Place("c.yaml", 3, 1)),
            "c.yaml:3:1: `epochs` must be above 0; got -1; leave it out",
        ),
    ],
)
def test_a_problem_is_one_line(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_config_error_is_a_line_for_each_problem() -> None:
    problems = [Problem("must be above 0", "epochs"), Problem("is missing", "dataset")]
    error = ConfigError(problems, {"c.yaml": "epochs: 0\n"})

    assert str(error) == "`epochs` must be above 0\n`dataset` is missing"
    assert list(error.problems) == problems
    assert error.texts == {"c.yaml": "epochs: 0\n"}


def test_a_setting_error_knows_key_rule_and_remedy() -> None:
    error = SettingError("target", "names no column", "did you mean kind?")

    assert (error.key, error.rule, error.remedy) == (
        "target",
        "names no column",
        "did you mean kind?",
    )
    assert str(error) == "`target` names no column; did you mean kind?"


def test_the_problems_of_any_other_error_are_its_lines() -> None:
    assert list(DataError("one\ntwo").problems) == [Problem("one"), Problem("two")]


def test_wrong_usage_has_its_own_exit_code() -> None:
    assert (NNScratchError.exit_code, UnavailableError.exit_code) == (1, 1)
    assert {error.exit_code for error in (UsageError, ConfigError, SettingError)} == {2}
