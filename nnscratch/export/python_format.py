"""Python: one file that needs the standard library only and says what nnscratch would say."""

from functools import singledispatch

import numpy as np

from nnscratch.export.formats import Export, refuse
from nnscratch.export.formula_reader import date_formulas, formula_of, sigmoid_formula
from nnscratch.export.python_program import Program
from nnscratch.export.python_source import choose_source
from nnscratch.export.python_text import (
    USED,
    about,
    write_answers,
    write_columns,
    write_self_test,
)
from nnscratch.export.subject import Subject
from nnscratch.model import operation as op

MOST_NUMBERS = 20_000_000
_COMPUTE = '''def compute(row: Row) -> Numbers:
    """Returns the numbers that the answer is made from."""
'''


def write(subject: Subject) -> Export:
    """Returns a Python file.

    Raises:
        NNScratchError: The network is too large, or has an operation that is not known here.
    """
    subject.check_size(MOST_NUMBERS, "Python")
    program = Program(subject)
    for operation in subject.computation:
        add(operation, program)
    program.lines.append("return check_finite(x)")
    compute = program.take_lines()
    for operation in subject.decision:
        add(operation, program)
    decide = program.take_lines()
    columns, answers = write_columns(subject), write_answers(subject, decide)
    imports, runtime = choose_source(program.used | USED)
    text = "\n\n\n".join(
        (
            f'"""{about(subject)}\n"""\n\nfrom __future__ import annotations\n\n{imports}',
            runtime,
            "\n".join((columns, *program.constants.values())),
            *(f"def {name}{body}" for name, body in program.functions.items()),
            f"{_COMPUTE}{compute}",
            answers,
            write_self_test(subject),
        )
    )
    return Export({".py": f"{text}\n".encode(errors="backslashreplace")})


@singledispatch
def add(operation: op.Operation, program: Program) -> None:
    """Adds an operation to a program.

    Raises:
        NNScratchError: It is not known to this format.
    """
    raise refuse(operation, "python")


@add.register
def _(operation: op.ReadColumns, program: Program) -> None:
    program.used |= {"read_row", "check_finite"}
    missing = program.subject.may_be_missing
    program.lines.append(
        f"x = numbers = read_row(row, COLUMNS, NOTATION, may_be_missing={missing})"
    )


@add.register
def _(operation: op.Recode, program: Program) -> None:
    program.apply("recode", repr(operation.codes))


@add.register
def _(operation: op.FlagMissing, program: Program) -> None:
    program.apply("flag_missing", repr(tuple(operation.columns)))


@add.register
def _(operation: op.Impute, program: Program) -> None:
    program.apply("impute", program.constant("fill", operation.values))


@add.register
def _(operation: op.DateParts, program: Program) -> None:
    for column, parts in zip(operation.columns, operation.parts, strict=True):
        for part, formula in date_formulas(parts).items():
            program.lines.append(f"x = [*x, {program.function(formula, part)}(x[{column}])]")


@add.register
def _(operation: op.Scale, program: Program) -> None:
    count = len(program.subject.model.features) if operation.shift.ndim == 0 else None
    names = []
    for name, values in (("shift", operation.shift), ("factor", operation.factor)):
        if count is None:
            names.append(program.constant(name, values))
        else:
            names.append(f"[{float(values)!r}] * {count}")
    program.apply("scale", *names)


@add.register
def _(operation: op.EncodeCategories, program: Program) -> None:
    program.apply("encode_categories", repr(operation.counts))


@add.register
def _(operation: op.Cast, program: Program) -> None:
    program.dtype = operation.dtype
    program.apply("cast", "numbers", "COLUMNS", repr(float(np.finfo(operation.dtype).max)))


@add.register
def _(operation: op.EmbedNumbers, program: Program) -> None:
    waves = np.concatenate(operation.kernel.transpose(0, 2, 1))
    names = [
        program.constant("frequencies", operation.frequencies),
        program.constant("phases", operation.phases),
        program.constant("waves", waves),
        program.constant("bias", operation.bias.ravel()),
    ]
    program.apply("embed_numbers", repr(operation.columns), *names)


