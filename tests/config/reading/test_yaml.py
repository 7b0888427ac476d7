"""The strict YAML loader: how numbers and text are read, what is refused and where, and that what
`dump` writes is what the loader reads.
"""

import math
from typing import Any

import pytest

from nnscratch.config.reading.document import parse_file
from nnscratch.config.reading.yaml import dump
from nnscratch.errors import ConfigError


def read(text: str) -> dict[str, Any]:
    document = parse_file(text.encode(), "c.yaml")
    assert document.problems == []
    data: dict[str, Any] = document.data
    return data


def value_of(text: str) -> Any:
    return read(f"key: {text}\n")["key"]


def problems_of(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    try:
        return list(map(str, parse_file(data, "c.yaml").problems))
    except ConfigError as error:
        return list(map(str, error.problems))


def same(one: object, other: object) -> bool:
    """Equal in type too, at every depth: True is not 1 and 1 is not 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        keys = list(one) == list(other)
        return keys and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("-0", 0),
        ("7", 7),
        ("+12", 12),
        ("-19", -19),
        ("0x10", 16),
        ("0xfF", 255),
        ("0o17", 15),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1.5", 1.5),
        ("-2.", -2.0),
        (".5", 0.5),
        ("+.5", 0.5),
        ("1e3", 1000.0),
        ("1e-3", 0.001),
        ("1E+3", 1000.0),
        ("1.0e-8", 1e-8),
        ("-3.25e2", -325.0),
        ("0.1", 0.1),
        (".inf", math.inf),
        ("+.inf", math.inf),
        ("-.inf", -math.inf),
    ],
)
def test_numbers_are_read_as_yaml_1_2_reads_them(text: str, expected: float) -> None:
    assert same(value_of(text), expected)


def test_nan_is_a_float() -> None:
    number = value_of(".nan")

    assert isinstance(number, float)
    assert math.isnan(number)


@pytest.mark.parametrize(
    "text",
    [
        "1:30",
        "12:30:45",
        "1_000",
        "1_0.5",
        "0b101",
        "-0x10",
        "1e",
        "e5",
        "1.5.2",
        ".",
        "+",
        "2001-01-01",
        "nan",
        "inf",
        "0x",
        "0o8",
        "٣",
    ],
)
def test_what_is_a_number_only_elsewhere_is_text(text: str) -> None:
    assert same(value_of(text), text)


@pytest.mark.parametrize("text", ["yes", "no", "on", "off", "Yes", "NO", "y", "n"])
def test_yes_no_on_and_off_are_text(text: str) -> None:
    assert same(value_of(text), text)


@pytest.mark.parametrize("text", ["True", "TRUE", "False", "FALSE", "tRue"])
def test_only_lower_case_true_and_false_are_booleans(text: str) -> None:
    assert same(value_of(text), text)


def test_true_and_false_are_booleans() -> None:
    assert value_of("true") is True
    assert value_of("false") is False


@pytest.mark.parametrize("text", ["~", "", "null", "# a comment"])
def test_a_tilde_null_and_nothing_are_null(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize("text", ['"1e-3"', "'010'", '"true"', "'~'", '"1:30"', "'0x10'", '""'])
def test_what_is_quoted_is_text(text: str) -> None:
    assert same(value_of(text), text[1:-1])


@pytest.mark.parametrize("text", ["010", "-010", "+07", "00", "08", "[1, 010]", "{a: {b: 007}}"])
def test_a_leading_zero_is_an_error(text: str) -> None:
    (problem,) = problems_of(f"dataset: xor\nkey: {text}\n")

    assert problem.startswith("c.yaml:2:")
    assert "zero" in problem


def test_an_ordinary_config_is_read_with_its_types() -> None:
    text = """
name: a run
seed: 42
architecture: [4, {units: 3, activation: tanh}]
learning_rate: 1e-3
use_bias: true
batch_size: full
clip_norm: null
"""

    assert same(
        read(text),
        {
            "name": "a run",
            "seed": 42,
            "architecture": [4, {"units": 3, "activation": "tanh"}],
            "learning_rate": 0.001,
            "use_bias": True,
            "batch_size": "full",
            "clip_norm": None,
        },
    )


@pytest.mark.parametrize(
    "data",
    [
        "name: ä\n".encode("utf-8-sig"),
        "name: ä".encode(),
        "name: ä\r\n".encode(),
        "---\nname: ä\n".encode(),
        "name: ä\n...\n".encode(),
        b'name: "\\u00e4"\n',
        b'name: "\\xe4"\n',
    ],
)
def test_byte_order_marks_line_ends_and_markers_change_nothing(data: bytes) -> None:
    assert parse_file(data, "c.yaml").data == {"name": "ä"}


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("epochs: 1\nseed: 2\nepochs: 3\n", 1, 3),
        ("dataset: xor\noptimizer:\n  name: sgd\n  momentum: 0\n  name: sgd\n", 3, 5),
        ("architecture:\n- 4\n- units: 3\n  activation: tanh\n  units: 4\n", 3, 5),
        ("a:\n  b:\n    - - c:\n          d: 1\n          e: 1\n          d: 1\n", 4, 6),
        ("epochs: 1\n'epochs': 1\n", 1, 2),
        ("a: {b: 1,\n  c: 1,\n  b: 2}\n", 1, 3),
    ],
)
def test_a_duplicate_key_is_refused_at_both_its_lines(text: str, first: int, second: int) -> None:
    (problem,) = problems_of(text)

    assert problem.startswith(f"c.yaml:{second}:")
    assert f"c.yaml:{first}" in problem.removeprefix(f"c.yaml:{second}:")


def test_the_same_key_in_different_mappings_is_no_duplicate() -> None:
    assert read("a: {name: x}\nb: {name: y}\nname: z\nc: [{name: 1}, {name: 2}]\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # anchors and aliases
        ("a: 1\nb: &x 2\n", 2),
        ("a: &x [1]\n", 1),
        ("a: 1\nb:\n  &x c: 2\n", 3),
        ("&x\na: 1\n", 1),
        ("a: 1\n\nb: *x\n", 3),
        ("a:\n- 1\n- *x\n", 3),
        ("*x : 1\n", 1),
        # merge keys
        ("a: 1\n<<: {b: 2}\n", 2),
        ("a:\n  b: 1\n  <<: [{c: 2}]\n", 3),
        # tags
        ("a: 1\nb: !!str 2\n", 2),
        ("a: !x 1\n", 1),
        ("a: ! 1\n", 1),
        ("!!map\na: 1\n", 1),
        ("a: !!python/object/apply:os.getcwd []\n", 1),
        ("a: !<tag:yaml.org,2002:str> 1\n", 1),
        ("a: 1\n!!str b: 1\n", 2),
        # several documents
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\n...\n---\nb: 2\n", 3),
        ("---\na: 1\n---\n", 3),
        # tabs
        ("\ta: 1\n", 1),
        ("a:\n\tb: 1\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        # keys
        ("a: 1\n? [b]\n: 2\n", 2),
        ("a: 1\n? {b: 1}\n: 2\n", 2),
        ("{[a, b]: 1}\n", 1),
        # no YAML
        ("a: 1\nb\nc: 2\n", 2),
        ("a: 1\n  b: 2\n", 2),
        ("a: 1\nb: c: d\n", 2),
        ("a: 1\nb: @x\n", 2),
        ("a: 1\nb: }\n", 2),
        ('a: "\\q"\n', 1),
    ],
)
def test_what_a_config_may_not_use_is_refused_at_its_line(text: str, line: int) -> None:
    (problem,) = problems_of(text)

    assert problem.startswith(f"c.yaml:{line}:")


@pytest.mark.parametrize(
    "text", ["a: [1, 2\n", "a: {b: 1\n", "a: [1, {b: 2]\n", 'a: "b\n', "a: 'b"]
)
def test_an_unclosed_bracket_or_quote_is_refused(text: str) -> None:
    (problem,) = problems_of(text)

    assert problem.startswith("c.yaml:")


@pytest.mark.parametrize("escape", ["\\U00110000", "\\UFFFFFFFF"])
def test_an_escape_beyond_unicode_is_refused(escape: str) -> None:
    assert problems_of(f'a: "{escape}"\n')


def test_a_tab_is_called_a_tab() -> None:
    (problem,) = problems_of("a:\n\tb: 1\n")

    assert "tab" in problem


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfea\x00:\x00",
        b"a: \xe4\n",
        b"a: \xc3",
        b"a: \xed\xa0\x80\n",
        "a: 1\n".encode("utf-16"),
        b"a: \x00\n",
        b"a: 1\n\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"PK\x03\x04\x14\x00\x00\x00",
        bytes(range(256)),
        b"a: \x07\n",
        b"a: \x1b[31m\n",
    ],
)
def test_what_is_not_plain_text_in_utf_8_is_refused(data: bytes) -> None:
    (problem,) = problems_of(data)

    assert problem.startswith("c.yaml:")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null\n", "~"])
def test_an_empty_file_is_refused(text: str) -> None:
    (problem,) = problems_of(text)

    assert problem.startswith("c.yaml:")
    assert "empty" in problem


@pytest.mark.parametrize("text", ["- a\n- b\n", "[]", "[{a: 1}]", "xor", "5", "true", '"a: 1"'])
def test_a_list_or_a_scalar_at_the_top_is_refused(text: str) -> None:
    (problem,) = problems_of(text)

    assert problem.startswith("c.yaml:")
    assert "mapping" in problem


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_twenty_levels_are_read_and_one_more_is_refused(opening: str, closing: str) -> None:
    def nested(levels: int) -> str:
        # The mapping at the top is the first level, the empty list inside the last.
        lists = levels - 2
        return f"a:\n  {opening * lists}[]{closing * lists}\n"

    assert read(nested(20))
    (problem,) = problems_of(nested(21))
    assert problem.startswith("c.yaml:2:")
    assert "20" in problem


@pytest.mark.parametrize("text", ["[", "{", "- ", "? ", "[{a: "])
def test_very_deep_nesting_is_refused_without_a_crash(text: str) -> None:
    assert problems_of(text * 50_000)


def test_a_file_of_nearly_a_megabyte_is_read() -> None:
    assert read("a: 1\n#" + "x" * 900_000) == {"a": 1}


def test_a_file_of_more_than_a_megabyte_is_refused() -> None:
    (problem,) = problems_of("a: 1\n#" + "x" * 2**20)

    assert problem.startswith("c.yaml:")


def test_mistakes_that_do_not_stop_the_reading_are_found_together() -> None:
    problems = problems_of("a: 1\na: 2\nb: 010\nc: {d: 1, d: 2}\n<<: {e: 1}\n")

    assert [problem.split(" ")[0] for problem in problems] == [
        "c.yaml:2:1:",
        "c.yaml:3:4:",
        "c.yaml:4:11:",
        "c.yaml:5:1:",
    ]


NASTY_TEXTS = [
    *["", " ", " x", "x ", "  x  y  ", "\t", "a\tb", "\tx", "#", "#x", "a #b", "a: b", ": a", ":"],
    *["a:", "-", "- a", "?", "? a", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "{", "}", "[a]"],
    *["{a: b}", ",", "'", '"', "''", '"a"', "\\", "\\n", "a\\", "---", "...", "--- a", "<<", "="],
    *["1e-3", "1e3", "-1E+5", ".5", "1.", "+1", "-1", "0", "00", "010", "007", "+010", "0x10"],
    *["0o17", "0b1", "1_000", "1:30", "12:30:45", "2001-01-01", "2001-01-01 00:00:00", "1.5"],
    *[".inf", "-.inf", ".Inf", ".nan", ".NaN", "nan", "null", "Null", "NULL", "~", "true", "True"],
    *["false", "FALSE", "yes", "no", "No", "on", "off", "y", "n"],
    *["\n", "\n\n", "a\n", "\na", "a\nb", "a\n\nb\n", " a\n b ", "a\n  b\nc\n", "a\n\tb", "  \n "],
    *["a\r\nb", "a\rb", "# a\n# b", "- a\n- b", "a: 1\na: 2\n", "---\na"],
    *["é", "日本語", "😀", "\xa0", "\xa0x", "\u200b", "\u2028", "a\u2029b", "\ufeff", "\x85"],
    *["a\x85b", "\x00", "\x07", "\x1b[31m", "\x7f", "\x80"],
    *["word " * 60, "w" * 300, "two  spaces  " * 30, "é" * 200, "😀 " * 60, "1" * 5000],
]


@pytest.mark.parametrize("text", NASTY_TEXTS, ids=lambda text: ascii(text)[:40])
def test_text_is_the_same_after_dump_and_load(text: str) -> None:
    data = {"a": text, "b": [text, text], "c": {"d": [{"e": text}, [[text]]]}, "f": 1}

    assert same(read(dump(data)), data)


@pytest.mark.parametrize(
    "value",
    [
        *[0, -5, 10**30, 10**300, True, False, None, [], {}, [[]], [{}], {"a": {}}],
        *[1e-3, 1e-8, 5e-324, 1e16, 1e300, 1.7976931348623157e308, 0.1, 0.1 + 0.2, 1 / 3, 100.0],
        *[math.inf, -math.inf],
        [[0, 1], [1.0, -1.5], [True, None], ["true", "~"]],
        [4, {"units": 3, "activation": {"name": "elu", "alpha": 0.5}}],
        [list(range(200)), ["word"] * 200],
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_data_is_the_same_after_dump_and_load(value: object) -> None:
    data = {"before": 1, "value": value, "after": 2}

    assert same(read(dump(data)), data)


def test_the_sign_of_zero_and_nan_survive_dump_and_load() -> None:
    data = read(dump({"zero": -0.0, "nan": math.nan}))

    assert math.copysign(1.0, data["zero"]) == -1.0
    assert math.isnan(data["nan"])


def test_a_list_that_stands_in_two_places_is_written_out_twice() -> None:
    row = [0, 1]

    assert read(dump({"a": [row, row], "b": row})) == {"a": [[0, 1], [0, 1]], "b": [0, 1]}


def test_dump_keeps_the_order_of_keys() -> None:
    assert list(read(dump({"b": 1, "a": 2, "c": 3}))) == ["b", "a", "c"]
