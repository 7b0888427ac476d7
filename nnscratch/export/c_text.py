"""The parts of an exported C header around its computation, and the program that tests it."""

from collections.abc import Sequence
from math import isnan

from nnscratch.export.c_program import Program
from nnscratch.export.c_source import c_float, c_text, choose_source
from nnscratch.export.formats import comment_text
from nnscratch.export.self_test import Example
from nnscratch.export.subject import Subject
from nnscratch.formatting import plural, size_text

# Of the largest value in a column: C computes in float.
_TOLERANCE = 1e-4
_USAGE = """\
   {number} row[MODEL_COLUMNS];       {row}
   float values[MODEL_VALUES];     {values}
   int error = model_compute(row, values);   0, or one of enum model_error"""


def add_columns(program: Program) -> None:
    """Adds the names of columns, their categories, and what makes a number of a date."""
    subject = program.subject
    features = subject.reading.features
    if subject.model.image is None:
        names = [feature.name for feature in features]
        program.add_names("column", names, "The name of a column, counted from 0.")
    found = [(i, each.categories) for i, each in enumerate(features) if each.categories]
    cases = []
    for column, categories in found:
        name = f"category_{column}"
        program.add_names(name, categories, f"A category of column {column}.")
        cases.append(
            f"case {column}:\n"
            f"    for (i = 0; i < {len(categories)}; i++) {{\n"
            f"        if (strcmp(model_{name}(i), text) == 0) return i;\n    }}\n    break;"
        )
    if cases:
        body = "\n".join(
            ("int i;", "switch (column) {", *cases, "default: break;", "}", "return -1;")
        )
        about = "The index of a category, -1 for one that training did not have."
        program.add_function("int model_category(int column, const char *text)", body, about)
    if any(feature.date_format is not None for feature in features):
        program.used.add("model_days")


def write_header(program: Program) -> str:
    """Returns the text of the header."""
    subject = program.subject
    runtime = choose_source(program.used)
    arrays = "\n\n".join(program.constants.values())
    functions = "\n\n".join(program.functions.values())
    includes = ["#include <float.h>", "#include <math.h> /* expf, tanhf and INFINITY */"]
    if "strcmp" in functions:
        includes.append("#include <string.h> /* strcmp */")
    head = (
        f"/* The model {comment_text(subject.name)}, from a row to its prediction.\n"
        f"   Made by {comment_text(subject.maker)}{_trained(subject)}.\n"
        "   C99, no memory but the stack.\n"
        f"\n{_usage(program)} */"
    )
    definitions = (
        f"enum {{ MODEL_COLUMNS = {len(subject.model.features)}, "
        f"MODEL_VALUES = {len(subject.value_names)} }};\n\n"
        "/* No error; a value is missing, and the model cannot fill it in; a number is too large\n"
        "   for the network; the values overflow. */\n"
        "enum model_error { MODEL_OK, MODEL_MISSING, MODEL_TOO_LARGE, MODEL_OVERFLOW };\n\n"
        f"typedef {program.number} model_number;"
    )
    guard = "MODEL_H_INCLUDED"
    parts = (
        head,
        f"#ifndef {guard}\n#define {guard}",
        "\n".join(includes),
        definitions,
        runtime,
        arrays,
        functions,
        "#endif",
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def _trained(subject: Subject) -> str:
    trained = f"; trained {comment_text(subject.trained)}" if subject.trained else ""
    return f"{trained} on {comment_text(subject.data)}" if subject.data else trained


def _usage(program: Program) -> str:
    subject = program.subject
    row = "one for each column"
    if subject.model.image is not None:
        row = f"the pixels line by line, from 0 to {subject.model.image.largest:g}"
    notes = []
    if any(feature.categories for feature in subject.reading.features):
        notes.append("   A category is model_category(column, text).")
    if any(feature.date_format is not None for feature in subject.reading.features):
        notes.append("   A date is model_days(year, month, day, seconds).")
    if subject.may_be_missing:
        notes.append("   NAN stands for no value.")
    encoding = subject.model.encoding
    values = "the probabilities" if encoding.probabilities else "the values"
    usage = _USAGE.format(number=program.number, row=row, values=values)
    if encoding.classes is not None:
        usage += "\n   model_label(model_decide(values))         the class"
    elif encoding.multi_label:
        usage += "\n   model_has(values, i), model_name(i)       whether the row has a label"
    else:
        usage += "\n   model_name(i)                             the name of values[i]"
    return "\n".join((usage, *([""] if notes else []), *notes))


def write_main(subject: Subject, examples: Sequence[Example], header: str) -> str:
    """Returns a program that compares made-up rows with what is predicted for them."""
    rows = ",\n".join(f"    {{{', '.join(map(_literal, each.numbers))}}}" for each in examples)
    values = ",\n".join(f"    {{{', '.join(map(c_float, each.values))}}}" for each in examples)
    columns = zip(*(each.values for each in examples), strict=True)
    near = [_TOLERANCE * max(1.0, *map(abs, column)) for column in columns]
    count = len(examples)
    tests = (
        f"enum {{ ROWS = {count} }};\n\n"
        f"static const model_number rows[ROWS][MODEL_COLUMNS] = {{\n{rows}\n}};\n"
        f"static const float expected[ROWS][MODEL_VALUES] = {{\n{values}\n}};\n"
        f"static const float near_to[MODEL_VALUES] = {{{', '.join(map(c_float, near))}}};"
    )
    check, answers = "", ""
    encoding = subject.model.encoding
    if encoding.classes is not None:
        index = [list(encoding.classes).index(each.answer) for each in examples]
        answers = f"\nstatic const int answers[ROWS] = {{{', '.join(map(str, index))}}};"
        check = "        same = same && model_decide(values) == answers[row];\n"
    return _MAIN.format(
        about=comment_text(subject.name), header=c_text(header), tests=tests + answers, check=check
    )


_MAIN = """\
/* Tests the model {about} with made-up rows. Compile it with: cc -std=c99 -O2 FILE -lm */

#include {header}

#include <stdio.h>

{tests}

int main(void) {{
    float values[MODEL_VALUES];
    int row, i, agree = 0;
    for (row = 0; row < ROWS; row++) {{
        int same = model_compute(rows[row], values) == MODEL_OK;
        for (i = 0; same && i < MODEL_VALUES; i++) {{
            const float difference = values[i] - expected[row][i];
            same = difference < near_to[i] && -difference < near_to[i];
        }}
{check}        agree += same;
    }}
    printf("%d of %d rows agree\\n", agree, (int)ROWS);
    return agree != ROWS;
}}
"""


def _literal(number: float) -> str:
    return "NAN" if isnan(number) else f"{number:g}" if number.is_integer() else repr(number)


def describe_size(program: Program) -> tuple[str, str]:
    """Returns what the header takes of a microcontroller."""
    columns = len(program.subject.model.features)
    row = (8 if program.number == "double" else 4) * columns
    values = 4 * len(program.subject.value_names)
    ram = f"RAM: {size_text(program.ram)} on the stack, and {size_text(row + values)} for a row"
    return (
        f"flash: {size_text(program.flash)} of numbers and names, besides 1 to 4 kB of code",
        f"{ram} of {plural(columns, 'column')} and its values",
    )


def with_prefix(text: str, prefix: str) -> bytes:
    """Returns a file whose names begin with a prefix."""
    return text.replace("model_", f"{prefix}_").replace("MODEL_", f"{prefix.upper()}_").encode()
