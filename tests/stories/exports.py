"""What the stories of exported models share."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.export.models import Case


def assert_agrees(
    case: Case, answers: Sequence[Any], values: Sequence[Sequence[float]], tolerance: float
) -> None:
    """Compares answers and what they are made from with the model's own.

    Args:
        case: The model and its answers.
        answers: Classes, or numbers; a list for several of them.
        values: (rows, values).
        tolerance: The largest difference; of numbers above 1 it is relative.
    """
    np.testing.assert_allclose(values, case.values, rtol=tolerance, atol=tolerance)
    if case.subject.model.encoding.classes is None and not case.subject.model.encoding.multi_label:
        found = np.array(answers, float).reshape(len(answers), -1)
        np.testing.assert_allclose(found, case.answers, rtol=tolerance, atol=tolerance)
        return
    assert list(answers) == case.answers
    assert len({str(answer) for answer in case.answers}) > 1  # all alike would prove nothing
