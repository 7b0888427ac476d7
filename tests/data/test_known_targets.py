"""Targets of a table for a model that knows its classes: strictly, and as far as they are known."""

from pathlib import Path
from typing import Any

import pytest

from nnscratch.data.known_targets import encode_known_targets, read_known_targets
from nnscratch.data.tables import Notation, Table, TableFile
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import DataError
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create

CLASSES = TargetEncoding(create(LOSSES, "cross_entropy"), ("a", "b", "c"))
NUMBERED = TargetEncoding(create(LOSSES, "cross_entropy"), (1, 2, 3))
PRICE = TargetEncoding(create(LOSSES, "mean_squared_error"), None)
LABELS = TargetEncoding(create(LOSSES, "binary_cross_entropy"), None, 2, names=("hot", "wet"))


def table(tmp_path: Path, *lines: str, texts: tuple[str, ...] = ()) -> Table:
    path = tmp_path / "labelled.csv"
    path.write_text("\n".join([*lines, ""]))
    return Table.read(TableFile(path), texts)


@pytest.mark.parametrize(
    ("encoding", "values", "expected"),
    [
        (CLASSES, "cab", [2, 0, 1]),
        (NUMBERED, ["3.0", "1", "2.00"], [2, 0, 1]),
    ],
)
def test_classes_get_the_index_that_they_have_in_the_model(
    encoding: TargetEncoding, values: Any, expected: list[int], tmp_path: Path
) -> None:
    given = table(tmp_path, "y", *values, texts=("y",))
    assert encode_known_targets(given, ["y"], encoding).tolist() == expected


def test_unknown_classes_are_named_with_their_lines(tmp_path: Path) -> None:
    given = table(tmp_path, "x,y", "1,a", "2,d", "3,b", "4,E", "5,d", texts=("y",))
    with pytest.raises(DataError) as caught:
        encode_known_targets(given, ["y"], CLASSES)
    assert "column y, the target: the network does not know 'd', 'E' (lines 3, 5, 6)" in str(
        caught.value
    )
    assert str(caught.value).endswith("its classes are a, b, c")


def test_numbers_are_columns(tmp_path: Path) -> None:
    given = table(tmp_path, "y", "1.5", "-2", "1e3")
    assert encode_known_targets(given, ["y"], PRICE).tolist() == [[1.5], [-2], [1000]]


def test_what_is_no_number_is_named_with_its_line(tmp_path: Path) -> None:
    given = table(tmp_path, "y", "1.5", "dear")
    with pytest.raises(DataError, match=r"the target: 'dear' is not a finite number \(line 3\)"):
        encode_known_targets(given, ["y"], PRICE)


def test_labels_are_0_and_1_or_yes_and_no_in_any_order_of_columns(tmp_path: Path) -> None:
    given = table(tmp_path, "wet,hot", "yes,1", "NO,0")
    assert encode_known_targets(given, ["hot", "wet"], LABELS).tolist() == [[1, 1], [0, 0]]
    given = table(tmp_path, "wet,hot", "yes,1", "no,2")
    with pytest.raises(DataError, match=r"column hot, the target: 2 is neither 0 nor 1 \(line 3\)"):
        encode_known_targets(given, ["hot", "wet"], LABELS)


@pytest.mark.parametrize(
    ("encoding", "names", "rows", "expected"),
    [
        (CLASSES, ["y"], ["a", "x", ""], [["a", "x", None]]),
        (NUMBERED, ["y"], ["2.0", "4", "NA"], [[2, "4", None]]),
        (PRICE, ["y"], ["2", "dear", ""], [[2.0, "dear", None]]),
        (LABELS, ["y", "z"], ["yes,0", "?,", "no,1"], [[1, "?", 0], [0, None, 1]]),
    ],
)
def test_what_is_only_shown_may_be_anything(
    encoding: TargetEncoding,
    names: list[str],
    rows: list[str],
    expected: list[list[Any]],
    tmp_path: Path,
) -> None:
    header = ",".join([*names, "more"])
    given = table(tmp_path, header, *(f"{row},x" for row in rows), texts=tuple(names))
    assert read_known_targets(given.frame, names, encoding, Notation()) == expected
