"""C99: a header that needs no memory but the stack, and a program that tests it."""

from functools import singledispatch

import numpy as np

from nnscratch.errors import UsageError
from nnscratch.export.c_columns import COLUMN_OPERATIONS
from nnscratch.export.c_program import Function, Program
from nnscratch.export.c_source import c_float
from nnscratch.export.c_text import (
    add_columns,
    describe_size,
    with_prefix,
    write_header,
    write_main,
)
from nnscratch.export.formats import Export, refuse
from nnscratch.export.formula_reader import formula_of, sigmoid_formula
from nnscratch.export.quantization import quantized
from nnscratch.export.self_test import make_examples
from nnscratch.export.subject import Subject
from nnscratch.formatting import plain_text
from nnscratch.model import operation as op

MOST_NUMBERS = 5_000_000


def write(subject: Subject, stem: str = "model", *, is_int8: bool = False) -> Export:
    """Returns a header and a program.

    Args:
        subject: The model.
        stem: What the header is called, without its ending.
        is_int8: Whether weights become whole numbers of one byte.

    Raises:
        UsageError: A program could not include a file of this name.
        NNScratchError: The network is too large, or has an operation that is not known here.
    """
    subject.check_size(MOST_NUMBERS, "C")
    if not all(c.isascii() and (c.isalnum() or c in "_-. ") for c in stem):
        raise UsageError(f"{stem}: the name of a header must be ASCII letters, digits, _ and -")
    program = Program(subject, is_int8)
    for operation in subject.computation:
        add(operation, program)
    program.end_function("model_compute")
    for operation in subject.decision:
        add(operation, program)
    add_columns(program)
    prefix = "".join(c if c.isalnum() else "_" for c in stem).strip("_") or "model"
    prefix = f"m{prefix}" if prefix[0].isdigit() else prefix
    header = write_header(program)
    tested = Subject.of(quantized(subject.model)) if is_int8 else subject
    main = write_main(subject, make_examples(tested), f"{stem}.h")
    files = {".h": header, "_main.c": main}
    return Export(
        {name: with_prefix(text, prefix) for name, text in files.items()}, describe_size(program)
    )


@singledispatch
def add(operation: op.Operation, program: Program) -> None:
    """Adds an operation to the function that is being written.

    Raises:
        NNScratchError: It is not known to this format.
    """
    raise refuse(operation, "c")


for function in COLUMN_OPERATIONS:
    add.register(function)


@add.register
def _(operation: op.EmbedNumbers, program: Program) -> None:
    body = program.body
    columns, waves, size = operation.kernel.shape
    width = body.width
    names = [
        program.constant(name, values, "float")
        for name, values in (
            ("frequencies", operation.frequencies),
            ("phases", operation.phases),
            ("waves", operation.kernel.transpose(0, 2, 1)),
            ("embedding_bias", operation.bias),
        )
    ]
    places = program.constant("columns", np.array(operation.columns), "short")
    source, target = body.x, body.buffer("embedded", width + columns * size)
    body.each(f"{target}[i] = {source}[i];")
    call = program.call("embed", target, width, places, *names, columns, waves, size)
    body.lines.append(f"{call};")
    body.x, body.width = target, width + columns * size


@add.register
def _(operation: op.EncodePieces, program: Program) -> None:
    body = program.body
    width, pieces = body.width, len(operation.columns)
    upper = operation.upper.astype(np.float32)
    # Edges of float64 that are one number in float32 are a step there.
    lower = np.minimum(operation.lower.astype(np.float32), np.nextafter(upper, -np.float32(np.inf)))
    places = program.constant("columns", np.array(operation.columns), "short")
    arrays = {"lower": lower, "upper": upper, "mean": operation.mean}
    names = [program.constant(name, array, "float") for name, array in arrays.items()]
    source, target = body.x, body.buffer("embedded", width + pieces)
    body.each(f"{target}[i] = {source}[i];")
    body.lines.append(f"{program.call('pieces', target, width, places, *names, pieces)};")
    body.x, body.width = target, width + pieces


