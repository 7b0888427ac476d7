"""The operations on the columns of a row, in C: each adds itself to the function being written."""

import numpy as np

from nnscratch.export.c_program import Program
from nnscratch.export.c_source import c_float
from nnscratch.export.formula_reader import date_formulas
from nnscratch.model import operation as op


def read_columns(operation: op.ReadColumns, program: Program) -> None:
    """Refuses missing values where the model cannot fill them in."""
    program.body.width = len(operation.features)
    if not program.subject.may_be_missing:
        program.body.each("if (row[i] != row[i]) return MODEL_MISSING;")


def recode(operation: op.Recode, program: Program) -> None:
    """Replaces indices of categories by a member's own."""
    table = program.body.make_table()
    for column, codes in enumerate(operation.codes):
        if codes is not None:
            name = program.constant("codes", np.array(codes), "short")
            program.body.lines.append(f"{program.call('recode', f'&{table}[{column}]', name)};")


def flag_missing(operation: op.FlagMissing, program: Program) -> None:
    """Appends a number for each column that may lack a value."""
    body = program.body
    table = body.make_table()
    for column in operation.columns:
        body.lines.append(f"{table}[{body.width}] = {table}[{column}] != {table}[{column}];")
        body.width += 1
    body.buffer(table, body.width)


def impute(operation: op.Impute, program: Program) -> None:
    """Fills in missing values."""
    table = program.body.make_table()
    for column, value in enumerate(operation.values.tolist()):
        if not np.isnan(value):
            place = f"{table}[{column}]"
            program.body.lines.append(f"if ({place} != {place}) {place} = {value!r};")


def add_date_parts(operation: op.DateParts, program: Program) -> None:
    """Appends the parts of dates."""
    body = program.body
    table = body.make_table()
    for column, parts in zip(operation.columns, operation.parts, strict=True):
        for part, formula in date_formulas(parts).items():
            function = program.function(formula, part, "double")
            body.lines.append(f"{table}[{body.width}] = {function}({table}[{column}]);")
            body.width += 1
    body.buffer(table, body.width)


def scale(operation: op.Scale, program: Program) -> None:
    """Brings all columns to about the same size."""
    body = program.body
    source, table = body.x, body.buffer("table", body.width)
    suffix = c_float if program.number == "float" else repr
    if operation.shift.ndim == 0:
        shift, factor = suffix(float(operation.shift)), suffix(float(operation.factor))
    else:
        shift, factor = (
            f"{program.constant(name, values, program.number)}[i]"
            for name, values in (("shift", operation.shift), ("factor", operation.factor))
        )
    body.each(f"{table}[i] = ({source}[i] - {shift}) * {factor};")
    body.x = table


def encode_categories(operation: op.EncodeCategories, program: Program) -> None:
    """Replaces each category by as many numbers as there are."""
    body = program.body
    source = body.make_table()
    width = sum(count or 1 for count in operation.counts)
    target = body.buffer("table_of_inputs", width)
    at = 0
    for column, count in enumerate(operation.counts):
        number = f"{source}[{column}]"
        if count is None:
            body.lines.append(f"{target}[{at}] = {number};")
        else:
            body.lines.append(f"{program.call('encode', number, f'&{target}[{at}]', count)};")
        at += 1 if count is None else count
    body.x, body.width = target, at


def cast(operation: op.Cast, program: Program) -> None:
    """Makes the network's inputs, and refuses numbers that float does not have."""
    program.dtype = operation.dtype
    body = program.body
    if program.number == "double":
        inputs = body.buffer("inputs", body.width)
        body.each(f"{inputs}[i] = {program.call('cast', '{x}[i]')};")
        body.x = inputs
    columns = len(program.subject.model.features)
    check = program.call("is_too_large", body.x, body.width, "row", columns)
    body.lines.append(f"if ({check}) return MODEL_TOO_LARGE;")


COLUMN_OPERATIONS = (
    read_columns,
    recode,
    flag_missing,
    impute,
    add_date_parts,
    scale,
    encode_categories,
    cast,
)
