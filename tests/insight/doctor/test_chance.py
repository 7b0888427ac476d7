"""Where predictions are no better than chance, by arithmetic."""

import numpy as np

from nnscratch.insight.doctor.baseline_predictions import BaselinePredictions
from nnscratch.insight.doctor.chance import is_no_better_than_chance


def test_two_standard_errors_above_chance_and_four_below_are_the_borders() -> None:
    # Of 10,000 rows half are 1 and half −1, and so are the predicted, of which a share s is right.
    # The covariance is m = 2 s − 1 with a standard error of √(1 − m²) / 100: above two of them
    # from m = 0.019996 on, below minus four from m = −0.039968 on.
    targets = np.repeat([[1.0], [-1.0]], 5000, axis=0)
    for right, chance in ((2549, True), (2550, False), (2401, True), (2400, False)):
        ones = np.where(np.arange(5000) < right, 1.0, -1.0)
        predicted = np.concatenate([ones, -ones])[:, np.newaxis]
        predictions = BaselinePredictions(
            "rows", targets, np.zeros_like(targets), {"a linear model": predicted}
        )
        assert is_no_better_than_chance(predictions, classes=False) is chance


def test_too_few_errors_leave_no_room_to_decide() -> None:
    targets = np.eye(2)[[0] * 91 + [1] * 9]
    constant = np.broadcast_to([0.9, 0.1], targets.shape)
    predictions = BaselinePredictions("rows", targets, constant, {"a linear model": constant})
    assert not is_no_better_than_chance(predictions, classes=True)