@add.register
def _(operation: op.ScaleInputs, program: Program) -> None:
    body = program.body
    scale = program.constant("input_scale", operation.scale, "float")
    source, target = body.x, body.buffer("scaled", body.width)
    body.each(f"{target}[i] = {source}[i] * {scale}[i];")
    body.x = target


@add.register
def _(operation: op.Dense, program: Program) -> None:
    program.dense(operation.kernel, operation.bias)


@add.register
def _(operation: op.Normalize, program: Program) -> None:
    # In float64, so that no square root is left to the C program.
    factor = operation.gamma / np.sqrt(operation.variance.astype(np.float64) + operation.epsilon)
    beta = np.zeros_like(operation.mean) if operation.beta is None else operation.beta
    names = [
        program.constant(name, values, "float")
        for name, values in (("mean", operation.mean), ("factor", factor), ("beta", beta))
    ]
    program.body.each("{{x}}[i] = ({{x}}[i] - {}[i]) * {}[i] + {}[i];".format(*names))


@add.register
def _(operation: op.Activate, program: Program) -> None:
    formula = formula_of(operation.function, program.dtype)
    program.apply_each(formula, type(operation.function).name)


@add.register
def _(operation: op.Sigmoid, program: Program) -> None:
    program.apply_each(sigmoid_formula(program.dtype), "probability")


@add.register
def _(operation: op.Softmax, program: Program) -> None:
    program.body.lines.append(f"{program.call('softmax', program.body.x, program.body.width)};")


@add.register
def _(operation: op.Complement, program: Program) -> None:
    body = program.body
    body.buffer(body.x, 2)
    body.lines += [f"{body.x}[1] = {body.x}[0];", f"{body.x}[0] = 1.0f - {body.x}[1];"]
    body.width = 2


@add.register
def _(operation: op.Average, program: Program) -> None:
    outer, width = program.body, program.subject.model.encoding.outputs
    names = []
    for number, member in enumerate(operation.members, start=1):
        program.body = Function(width=outer.width)
        for each in member:
            add(each, program)
        names.append(f"model_member_{number}")
        program.end_function(names[-1])
    program.body = outer
    mean, one = outer.buffer("even", width), outer.buffer("odd", width)
    outer.width = width
    outer.each(f"{mean}[i] = 0.0f;")
    outer.lines.append("int error;")
    share = c_float(1 / len(names))
    for name in names:
        outer.lines.append(f"if ((error = {name}(row, {one})) != 0) return error;")
        outer.each(f"{mean}[i] += {one}[i] * {share};")
    outer.x = mean


@add.register
def _(operation: op.Unscale, program: Program) -> None:
    width = program.body.width
    shift, unit = (
        program.constant(name, np.broadcast_to(values, (width,)), "double")
        for name, values in (("shift", operation.shift), ("unit", operation.unit))
    )
    program.body.each(f"{{x}}[i] = (float)({{x}}[i] * {unit}[i] + {shift}[i]);")


@add.register
def _(operation: op.Exp, program: Program) -> None:
    program.body.each("{x}[i] = expf({x}[i]);")


@add.register
def _(operation: op.Expm1, program: Program) -> None:
    program.body.each(f"{{x}}[i] = {program.call('expm1', '{x}[i]')};")


@add.register
def _(operation: op.ArgMax, program: Program) -> None:
    count = len(program.subject.value_names)
    program.add_function(
        "int model_decide(const float *values)",
        f"return {program.call('arg_max', 'values', count)};",
        "The index of the class.",
    )


@add.register
def _(operation: op.Threshold, program: Program) -> None:
    border = c_float(operation.border)
    if program.subject.model.encoding.multi_label:
        program.add_function(
            "int model_has(const float *values, int label)",
            f"return values[label] > {border};",
            "Whether the row has a label, counted from 0.",
        )
        return
    program.add_function(
        "int model_decide(const float *values)",
        f"return values[0] > {border};",
        "The index of the class.",
    )


@add.register
def _(operation: op.DecodeLabels, program: Program) -> None:
    program.add_names("label", list(map(plain_text, operation.classes)), "The class of an index.")


@add.register
def _(operation: op.NameOutputs, program: Program) -> None:
    program.add_names("name", operation.names, "The name of a value, counted from 0.")
