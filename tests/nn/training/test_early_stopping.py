"""Early stopping, on sequences whose end is plain to see."""

from math import inf, nan

import pytest

from nnscratch.nn.training.early_stopping import EarlyStopping


def epochs_until_stop(values: list[float], **settings: object) -> int | None:
    stopping = EarlyStopping(**settings)  # type: ignore[arg-type]  # patience and the like
    return next((i for i, value in enumerate(values, 1) if stopping.observe(i, value)), None)


@pytest.mark.parametrize(
    ("values", "settings", "epochs"),
    [
        ([3, 2, 1, 1, 1, 1], {"patience": 3}, 6),
        ([3, 2, 1, 1, 1, 0.9, 1, 1, 1], {"patience": 3}, 9),
        ([3, 2, 1, 0, -1], {"patience": 1}, None),
        ([1, 1], {"patience": 1}, 2),
        ([3, 4, 5, 6], {"patience": 2}, 3),
        # Better by half each time, which is not enough for one; 1.8 is enough beside 3.
        ([3, 2.5, 2, 1.8, 1.7], {"patience": 3, "min_delta": 1}, None),
        ([3, 2.5, 2.4, 2.3], {"patience": 3, "min_delta": 1}, 4),
        ([0.1, 0.5, 0.5, 0.4], {"monitor": "val_accuracy", "patience": 2}, 4),
        ([0.5, 0.6, 0.7, 0.8], {"monitor": "accuracy", "patience": 1}, None),
        ([0.5, 0.55, 0.59], {"monitor": "accuracy", "patience": 2, "min_delta": 0.1}, 3),
        # nan is no better than anything, and anything is better than nan.
        ([1, nan, nan], {"patience": 2}, 3),
        ([nan, 2, 3, 3], {"patience": 2}, 4),
        ([inf, 5, 5], {"patience": 2}, None),
    ],
)
def test_when_it_stops(
    values: list[float], settings: dict[str, object], epochs: int | None
) -> None:
    assert epochs_until_stop(values, **settings) == epochs
