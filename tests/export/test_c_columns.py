"""What is written for the columns of a row; the story of exported C compiles and runs it."""

import numpy as np
import pytest

from nnscratch.export.c_columns import encode_categories, flag_missing, impute, recode, scale
from nnscratch.export.c_program import Program
from nnscratch.export.subject import Subject
from nnscratch.model import operation as op
from tests.export.models import MODELS


@pytest.fixture
def program() -> Program:
    made = Program(Subject.of(MODELS["people"]()))
    made.body.width = 2
    return made


def test_a_row_is_copied_before_it_is_changed_and_only_once(program: Program) -> None:
    flag_missing(op.FlagMissing((1,)), program)
    impute(op.Impute(np.array([np.nan, 7.5, np.nan])), program)
    assert program.body.lines == [
        "for (i = 0; i < 2; i++) table[i] = row[i];",
        "table[2] = table[1] != table[1];",
        "if (table[1] != table[1]) table[1] = 7.5;",
    ]
    assert program.body.buffers == {"table": 3}


def test_scaling_needs_no_copy(program: Program) -> None:
    scale(op.Scale(np.array([1.0, 2.0]), np.array([3.0, 4.0])), program)
    assert program.body.lines == [
        "for (i = 0; i < 2; i++) table[i] = (row[i] - model_shift_1[i]) * model_factor_1[i];"
    ]


def test_categories_become_several_numbers(program: Program) -> None:
    encode_categories(op.EncodeCategories((None, 3)), program)
    assert program.body.lines[1:] == [
        "table_of_inputs[0] = table[0];",
        "model_encode(table[1], &table_of_inputs[1], 3);",
    ]
    assert program.body.width == 4


def test_members_have_codes_of_their_own(program: Program) -> None:
    recode(op.Recode((None, (2, -1, 0))), program)
    assert program.body.lines[1] == "model_recode(&table[1], model_codes_1);"
    assert "short model_codes_1[3] = {\n    2, -1, 0,\n}" in program.constants["model_codes_1"]
