"""Tables of the user's own: CSV files whose columns are numbers and categories, one the target.

Other parts of the data may come in files of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.column_types import ColumnProblem, column_type
from nnscratch.data.columns import column_text, encode_column, ignore_override, refuse_missing
from nnscratch.data.dataset import Dataset, Feature, ImageFormat, Split
from nnscratch.data.images import are_bytes, image_of_names
from nnscratch.data.missing_targets import MissingTarget, settle_missing_targets
from nnscratch.data.row_order import groups_of_rows, order_of_rows
from nnscratch.data.sources.base import ABOUT_MISSING, ABOUT_PATH, ABOUT_TASK, Missing, Source, Task
from nnscratch.data.tables import Table, TableFile
from nnscratch.data.targets import encode_targets
from nnscratch.errors import DataError, SettingError
from nnscratch.formatting import label_text, some_names
from nnscratch.nn.registry import REQUIRED, setting

MANY_ROWS = 20


@dataclass(eq=False)
class CsvSource(Source):
    """A table in a file."""

    path: str = setting(REQUIRED, ABOUT_PATH, example="data/wine.csv")
    target: str | list[str] = setting(
        REQUIRED,
        "Column to predict, or a list of columns of numbers or of yes and no.",
        min_length=1,
        example="price",
    )
    task: Task = setting("auto", ABOUT_TASK)
    features: list[str] | None = setting(
        None,
        "Columns to predict from; all others unless given.",
        min_length=1,
        example=["age", "income"],
    )
    ignore: list[str] | None = setting(None, "Columns not to predict from.", example=["id"])
    order_by: str | None = setting(
        None,
        "Column of numbers, dates or text that rows are sorted by, of which the last are held out "
        "(`split: in_order`); no input unless `features` lists it.",
        example="date",
    )
    group: str | None = setting(
        None,
        "Column of which no value is in two parts, such as a customer; no input unless `features` "
        "lists it.",
        example="customer",
    )
    missing: Missing = setting("error", ABOUT_MISSING)
    missing_target: MissingTarget = setting(
        "error", "Rows without a target: refuse them, or drop them."
    )
    validation_path: str | None = setting(
        None, "File with the rows to validate on.", example="data/validation.csv"
    )
    test_path: str | None = setting(None, "File with the rows to test on.", example="data/test.csv")
    name = "csv"
    path_keys = ("path", "validation_path", "test_path")

    @staticmethod
    def spell_out(given: Any) -> Any:
        """Takes a column to sort by for a split in order."""
        is_sorted = isinstance(given, dict) and given.get("order_by") is not None
        return {"split": "in_order", **given} if is_sorted else given

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.features and settings.ignore:
            yield "ignore", "cannot be given together with `features`"
        split = getattr(settings, "split", None)  # which only a config has
        if settings.order_by is not None and split == "random":
            yield "order_by", "is for `split: in_order`, where the last rows are held out"
        if settings.group is not None and split == "in_order":
            yield "group", "is for `split: random`, where whole groups are held out"

    def load(self) -> Dataset:
        paths = {"train": self.path, "validation": self.validation_path, "test": self.test_path}
        tables = _read_tables({part: file for part, file in paths.items() if file})
        targets = [self.target] if isinstance(self.target, str) else self.target
        names = _choose_columns(
            tables["train"], targets, self.features, self._choose_ignored(tables["train"], targets)
        )
        for table in tables.values():
            absent = [name for name in (*names, *targets) if name not in table.frame.columns]
            if absent:
                raise DataError(f"{table.source}: has no column {some_names(absent)}")
        tables, notes = settle_missing_targets(targets, tables, self.missing_target)
        columns = _find_types(names, tables)
        inputs, image = _encode_inputs(columns, tables)
        if self.missing == "error":
            for part, table in tables.items():
                refuse_missing(table.source, columns, inputs[part], table.name_rows)
        classes, encoded = encode_targets(targets, tables, self.task)
        notes += _row_number_notes(columns, inputs["train"])
        if self.features is None and "" in tables["train"].frame.columns:
            notes.insert(0, "a column without a name, such as an index, is left out")
        return Dataset(
            {part: Split(inputs[part], encoded[part]) for part in tables},
            tuple(columns),
            classes,
            image=image,
            notes=tuple(notes),
            target_names=tuple(targets) if classes is None else (),
            order=order_of_rows(tables["train"], self.order_by) if self.order_by else None,
            groups=groups_of_rows(tables["train"], self.group) if self.group else None,
        )

    def _choose_ignored(self, table: Table, targets: Sequence[str]) -> list[str]:
        """Returns the columns that are no inputs unless `features` lists them."""
        ignored = self.ignore or []
        given = {"order_by": self.order_by, "group": self.group}
        to_split = {key: name for key, name in given.items() if name is not None}
        for key, name in to_split.items():
            _check_names(key, [name], table)
            if name in targets:
                raise SettingError(key, f"names the target, {label_text(name)}")
        return [*ignored, *sorted({*to_split.values()} - {*ignored})]


def _read_tables(files: dict[str, str]) -> dict[str, Table]:
    """Returns each part's table; columns of text in the training file are text in all of them."""
    train = Table.read(TableFile(files["train"]))
    texts = [name for name in train.file.names if train.frame[name].dtype.kind not in "fiu"]
    return {
        part: train if part == "train" else Table.read(TableFile(file), texts)
        for part, file in files.items()
    }