@add.register
def _(operation: op.EncodePieces, program: Program) -> None:
    names = ("lower", "upper", "mean")
    constants = [program.constant(name, getattr(operation, name)) for name in names]
    code = "f" if operation.precision == "float32" else "d"
    program.apply("encode_pieces", repr(operation.columns), *constants, f'"{code}"')


@add.register
def _(operation: op.ScaleInputs, program: Program) -> None:
    program.used.add("mul")
    program.lines.append(f"x = list(map(mul, x, {program.constant('scale', operation.scale)}))")


@add.register
def _(operation: op.Dense, program: Program) -> None:
    kernel = program.constant("kernel", operation.kernel.T)
    bias = "None" if operation.bias is None else program.constant("bias", operation.bias)
    program.apply("dense", kernel, bias)


@add.register
def _(operation: op.Normalize, program: Program) -> None:
    beta = np.zeros_like(operation.mean) if operation.beta is None else operation.beta
    arrays = {
        "mean": operation.mean, "variance": operation.variance, "gamma": operation.gamma,
        "beta": beta,
    }  # fmt: skip
    names = [program.constant(name, values) for name, values in arrays.items()]
    program.apply("normalize", *names, repr(operation.epsilon))


@add.register
def _(operation: op.Activate, program: Program) -> None:
    formula = formula_of(operation.function, program.dtype)
    program.apply_each(formula, type(operation.function).name)


@add.register
def _(operation: op.Sigmoid, program: Program) -> None:
    program.apply_each(sigmoid_formula(program.dtype), "probability")


@add.register
def _(operation: op.Softmax, program: Program) -> None:
    program.apply("softmax")


@add.register
def _(operation: op.Complement, program: Program) -> None:
    program.lines.append("x = [1.0 - x[0], x[0]]")


@add.register
def _(operation: op.Average, program: Program) -> None:
    before = [*program.lines]
    names = []
    for number, member in enumerate(operation.members, start=1):
        program.lines = ["x = numbers"]
        for each in member:
            add(each, program)
        program.lines.append("return x")
        names.append(f"member_{number}")
        program.functions[names[-1]] = f"(numbers: Numbers) -> Numbers:\n{program.take_lines()}"
    program.lines = before
    program.used.add("average")
    program.lines.append(f"x = average([{', '.join(f'{name}(x)' for name in names)}])")


@add.register
def _(operation: op.Unscale, program: Program) -> None:
    names = []
    for name, values in (("shift", operation.shift), ("unit", operation.unit)):
        width = program.subject.model.encoding.outputs
        names.append(program.constant(name, np.broadcast_to(values, (width,))))
    shift, unit = names
    program.lines.append(f"x = [a * b + c for a, b, c in zip(x, {unit}, {shift}, strict=True)]")


@add.register(op.Exp)
@add.register(op.Expm1)
def _(operation: op.Operation, program: Program) -> None:
    function = type(operation).__name__.lower()
    program.used.add(function)
    program.lines.append(f"x = [{function}(number) for number in x]")


@add.register
def _(operation: op.ArgMax, program: Program) -> None:
    program.used.add("arg_max")
    program.lines.append("index = arg_max(x)")


@add.register
def _(operation: op.Threshold, program: Program) -> None:
    if program.subject.model.encoding.multi_label:
        program.lines.append(f"marks = [int(number > {operation.border!r}) for number in x]")
    else:
        program.lines.append(f"index = int(x[0] > {operation.border!r})")


@add.register
def _(operation: op.DecodeLabels, program: Program) -> None:
    program.lines.append(f"return {operation.classes!r}[index]")


@add.register
def _(operation: op.NameOutputs, program: Program) -> None:
    if program.subject.model.encoding.multi_label:
        program.lines.append(f"return dict(zip({operation.names!r}, marks))")
    elif len(operation.names) == 1:
        program.lines.append("return x[0]")
    else:
        program.lines.append(f"return dict(zip({operation.names!r}, x))")
