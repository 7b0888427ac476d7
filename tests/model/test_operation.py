"""What an operation is; test_operations.py has what they compute."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from nnscratch.model.operation import Impute, Operation


def test_an_operation_is_frozen_and_equal_only_to_itself() -> None:
    fill = Impute(np.array([1.0]))
    assert isinstance(fill, Operation)
    assert fill != Impute(np.array([1.0]))
    with pytest.raises(FrozenInstanceError):
        fill.values = np.zeros(1)  # type: ignore[misc]  # what is tested
