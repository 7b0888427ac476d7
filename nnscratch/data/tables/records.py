"""Tables in JSON: a list of records, a list for each column, or a record in each line."""

import json
from typing import TYPE_CHECKING, Any

from nnscratch.data.tables.encodings import TextFile
from nnscratch.data.tables.typed_values import Loaded
from nnscratch.errors import DataError
from nnscratch.formatting import label_text, plural

if TYPE_CHECKING:
    import pandas as pd


def is_json(beginning: str) -> bool:
    """Returns whether a text is JSON: a list of records or of lists, or an object."""
    start = beginning.lstrip("\ufeff \t\r\n")
    inside = start[1:].lstrip()
    return (start.startswith("[") and inside.startswith(("{", "[", "]"))) or (
        start.startswith("{") and inside.startswith(('"', "}"))
    )


def read_records(text: TextFile) -> Loaded:
    """Returns the table in a JSON file.

    Keys that a record does not have are missing values.

    Raises:
        DataError: The file cannot be read, or holds something else.
    """
    path = text.opened.path
    try:
        with text.open(whole=True) as file:
            content = file.read()
    except UnicodeError:
        raise DataError(f"{path}: is JSON, but not in UTF-8") from None
    try:
        lines = [(i, line) for i, line in enumerate(content.split("\n"), 1) if line.strip()]
        if len(lines) > 1 and _is_record(lines[0][1]):
            return Loaded(str(path), _frame_of_lines(lines), noun="line")
        return Loaded(str(path), _frame_of(_parse(content)), noun="record")
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def _parse(content: str, line: int | None = None) -> Any:
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        place = error.lineno if line is None else line
        raise DataError(
            f"line {place} is not valid JSON: {error.msg.lower()} at column {error.colno}"
        ) from None
    except (RecursionError, ValueError):
        raise DataError("is JSON, but too deep or with a number that is too long") from None


def _is_record(line: str) -> bool:
    try:
        return isinstance(_parse(line), dict)
    except DataError:
        return False


def _frame_of_lines(lines: list[tuple[int, str]]) -> "pd.DataFrame":
    records = [_parse(line, number) for number, line in lines]
    for (number, _), record in zip(lines, records, strict=True):
        if not isinstance(record, dict):
            raise DataError(f'line {number} is not a record such as {{"a": 1}}')
    return _frame_of_records(records, [number for number, _ in lines])


def _frame_of(value: Any) -> "pd.DataFrame":
    if value in ([], {}):
        raise DataError("is empty")
    if isinstance(value, list) and all(isinstance(record, dict) for record in value):
        return _frame_of_records(value, list(range(1, len(value) + 1)))
    if isinstance(value, dict):
        if not any(isinstance(item, list | dict) for item in value.values()):
            return _frame_of_records([value], [1])
        columns = {
            str(name): list(column.values()) if isinstance(column, dict) else column
            for name, column in value.items()
        }
        if all(isinstance(column, list) for column in columns.values()):
            return _frame_of_columns(columns)
    raise DataError(
        'is JSON, but neither a list of records ([{"a": 1}, {"a": 2}]) nor a list for each '
        'column ({"a": [1, 2]})'
    )


def _frame_of_records(records: list[dict[str, Any]], places: list[int]) -> "pd.DataFrame":
    import pandas as pd

    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {
        name: pd.Series([record.get(name) for record in records], dtype=object) for name in names
    }
    return pd.DataFrame(columns).set_axis(places, axis=0)


def _frame_of_columns(columns: dict[str, list[Any]]) -> "pd.DataFrame":
    import pandas as pd

    first, *others = columns.items()
    for name, values in others:
        if len(values) != len(first[1]):
            raise DataError(
                f"column {label_text(name)} has {plural(len(values), 'value')}, "
                f"column {label_text(first[0])} has {len(first[1]):,}"
            )
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    )
    return frame.set_axis(range(1, len(frame) + 1), axis=0)
