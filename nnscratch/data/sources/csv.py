"""Tables of the user's own: CSV files whose columns are numbers and categories, one the target.

Other parts of the data may come in files of their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from nnscratch.data.column_types import Reading
from nnscratch.data.columns import refuse_missing
from nnscratch.data.dataset import Dataset, Split
from nnscratch.data.headers import refuse_headerless
from nnscratch.data.missing_targets import MissingTarget, settle_missing_targets
from nnscratch.data.row_order import groups_of_rows, order_of_rows
from nnscratch.data.row_weights import weights_of_rows
from nnscratch.data.sources.base import ABOUT_MISSING, ABOUT_PATH, ABOUT_TASK, Missing, Source, Task
from nnscratch.data.table_columns import (
    check_names,
    choose_columns,
    encode_inputs,
    find_types,
    remarks,
)
from nnscratch.data.tables import MISSING_VALUES, Layout, Notation, Table, TableFile
from nnscratch.data.targets import encode_targets
from nnscratch.errors import DataError
from nnscratch.formatting import some_names
from nnscratch.nn.registry import REQUIRED, setting


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
    weight: str | None = setting(
        None,
        "Column of numbers that say how much each row counts, in training as in the scores; no "
        "input unless `features` lists it.",
        example="people",
    )
    categorical: list[str] | None = setting(
        None,
        "Columns whose values are categories even if they are digits; leading zeros stay.",
        example=["zip", "month"],
    )
    numeric: list[str] | None = setting(
        None, "Columns that hold numbers; any other text in them is an error.", example=["age"]
    )
    missing: Missing = setting("error", ABOUT_MISSING)
    missing_target: MissingTarget = setting(
        "error", "Rows without a target: refuse them, or drop them."
    )
    missing_values: list[str] | None = setting(
        None,
        "Texts that stand for no value, besides empty cells: NA, NaN, null, None and their like "
        "unless given.",
        example=["?", "NA"],
    )
    decimal: Literal[".", ","] = setting(".", "Character before the decimals of numbers.")
    thousands: Literal[",", ".", " ", "'"] | None = setting(
        None, "Character between groups of three digits.", example=","
    )
    strip: list[str] | None = setting(
        None,
        "Texts around numbers that are not part of them: currencies, %, units.",
        example=["$", "%"],
    )
    header: bool = setting(True, "Whether the first row holds the names of the columns.")
    names: list[str] | None = setting(
        None,
        "Names of the columns of a file without a header; column_1, column_2, … unless given.",
        min_length=1,
        example=["age", "income", "price"],
    )
    separator: str | None = setting(
        None, "Character between two values; found out unless given.", example=";"
    )
    encoding: str | None = setting(
        None, "Encoding of the file; found out unless given.", example="latin-1"
    )
    validation_path: str | None = setting(
        None, "File with the rows to validate on.", example="data/validation.csv"
    )
    test_path: str | None = setting(None, "File with the rows to test on.", example="data/test.csv")
    name = "csv"
    path_keys = ("path", "validation_path", "test_path")

    @staticmethod
    def spell_out(given: Any) -> Any:
        """Takes a column to sort by for a split in order, and names for those of no header."""
        if not isinstance(given, dict):
            return given
        implied: dict[str, Any] = {}
        if given.get("order_by") is not None:
            implied["split"] = "in_order"
        if given.get("names") is not None:
            implied["header"] = False
        return {**implied, **given}

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.features and settings.ignore:
            yield "ignore", "cannot be given together with `features`"
        both = sorted({*(settings.categorical or ())} & {*(settings.numeric or ())})
        if both:
            yield "numeric", f"names {some_names(both)}, which `categorical` names too"
        if settings.names and settings.header:
            yield "names", "are for a file without a header: `header: false`"
        if settings.thousands == settings.decimal:
            yield "thousands", "cannot be the same character as `decimal`"
        split = getattr(settings, "split", None)  # which only a config has
        if settings.order_by is not None and split == "random":
            yield "order_by", "is for `split: in_order`, where the last rows are held out"
        if settings.group is not None and split == "in_order":
            yield "group", "is for `split: random`, where whole groups are held out"

    @property
    def notation(self) -> Notation:
        """How the values are written."""
        missing = MISSING_VALUES if self.missing_values is None else tuple(self.missing_values)
        return Notation(missing, self.decimal, self.thousands, tuple(self.strip or ()))

    def load(self) -> Dataset:
        return self.assemble(self._read_tables())

    def load_sample(self, rows: int) -> Dataset:
        tables = self._read_tables(rows)
        is_sample = any(len(table.frame) == rows for table in tables.values())
        return replace(self.assemble(tables), is_sample=is_sample)

    def assemble(self, tables: Mapping[str, Table]) -> Dataset:
        """Returns the data set of tables that have been read, one for each part.

        Raises:
            SettingError: As `load`.
            DataError: As `load`.
        """
        train = tables["train"]
        targets = [self.target] if isinstance(self.target, str) else self.target
        others = {"order_by": self.order_by, "group": self.group, "weight": self.weight}
        ignore = self.ignore or []
        names = choose_columns(train, targets, self.features, ignore, others)
        for key in ("categorical", "numeric"):
            check_names(key, getattr(self, key) or [], train)
        for table in tables.values():
            absent = [name for name in (*names, *targets) if name not in table.frame.columns]
            if absent:
                raise DataError(f"{table.source}: has no column {some_names(absent)}")
        tables, dropped = settle_missing_targets(targets, tables, self.missing_target)
        train = tables["train"]
        columns = find_types(names, tables, self._reading)
        inputs, image = encode_inputs(columns, tables)
        if self.missing == "error":
            for part, table in tables.items():
                refuse_missing(table.source, columns, inputs[part], table.name_rows)
        classes, encoded = encode_targets(targets, tables, self._choose_task(train))
        weights = weights_of_rows(tables, self.weight) if self.weight else {}
        notes = [*train.file.notes, *dropped, *remarks(columns, train)]
        if self.features is None and "" in train.frame.columns:
            notes.insert(0, "a column without a name, such as an index, is left out")
        return Dataset(
            {part: Split(inputs[part], encoded[part], weights.get(part)) for part in tables},
            tuple(columns),
            classes,
            image=image,
            notes=tuple(notes),
            target_names=tuple(targets) if classes is None else (),
            table=train.file.format,
            order=order_of_rows(train, self.order_by) if self.order_by else None,
            groups=groups_of_rows(train, self.group) if self.group else None,
        )

    def _read_tables(self, rows: int | None = None) -> dict[str, Table]:
        """Returns each part's table; columns of text in the training file are text in all."""
        layout = Layout(self.separator, self.encoding, self.header, tuple(self.names or ()))
        train = Table.read(
            TableFile(self.path, layout, self.notation), self.categorical or (), rows
        )
        refuse_headerless(train)
        texts = [name for name in train.file.names if train.frame[name].dtype.kind not in "fiu"]
        others = {"validation": self.validation_path, "test": self.test_path}
        files = {part: TableFile(f, layout, self.notation) for part, f in others.items() if f}
        return {
            "train": train,
            **{part: Table.read(file, texts, rows) for part, file in files.items()},
        }

    def _choose_task(self, train: Table) -> str:
        """Returns the task; text that is numbers, such as `$5,000`, is an amount, not a class."""
        if self.task != "auto" or not isinstance(self.target, str):
            return self.task
        column = train.frame[self.target]
        is_amount = (
            column.dtype.kind not in "fiub"
            and train.file.notation != replace(train.file.notation, thousands=None, strip=())
            and not np.isnan(train.file.notation.to_numbers(column.dropna())).any()
        )
        return "regression_if_possible" if is_amount else "auto"

    def _reading(self, name: str) -> Reading:
        if name in (self.categorical or ()):
            return "categorical"
        return "numeric" if name in (self.numeric or ()) else "auto"
