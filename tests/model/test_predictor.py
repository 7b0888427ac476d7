"""What a model and an ensemble have in common: rows of any form, and predictions in any number."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.errors import UsageError
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.predictor import Predictor
from nnscratch.nn.network import ROWS_AT_ONCE
from tests.model.test_ensemble import member

PREDICTORS: Sequence[Predictor] = (member(1), Ensemble([member(1), member(2)]))


@pytest.mark.parametrize("predictor", PREDICTORS, ids=["model", "ensemble"])
def test_rows_may_be_lists_dicts_arrays_and_frames(predictor: Predictor) -> None:
    rows: list[list[float]] = [[1.0, -2.0], [0.5, 3.0]]
    expected = predictor.predict_proba(rows)
    forms: list[Any] = [
        np.array(rows),
        [{"x2": -2.0, "x1": 1.0}, {"x1": 0.5, "x2": 3.0, "other": "?"}],
        pd.DataFrame({"x2": [-2.0, 3.0], "x1": [1.0, 0.5]}),
        [["1", "-2"], ["0.5", "3"]],
    ]
    for form in forms:
        np.testing.assert_array_equal(predictor.predict_proba(form), expected)


@pytest.mark.parametrize("predictor", PREDICTORS, ids=["model", "ensemble"])
def test_a_dict_without_a_column_is_refused(predictor: Predictor) -> None:
    with pytest.raises(UsageError, match=r"row 0 to predict, .* has no column 'x2'|x2"):
        predictor.predict([{"x1": 1}])


@pytest.mark.parametrize("predictor", PREDICTORS, ids=["model", "ensemble"])
def test_many_rows_are_computed_piece_by_piece(predictor: Predictor) -> None:
    rows = np.random.default_rng(0).normal(size=(2 * ROWS_AT_ONCE + 1, 2))
    whole = predictor.logits(rows)
    pieces = [predictor.logits_of_piece(rows[i : i + ROWS_AT_ONCE]) for i in (0, ROWS_AT_ONCE)]
    np.testing.assert_array_equal(whole[: 2 * ROWS_AT_ONCE], np.concatenate(pieces))
    assert whole.shape == (2 * ROWS_AT_ONCE + 1, 3)


@pytest.mark.parametrize("predictor", PREDICTORS, ids=["model", "ensemble"])
def test_a_file_that_cannot_be_written_is_an_os_error(predictor: Predictor, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        predictor.save(tmp_path / "nowhere" / "weights.npz")
