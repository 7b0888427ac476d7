"""Tables made by hand, with a header and without one."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.data.headers import is_row_of_values, refuse_headerless
from nnscratch.data.tables import Layout, Notation, Table, TableFile
from nnscratch.errors import DataError

ROWS = 40
RNG = np.random.default_rng(0)
WORDS = ["setosa", "versicolor", "virginica"]
FLOATS = RNG.normal(5, 2, ROWS).round(2).tolist()
DIGITS = RNG.integers(0, 17, ROWS).tolist()
MILLIONS = (RNG.normal(5, 2, ROWS) * 1e6).round().tolist()
SHARES = RNG.random(ROWS).tolist()
COMMAS = [f"{value:.1f}".replace(".", ",") for value in FLOATS]
DOLLARS = [f"${value:,}" for value in range(1000, 1000 + ROWS)]
TEXTS = [WORDS[i % 3] for i in range(ROWS)]
PEOPLE = [f"Person {i}" for i in range(ROWS)]
HOLES = [float("nan")] * ROWS
MARKED = ["?" if i % 5 == 0 else str(i % 10) for i in range(ROWS)]


def judged(names: Sequence[str], columns: Sequence[Sequence[object]]) -> bool:
    frame = pd.DataFrame(dict(zip(names, columns, strict=True)))
    return is_row_of_values(names, frame, Notation())


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["5.1", "3.5", "1.4", "setosa"], [FLOATS, FLOATS, FLOATS, TEXTS]),
        (["5.1", "NA", "0.2", "setosa"], [FLOATS, FLOATS, FLOATS, TEXTS]),
        (["5.1", "", "0.2", "setosa"], [FLOATS, FLOATS, FLOATS, TEXTS]),
        (["5.1", "?", "0.2", "setosa"], [FLOATS, FLOATS, FLOATS, TEXTS]),
        (["5", "1", "3", "4"], [DIGITS, MARKED, DIGITS, DIGITS]),
        (["12", "Braund, Mr", "virginica"], [DIGITS, PEOPLE, TEXTS]),
        (["setosa", "virginica"], [TEXTS, TEXTS]),
        (["4", "9"], [DIGITS, DIGITS]),
        (["5,1", "3,5", "setosa"], [COMMAS, COMMAS, TEXTS]),
        (["$1,050", "setosa"], [DOLLARS, TEXTS]),
        (["50000", "3.1"], [FLOATS, FLOATS]),
        (["0", "0.5", "0.3", "5"], [DIGITS, FLOATS, FLOATS, FLOATS]),
    ],
)
def test_rows_of_values(names: list[str], columns: list[list[object]]) -> None:
    assert judged(names, columns)


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["width", "height", "kind"], [FLOATS, FLOATS, TEXTS]),
        (["width", "5", "kind"], [FLOATS, FLOATS, TEXTS]),
        (["5.1", "kind"], [FLOATS, TEXTS]),  # a kind would be one of the three
        (["name", "kind"], [PEOPLE, TEXTS]),
        (["setosa", "kind"], [TEXTS, TEXTS]),
        (["setosa"], [TEXTS]),
        (["price", "kind"], [DOLLARS, TEXTS]),
        (["inf", "5"], [FLOATS, FLOATS]),
        (["5", "7"], [HOLES, HOLES]),
        (["-", "?"], [FLOATS, FLOATS]),
        (["2000", "2001"], [MILLIONS, MILLIONS]),
        (["1990", "2000", "2005", "2010"], [MILLIONS] * 4),
        (["country", "1990", "2000", "2005"], [PEOPLE, MILLIONS, MILLIONS, MILLIONS]),
        (["1990", "2000", "2005", "setosa"], [MILLIONS] * 3 + [TEXTS]),
        (["0", "1", "2"], [FLOATS, FLOATS, TEXTS]),  # as pandas numbers columns
        ([*map(str, range(64)), "kind"], [*[DIGITS] * 64, TEXTS]),
        (["kind", *map(str, range(64))], [DIGITS] * 65),
        ([f"{x:.2f}" for x in np.linspace(400, 2500, 33)], [SHARES] * 33),
        ([f"{x:.2f}" for x in np.linspace(2500, 400, 33)], [MILLIONS] * 33),
        ([f"{x:.2f}" for x in np.geomspace(400, 2500, 33)], [MILLIONS] * 33),
        (["0.1", "0.5", "0.9"], [FLOATS] * 3),
    ],
)
def test_rows_of_names(names: list[str], columns: list[list[object]]) -> None:
    assert not judged(names, columns)


@settings(deadline=None)
@given(st.data(), st.integers(2, 6), st.integers(1, 3))
def test_rows_of_numbers_and_classes_are_told_from_names(
    data: st.DataObject, numbers: int, texts: int
) -> None:
    """The first row is drawn as all others are; with a header before it, there is one."""
    rows = [
        [
            *(f"{RNG.normal(3, 20):.4f}" for _ in range(numbers)),
            *(WORDS[int(RNG.integers(3))] for _ in range(texts)),
        ]
        for _ in range(ROWS)
    ]
    order = data.draw(st.permutations(range(numbers + texts)))
    rows = [[row[i] for i in order] for row in rows]
    first, others = rows[0], rows[1:]
    columns: list[list[object]] = [
        [float(text) if "." in text else text for text in column]
        for column in zip(*others, strict=True)
    ]
    steps = np.diff([float(v) for v in first if "." in v])
    if numbers < 6 or not ((steps > 0).all() or (steps < 0).all()):
        assert is_row_of_values(first, _named(first, columns), Notation())
    header = data.draw(
        st.lists(st.text("abcdefgh_ ", min_size=1), min_size=len(order), max_size=len(order))
    )
    assert not is_row_of_values(header, _named(header, columns), Notation())


def _named(names: list[str], columns: list[list[object]]) -> "pd.DataFrame":
    """Returns a table, in which equal names mean the first column of that name."""
    return pd.DataFrame(dict(reversed(list(zip(names, columns, strict=True)))))


def read(tmp_path: Path, text: str, layout: Layout | None = None) -> Table:
    path = tmp_path / "t.csv"
    path.write_text(text)
    return Table.read(TableFile(path, layout or Layout()))


def test_a_first_row_of_values_is_refused_with_the_setting_that_reads_it(tmp_path: Path) -> None:
    text = "5.1,3,u\n4.9,7,v\n6,2,u\n"
    with pytest.raises(DataError) as caught:
        refuse_headerless(read(tmp_path, text))
    assert "t.csv: the first row holds values such as 5.1, 3, u, not names" in str(caught.value)
    assert "dataset.header=false" in str(caught.value)
    refuse_headerless(read(tmp_path, text, Layout(header=False)))
    refuse_headerless(read(tmp_path, f"a,b,c\n{text}"))
