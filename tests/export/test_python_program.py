"""A program that is being written: names are unique, numbers exact."""

from typing import Any

import numpy as np
import pytest

from nnscratch.export.formula_reader import read_formula
from nnscratch.export.python_program import Program
from nnscratch.export.python_runtime import unpack
from nnscratch.export.subject import Subject
from tests.export.models import build


@pytest.fixture
def program() -> Program:
    return Program(Subject.of(build()))


@pytest.mark.parametrize("shape", [(3,), (2, 3), (500,), (30, 40)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_constants_are_exact(program: Program, shape: tuple[int, ...], dtype: str) -> None:
    numbers = np.random.default_rng(2).normal(size=shape).astype(dtype)
    name = program.constant("kernel", numbers)
    values: dict[str, Any] = {"unpack": unpack, "Numbers": list, "list": list}
    exec(program.constants[name], values)  # noqa: S102 - what is tested
    np.testing.assert_array_equal(np.array(values[name], dtype), numbers)


def test_constants_have_names_of_their_own(program: Program) -> None:
    names = [program.constant(name, np.zeros(1)) for name in ("bias", "kernel", "bias")]
    assert names == ["BIAS_1", "KERNEL_1", "BIAS_2"]


def test_equal_formulas_share_a_function(program: Program) -> None:
    cube = read_formula("a * z", "a = z * z")
    first = program.function(cube, "cube")
    assert program.function(cube, "cube") == first == "cube_1"
    assert program.function(read_formula("tanh(z)"), "cube") == "cube_2"
    text = "(z: float) -> float:\n    a = z * z\n    return a * z"
    assert program.functions["cube_1"] == text
    assert "math" in program.used


def test_steps_are_taken_once(program: Program) -> None:
    program.apply("scale", "SHIFT_1", "FACTOR_1")
    assert program.take_lines() == "    x = scale(x, SHIFT_1, FACTOR_1)"
    assert program.take_lines() == ""
    assert program.used == {"scale"}
