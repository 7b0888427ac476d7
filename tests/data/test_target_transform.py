"""Target transforms: each way back undoes the way there, and each says what it takes."""

import numpy as np
import pytest

from nnscratch.data.target_transform import NO_TRANSFORM, TARGET_TRANSFORMS

NUMBERS = np.array([[1.0, 20.0], [0.5, 3e9], [1e-12, 7.25]])


@pytest.mark.parametrize("name", TARGET_TRANSFORMS)
def test_the_way_back_undoes_the_way_there(name: str) -> None:
    transform = TARGET_TRANSFORMS[name]
    there = transform.apply(NUMBERS)
    np.testing.assert_allclose(transform.invert(there), NUMBERS, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "number", "learned"),
    [
        ("none", -3.5, -3.5),
        ("log", 1.0, 0.0),
        ("log", 7.38905609893065, 2.0),  # e²
        ("log1p", 0.0, 0.0),
        ("log1p", 1.718281828459045, 1.0),  # e − 1
    ],
)
def test_what_is_learned_of_a_number(name: str, number: float, learned: float) -> None:
    transform = TARGET_TRANSFORMS[name]
    assert transform.name == name
    assert transform.apply(np.array([[number]]))[0, 0] == pytest.approx(learned, abs=1e-15)


def test_none_leaves_the_very_numbers() -> None:
    assert NO_TRANSFORM.apply(NUMBERS) is NUMBERS
    assert NO_TRANSFORM.invert(NUMBERS) is NUMBERS


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("none", [True] * 4),
        ("log", [False, False, True, True]),
        ("log1p", [False, True, True, True]),
    ],
)
def test_each_says_which_numbers_it_takes(name: str, accepted: list[bool]) -> None:
    numbers = np.array([-0.5, 0.0, 1e-300, 4.0])
    assert TARGET_TRANSFORMS[name].accepts(numbers).tolist() == accepted
