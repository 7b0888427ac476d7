"""Scores as text: percentages where a metric is a share, numbers with the digits that matter."""

import pytest

from nnscratch.model.scores import brief_scores_text, brief_text, scores_of, scores_text


def test_accuracy_is_written_as_a_percentage() -> None:
    assert scores_text({"loss": 0.25, "val_accuracy": 0.875}) == "loss 0.2500  val_accuracy 87.5%"


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
            {"loss": 0.2, "val_loss": 0.5, "val_accuracy": 0.971, "val_calibrated_loss": 0.4},
            "loss 0.2000  val 97.1%",
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
    assert brief_scores_text(values) == text


def test_a_score_alone_is_named_unless_it_is_a_percentage() -> None:
    assert brief_text("accuracy", 0.971) == "97.1%"
    assert brief_text("rmse", 3.0) == "rmse 3.0000"


def test_the_scores_of_a_part_lose_their_prefix() -> None:
    scores = {"loss": 1.0, "mae": 2.0, "val_loss": 3.0, "test_loss": 4.0}
    assert scores_of(scores) == {"loss": 1.0, "mae": 2.0}
    assert scores_of(scores, "val_") == {"loss": 3.0}
    assert scores_of(scores, "test_") == {"loss": 4.0}