def _choose_columns(
    table: Table, targets: list[str], features: list[str] | None, ignore: list[str]
) -> list[str]:
    """Returns the names of the columns to predict from."""
    columns = [str(name) for name in table.frame.columns]
    for key, wanted in (("target", targets), ("features", features or []), ("ignore", ignore)):
        _check_names(key, wanted, table)
    if features is not None:
        for name in targets:
            if name in features:
                raise SettingError("features", f"has the target, {label_text(name)}")
        return features
    names = [name for name in columns if name and name not in (*targets, *ignore)]
    if not names:
        key = "ignore" if ignore else "target"
        raise SettingError(key, f"leaves no column to predict from in {table.source}")
    return names


def _check_names(key: str, wanted: Sequence[str], table: Table) -> None:
    """Raises SettingError if a setting names a column twice, or one that is not in the table."""
    columns = [str(name) for name in table.frame.columns]
    for name in wanted:
        if name not in columns:
            raise _unknown_column(key, name, table.source, columns)
        if wanted.count(name) > 1:
            raise SettingError(key, f"names the column {label_text(name)} twice")


def _unknown_column(key: str, name: str, source: str, columns: Sequence[str]) -> SettingError:
    rule = (
        f"names {label_text(name)!r}, which is not a column of {source}; "
        f"it has {some_names(columns)}"
    )
    if len(columns) == 1:
        return SettingError(key, rule, "columns must be separated by , ; | or a tab")
    lower = {column.lower(): column for column in columns}
    near = get_close_matches(name.lower(), lower, n=1)
    return SettingError(key, rule, f"did you mean {label_text(lower[near[0]])}?" if near else "")


def _find_types(names: Sequence[str], tables: Mapping[str, Table]) -> list[Feature]:
    """Returns the columns with the types they have in the training file.

    Raises:
        DataError: With a line for each column that cannot be learned from.
    """
    train = tables["train"]
    features: list[Feature] = []
    problems: dict[str, ColumnProblem] = {}
    for name in names:
        kind = column_type(name, train.frame[name], train.file.notation, train.name_rows)
        if isinstance(kind, ColumnProblem):
            problems[name] = kind
        elif kind.categories is None:
            features.append(kind)
        else:
            # Categories that occur only in another part's file are included.
            categories = set().union(*(table.frame[name].dropna() for table in tables.values()))
            features.append(Feature(name, tuple(sorted(categories))))
    lines = [
        problem.message(column_text(train.source, name), f"leave it out: {ignore_override([name])}")
        for name, problem in problems.items()
    ]
    if len(lines) > 1:
        lines.append(f"to leave all of these out: {ignore_override(problems)}")
    if lines:
        raise DataError("\n".join(lines))
    return features


def _encode_inputs(
    columns: Sequence[Feature], tables: Mapping[str, Table]
) -> tuple[dict[str, NDArray[Any]], ImageFormat | None]:
    """Returns each part's inputs, and their format if they are images, which are bytes."""
    inputs: dict[str, NDArray[Any]] = {
        part: np.column_stack([encode_input(table, column) for column in columns])
        for part, table in tables.items()
    }
    image = image_of_names([column.name for column in columns])
    if image is None or not all(map(are_bytes, inputs.values())):
        return inputs, None
    return {part: table.astype(np.uint8) for part, table in inputs.items()}, image


def encode_input(table: Table, feature: Feature) -> NDArray[np.float64]:
    """Returns a column of a table as a feature's numbers or codes."""
    return encode_column(
        table.source,
        feature,
        table.frame[feature.name],
        notation=table.file.notation,
        name_rows=table.name_rows,
    )


def _row_number_notes(columns: list[Feature], table: NDArray[Any]) -> Iterator[str]:
    """Yields a note on each column that only numbers the rows."""
    for feature, column in zip(columns, table.T, strict=True):
        if feature.categories is None and counts_rows(column):
            name = label_text(feature.name)
            yield f"column {name} counts the rows, like an id: dataset.ignore leaves it out"


def counts_rows(column: NDArray[Any]) -> bool:
    """Returns whether the numbers of many rows are consecutive integers, in any order."""
    in_order = np.sort(column)
    counted = np.array_equal(in_order, in_order[0] + np.arange(len(column)))
    return counted and len(column) >= MANY_ROWS
