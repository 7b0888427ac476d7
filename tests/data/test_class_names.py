"""Which class is meant by what a person or a file writes."""

import pytest

from nnscratch.data.class_names import find_class
from nnscratch.data.dataset import Label


@pytest.mark.parametrize(
    ("classes", "written", "index"),
    [
        ((1, 2, 3), 2, 1),
        ((1, 2, 3), 2.0, 1),
        ((1, 2, 3), "2", 1),
        ((1, 2, 3), "2.0", 1),
        ((1, 2, 3), "+2e0", 1),
        ((1, 2, 3), 4, None),
        ((1, 2, 3), "two", None),
        ((-1, 1), "-1.", 0),
        ((1.5, 2.5), "2.50", 1),
        (("1.0", "x"), 1, 0),
        # Text that could be either is taken literally, or not at all.
        (("2", "2.0", "x"), "2.0", 1),
        (("2", "2.0", "x"), 2, 0),
        (("2", "2.0", "x"), "2.00", None),
        (("07", "8"), 7, 0),
        ((False, True), "True", 1),
        ((False, True), True, 1),
        ((False, True), 1, None),
        (("False", "True"), False, 0),
        (("a", "b"), "A", None),
        (("a", "b"), "b", 1),
        ((1000, 2), "1_000", None),
        (("inf", "nan"), "infinity", None),
        (("inf", "nan"), "nan", 1),
        (("", "a"), "", 0),
    ],
)
def test_a_class_is_found_however_its_number_is_written(
    classes: tuple[Label, ...], written: object, index: int | None
) -> None:
    assert find_class(classes, written) == index
