"""The functions of an exported Python file, against arithmetic by hand."""

import math

import pytest

from nnscratch.export import python_runtime as run

NAN = math.nan


def test_steps_of_a_table() -> None:
    assert run.flag_missing([1.0, NAN], (1, 0)) == pytest.approx([1, NAN, 1, 0], nan_ok=True)
    assert run.impute([1.0, NAN], [7.0, 8.0]) == [1.0, 8.0]
    assert run.scale([1.0, 4.0], [2.0, 1.0], [3.0, 0.5]) == [-3.0, 1.5]
    assert run.encode_categories([5.0, 1.0, -1.0], (None, 3, 2)) == [5, 0, 1, 0, 0, 0]


def test_members_of_an_ensemble() -> None:
    found = run.recode([5.0, 1.0, -1.0, NAN], (None, (1, 0), (3,), (0,)))
    assert found == pytest.approx([5, 0, -1, NAN], nan_ok=True)
    assert run.average([[1.0, 2.0], [3.0, 6.0]]) == [2.0, 4.0]


def test_steps_of_a_network() -> None:
    assert run.dense([1.0, 2.0], [[3.0, 4.0], [5.0, 6.0]], [0.5, -1.0]) == [11.5, 16.0]
    assert run.dense([1.0, 2.0], [[3.0, 4.0]], None) == [11.0]
    assert run.normalize([5.0], [1.0], [3.0], [6.0], [0.5], 1.0) == [12.5]
    assert run.softmax([1000.0, 1000.0 + math.log(3)]) == pytest.approx([0.25, 0.75], abs=1e-12)


def test_what_is_too_large_is_infinite() -> None:
    assert run.exp(1000.0) == run.expm1(1000.0) == math.inf
    assert run.exp(1.0) == math.e
    assert run.expm1(1e-20) == 1e-20
    assert run.softplus(1000.0) == 1000.0
    assert run.softplus(-1000.0) == 0.0
    assert run.softplus(0.0) == math.log(2)


def test_the_first_of_the_largest_is_chosen() -> None:
    assert run.arg_max([1.0, 3.0, 3.0]) == 1


@pytest.mark.parametrize("value", [math.inf, NAN])
def test_what_is_not_finite_is_refused(value: float) -> None:
    assert run.check_finite([1.0]) == [1.0]
    with pytest.raises(run.RowError, match="outputs overflow"):
        run.check_finite([1.0, value])


def test_packed_numbers_come_back() -> None:
    # Of zlib.compress(struct.pack("<4f", 1, -2, 0.5, 1024)).
    text = "eJxjYGiwZ2Bg\nOADEQLrBBQATggKD"
    assert run.unpack("f", 2, text) == [[1.0, -2.0], [0.5, 1024.0]]
