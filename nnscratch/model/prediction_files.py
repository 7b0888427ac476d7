"""Predictions as the text of CSV and JSON files, piece by piece."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from nnscratch.model.predictions import Predictions

_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(
    predictions: Iterable[Predictions], *, for_spreadsheet: bool = False
) -> Iterator[str]:
    """Yields the text of a CSV file with a header, some lines at a time.

    Args:
        predictions: What to write.
        for_spreadsheet: Whether to write an apostrophe before text that a spreadsheet would take
            for a formula, which may do anything.
    """
    write = _without_formula if for_spreadsheet else lambda cell: cell
    for part in predictions:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        columns = part.table()
        if part.first_row == 0:
            writer.writerow(map(write, columns))
        writer.writerows(map(write, row) for row in zip(*columns.values(), strict=True))
        yield text.getvalue()


def _without_formula(cell: Any) -> Any:
    """Returns a cell as it is, or with an apostrophe before what could be a formula."""
    if not isinstance(cell, str) or not cell.startswith(_BEGIN_FORMULAS):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def json_lines(predictions: Iterable[Predictions]) -> Iterator[str]:
    """Yields the text of a JSON list of objects, one for each row, some at a time."""
    separator = "["
    for part in predictions:
        for record in part.records():
            text = json.dumps(record, indent=2, allow_nan=False).replace("\n", "\n  ")
            yield f"{separator}\n  {text}"
            separator = ","
    yield "\n]\n" if separator == "," else "[]\n"
