"""The parts of an exported Python file around its computation: columns, answers and the test."""

from typing import Any

from nnscratch.export.formats import comment_text
from nnscratch.export.self_test import make_examples
from nnscratch.export.subject import Subject
from nnscratch.model.predictions import name_columns, numbered

# What these parts use of the runtime.
USED = {"Column", "Notation", "RowError", "math", "print_predictions", "read_table", "sys"}
_TOLERANCE = 1e-9


def about(subject: Subject) -> str:
    """Returns what the file says of itself."""
    made = f"Made by {comment_text(subject.maker)}"
    trained = f"; trained {comment_text(subject.trained)}" if subject.trained else ""
    data = f" on {comment_text(subject.data)}" if subject.data else ""
    return (
        f"The model {comment_text(subject.name)}, from a row to its prediction.\n\n"
        f"{made}{trained}{data}.\nIt needs Python 3.10 or later and nothing else.\n\n"
        "    predict(row), predict_proba(row)   a dict, or values in the order of COLUMNS\n"
        "    python FILE < rows.csv             predictions of a table, as CSV\n"
        "    python FILE self-test              compares ten rows with what nnscratch predicts"
    )


def write_columns(subject: Subject) -> str:
    """Returns the constants that say how a row is read."""
    columns = [
        ", ".join((repr(f.name), *_rest(f.categories, f.date_format)))
        for f in subject.reading.features
    ]
    notation = subject.model.notation
    missing = ", ".join(map(repr, notation.missing_values))
    settings = [f"frozenset([{missing}])"]
    if notation.decimal != ".":
        settings.append(f"decimal={notation.decimal!r}")
    if notation.thousands_marks:
        settings.append(f"thousands={notation.thousands_marks!r}")
    if notation.strip:
        settings.append(f"strip={notation.strip!r}")
    table = subject.model.table
    names = None if table is None or table.layout.header else table.layout.names or None
    lines = "\n".join(f"    Column({column})," for column in columns)
    return (
        f"COLUMNS = (\n{lines}\n)\nNOTATION = Notation({', '.join(settings)})\n"
        f"# The names of the columns of a table without a line of names.\n"
        f"NAMES: tuple[str, ...] | None = {names!r}"
    )


def _rest(categories: tuple[str, ...] | None, date_format: str | None) -> list[str]:
    rest = [] if categories is None else [repr(categories)]
    return rest if date_format is None else [*rest, f"date_format={date_format!r}"]


def write_answers(subject: Subject, decide: str) -> str:
    """Returns predict, predict_proba and what prints them.

    Args:
        subject: The model.
        decide: The lines that lead from the values, `x`, to the answer.
    """
    kind = _answer_type(subject)
    predict = (
        f"def predict(row: Row) -> {kind}:\n"
        f'    """Returns {_answer_words(subject)}."""\n    return decide(compute(row))'
    )
    decision = (
        f"def decide(x: Numbers) -> {kind}:\n"
        f'    """Returns the answer that is made from some values."""\n{decide}'
    )
    return "\n\n\n".join((predict, _write_proba(subject), decision, _write_lines(subject)))


def _write_proba(subject: Subject) -> str:
    encoding = subject.model.encoding
    if not encoding.probabilities:
        return (
            "def predict_proba(row: Row) -> dict[str, float]:\n"
            '    """Raises ValueError: this network gives no probabilities."""\n'
            '    raise ValueError("only a network trained with a cross-entropy gives '
            'probabilities")'
        )
    names: tuple[Any, ...] = encoding.classes or encoding.target_names
    return (
        f"def predict_proba(row: Row) -> dict[{_type_of(names)}, float]:\n"
        '    """Returns the probability of each class or label."""\n'
        f"    return dict(zip({names!r}, compute(row)))"
    )


def _write_lines(subject: Subject) -> str:
    """Returns what makes a line of a table of predictions, as `nnscratch predict` writes it."""
    encoding = subject.model.encoding
    header = name_columns("prediction", encoding)
    values = "*x"
    if encoding.probabilities:
        header += tuple(f"p({name})" for name in subject.value_names)
    elif encoding.classes is not None:
        header += numbered("output", encoding.outputs)
    else:
        values = ""
    several = encoding.classes is None and (encoding.numbers > 1 or encoding.multi_label)
    answer = "*decide(x).values()" if several else "decide(x)"
    if encoding.classes is not None and bool in set(map(type, encoding.classes)):
        answer = "str(decide(x)).lower()"
    return (
        f"HEADER = {header!r}\n\n\n"
        "def list_values(row: Row) -> list[object]:\n"
        '    """Returns a line of the table of predictions."""\n'
        f"    x = compute(row)\n    return [{', '.join(filter(None, (answer, values)))}]"
    )


def _answer_words(subject: Subject) -> str:
    encoding = subject.model.encoding
    if encoding.classes is not None:
        return "the class of a row"
    if encoding.multi_label:
        return "1 for each label that a row has, else 0"
    return "the number" if encoding.numbers == 1 else "the numbers by name"


def _answer_type(subject: Subject) -> str:
    encoding = subject.model.encoding
    if encoding.classes is not None:
        return _type_of(encoding.classes)
    if encoding.multi_label:
        return "dict[str, int]"
    return "float" if encoding.numbers == 1 else "dict[str, float]"


def _type_of(labels: tuple[Any, ...]) -> str:
    return " | ".join(sorted({type(label).__name__ for label in labels}))


def write_self_test(subject: Subject) -> str:
    """Returns the test with its rows, and what runs when the file is started."""
    encoding = subject.model.encoding
    lines = []
    for example in make_examples(subject):
        answer = example.answer
        if isinstance(answer, list):
            names = encoding.target_names
            is_one = len(names) == 1 and not encoding.multi_label
            answer = answer[0] if is_one else dict(zip(names, answer, strict=True))
        row = [int(v) if isinstance(v, float) and v.is_integer() else v for v in example.row]
        lines.append(f"    ({row!r}, {answer!r}, {example.values!r}),")
    rows = "\n".join(lines)
    kind = "str | float | dict[str, int] | dict[str, float]"
    same = "True" if _is_number(subject) else "predict(row) == answer"
    test = (
        "def self_test() -> int:\n"
        '    """Returns how many rows are predicted as nnscratch predicts them."""\n'
        "    agree = 0\n"
        "    for row, answer, values in SELF_TEST:\n"
        "        pairs = zip(compute(row), values)\n"
        f"        near = all(math.isclose(a, b, rel_tol={_TOLERANCE}, abs_tol={_TOLERANCE}) "
        "for a, b in pairs)\n"
        f"        agree += near and {same}\n"
        "    return agree"
    )
    main = (
        'if __name__ == "__main__":\n'
        '    if sys.argv[1:] == ["self-test"]:\n'
        "        count = self_test()\n"
        '        print(f"{count} of {len(SELF_TEST)} rows agree")\n'
        "        sys.exit(count != len(SELF_TEST))\n"
        "    if sys.argv[1:] or sys.stdin.isatty():\n"
        "        sys.exit(__doc__)\n"
        '    with open(0, encoding="utf-8-sig", newline="") as table:\n'
        "        print_predictions(read_table(table, NAMES), HEADER, list_values)"
    )
    return (
        "# Made-up rows, what is predicted for them, and the values that it is made from.\n"
        f"SELF_TEST: list[tuple[list[object], {kind}, Numbers]] = [\n{rows}\n]\n\n\n"
        f"{test}\n\n\n{main}"
    )


def _is_number(subject: Subject) -> bool:
    encoding = subject.model.encoding
    return encoding.classes is None and not encoding.multi_label
