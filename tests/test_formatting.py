"""Figures in words, at the edges where they change their form."""

import pytest

from nnscratch.formatting import brief_scores, cell, label_text, number, plural, scores


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.5, "0.5000"),
        (0.001, "0.0010"),
        (0.0009999, "0.001"),
        (1.5e-7, "1.5e-07"),
        (-2.0, "-2.0000"),
        (123456.7, "1.23e+05"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_keep_the_digits_that_matter(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1234567, "1,234,567"),
        (0.00001, "0.0000"),
        (-0.00001, "0.0000"),
        (1234567.0, "1.235e+06"),
        ("xor", "xor"),
    ],
)
def test_cells(value: object, text: str) -> None:
    assert cell(value) == text


def test_accuracy_is_said_in_percent() -> None:
    assert scores({"loss": 0.25, "val_accuracy": 0.875}) == "loss 0.2500  val_accuracy 87.5%"


def test_one_is_singular() -> None:
    assert (plural(1, "row"), plural(0, "row"), plural(2000, "row")) == (
        "1 row",
        "0 rows",
        "2,000 rows",
    )


def test_labels_are_written_as_in_a_config_and_cannot_move_the_cursor() -> None:
    assert [label_text(label) for label in (False, 2024, 0.5, "é", "a\x1b[2Jb", "a\nb")] == [
        "false",
        "2024",
        "0.5",
        "é",
        "a\\x1b[2Jb",
        "a\\nb",
    ]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"loss": 0.25, "accuracy": 0.5}, "loss 0.2500  accuracy 50.0%"),
        ({"loss": 0.25, "mae": 3.0}, "loss 0.2500  mae 3.0000"),
        (
            {"loss": 0.25, "mae": 3.0, "val_loss": 0.5, "val_mae": 45.0},
            "loss 0.2500  val mae 45.0000",
        ),
        (
            {"loss": 0.25, "accuracy": 1.0, "val_loss": 0.5, "val_accuracy": 0.971},
            "loss 0.2500  val 97.1%",
        ),
        (
            {
                "loss": 0.25, "accuracy": 1.0, "val_loss": 0.5, "val_accuracy": 0.971,
                "test_loss": 0.5, "test_accuracy": 0.96,
            },
            "loss 0.2500  val 97.1%  test 96.0%",
        ),
        (
            {"loss": 0.25, "mae": 3.0, "test_loss": 0.5, "test_mae": 2.0},
            "loss 0.2500  test mae 2.0000",
        ),
    ],
)  # fmt: skip
def test_errors_on_held_out_rows_are_named_and_accuracy_is_a_percentage(
    values: dict[str, float], text: str
) -> None:
    assert brief_scores(values) == text
