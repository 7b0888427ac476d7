"""How an exported Python file reads rows: as nnscratch does, value for value."""

import io
import math
from typing import Any

import pytest

from nnscratch.data.dates import to_days
from nnscratch.data.tables import Notation
from nnscratch.export import python_reading as run
from nnscratch.export.python_runtime import RowError

USUAL = run.Notation(frozenset(["NA"]))
NUMBER = run.Column("age")


@pytest.mark.parametrize(
    ("decimal", "thousands", "strip"),
    [
        (".", None, ()),
        (",", ".", ("€",)),
        (".", ",", ("$", "%", "kg")),
        (",", " ", ()),
        (".", "'", ()),
    ],
)
def test_numbers_are_read_as_in_a_table(
    decimal: str, thousands: str | None, strip: tuple[str, ...]
) -> None:
    notation = Notation(decimal=decimal, thousands=thousands, strip=strip)
    ours = run.Notation(frozenset(), decimal, notation.thousands_marks, strip)
    texts = (
        *(
            "1",
            "-1",
            "+1.5",
            "−2",
            "1e-3",
            ".5",
            "5.",
            "1,5",
            "1.000,5",
            "1,000.5",
            "1 000",
            "1'000",
        ),
        *(
            "(12)",
            "(−5)",
            "$5",
            "-$5",
            "5 %",
            "3 kg",
            "€ 4",
            "",
            "-",
            "1_000",
            "0x1",
            "1,00,0",
            "٣",
        ),
        *("12,3456", "1.2.3", "1 000,5", "inf", "nan", "--1", "( 7 )", "- 4", "1e400"),
    )

    def outcome(read: Any, *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except ValueError:
            return "refused"

    for text in texts:
        assert outcome(run.read_number, text, ours) == outcome(notation.to_number, text), text


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("2024-02-29", "%Y-%m-%d"),
        ("1.3.1899", "%d.%m.%Y"),
        ("31 Dec 1999", "%d %b %Y"),
        ("2026-01-30 15:00:30.25", "%Y-%m-%d %H:%M:%S.%f"),
        ("2026-01-30T15:00:30Z", "%Y-%m-%dT%H:%M:%SZ"),
        ("07:30 PM", "%I:%M %p"),
        ("23:59", "%H:%M"),
    ],
)
def test_dates_are_the_days_that_pandas_reads(text: str, date_format: str) -> None:
    assert run.read_date(text, date_format) == to_days([text], date_format)[0]


def test_values_of_categories() -> None:
    colour = run.Column("colour", ("blue", "1"))
    assert [run.read_value(value, colour, USUAL) for value in (" blue ", 1, "red")] == [0, 1, -1]
    assert all(math.isnan(run.read_value(v, colour, USUAL)) for v in (None, "", " ", "NA"))


@pytest.mark.parametrize("value", [[1], {}, "abc", "inf", math.inf, "1e400", object()])
def test_what_is_no_number_is_refused_with_its_column(value: object) -> None:
    with pytest.raises(RowError, match=r"column 'age': .* is not a finite number"):
        run.read_value(value, NUMBER, USUAL)


def test_a_row_is_a_dict_or_a_list() -> None:
    columns = (NUMBER, run.Column("size"))
    good: list[Any] = [{"size": 2, "age": 1, "more": 3}, [1, 2], (1, "2")]
    for row in good:
        assert run.read_row(row, columns, USUAL, may_be_missing=False) == [1.0, 2.0]
    bad: list[Any] = [{"age": 1}, [1], "12"]
    for row, message in zip(bad, ["no column 'size'", "must have 2", "must have 2"], strict=True):
        with pytest.raises(RowError, match=message):
            run.read_row(row, columns, USUAL, may_be_missing=False)
    with pytest.raises(RowError, match="column 'size': no value"):
        run.read_row([1, None], columns, USUAL, may_be_missing=False)


def test_a_number_that_the_network_does_not_have_is_refused() -> None:
    assert run.cast([1.0], [5.0], (NUMBER,), 10.0) == [1.0]
    assert run.cast([1.0], [50.0], (NUMBER,), 10.0) == [1.0]  # scaling made it small
    assert run.cast([50.0], [5.0], (NUMBER,), 10.0) == [math.inf]
    with pytest.raises(RowError, match="column 'age': 50 is too large"):
        run.cast([50.0], [50.0], (NUMBER,), 10.0)


def test_tables_with_other_separators_and_without_a_header() -> None:
    text = 'a;b\n1;"x\n,y"\n\n2;\n'
    assert list(run.read_table(io.StringIO(text), None)) == [
        {"a": "1", "b": "x\n,y"},
        {"a": "2", "b": ""},
    ]
    assert list(run.read_table(io.StringIO("1,2\n"), ("p", "q"))) == [{"p": "1", "q": "2"}]
    with pytest.raises(RowError, match="row 0 has 1 values, not 2"):
        list(run.read_table(io.StringIO("a,b\n1\n"), None))


def test_a_wrong_row_ends_the_predictions_with_its_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [{"age": "1"}, {"age": "x"}]

    def predict(row: dict[str, str]) -> list[object]:
        return [run.read_value(row["age"], NUMBER, USUAL)]

    with pytest.raises(SystemExit, match="error: row 1, counted from 0: column 'age': 'x' is not"):
        run.print_predictions(rows, ["prediction"], predict)
    assert capsys.readouterr().out == "row,prediction\n0,1.0\n"
