"""A header that is being written: arrays are large enough, functions shared, bytes counted."""

import numpy as np
import pytest

from nnscratch.export.c_program import Program
from nnscratch.export.formula_reader import read_formula
from nnscratch.export.subject import Subject
from tests.export.models import MODELS, build


@pytest.fixture
def program() -> Program:
    return Program(Subject.of(build()))


def test_constants_are_counted_in_bytes(program: Program) -> None:
    assert program.constant("bias", np.zeros(3), "float") == "model_bias_1"
    assert program.constant("bias", np.zeros(3), "double") == "model_bias_2"
    assert program.constant("kernel", np.zeros(5, np.int8), "signed char") == "model_kernel_1"
    assert program.flash == 12 + 24 + 5


def test_layers_write_into_two_arrays_in_turn(program: Program) -> None:
    program.body.width = 3
    program.body.x = "inputs"
    for shape in ((3, 7), (7, 5), (5, 6)):
        program.dense(np.zeros(shape, np.float32), None)
    assert program.body.buffers == {"odd": 7, "even": 5}
    program.end_function("model_compute")
    assert "float odd[7];" in program.functions["model_compute"]
    assert program.ram == 4 * (7 + 5)


def test_the_arrays_of_a_member_are_there_with_those_of_the_ensemble(program: Program) -> None:
    for name, width in (("model_member_1", 10), ("model_member_2", 4), ("model_compute", 3)):
        program.body.buffer("even", width)
        program.end_function(name)
    assert program.ram == 4 * (10 + 3)


def test_formulas_become_functions_with_names_that_are_no_words_of_c(program: Program) -> None:
    formula = read_formula("float * z if z > 0 else exp(z)", "float = z * z")
    name = program.function(formula, "odd")
    assert program.functions[name] == (
        "static inline float model_odd_1(float v_z) {\n    const float v_float = v_z * v_z;\n"
        "    return v_z > 0.0f ? (v_float * v_z) : expf(v_z);\n}"
    )
    assert program.function(formula, "odd") == name


def test_names_are_counted_with_their_pointers(program: Program) -> None:
    program.add_names("label", ["no", "é"], "The class.")
    assert program.flash == (4 + 3) + (4 + 3)
    assert r'"\303\251",' in program.functions["model_label"]


def test_pixels_are_float() -> None:
    assert Program(Subject.of(MODELS["picture"]())).number == "float"
    assert Program(Subject.of(MODELS["people"]())).number == "double"
