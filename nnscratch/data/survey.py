"""A first look at a table: what each column holds, and which cannot be learnt from as it stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nnscratch.data.csv_file import read_table
from nnscratch.data.dataset import Dataset
from nnscratch.data.kinds import name_kind
from nnscratch.data.table import counts_rows, load_csv
from nnscratch.errors import DataError
from nnscratch.wording import plural, some

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: What its header says.
        about: What it holds, or why it is left out.
        usable: Whether a network can learn from it.
    """

    name: str
    about: str
    usable: bool


@dataclass(frozen=True)
class Survey:
    """A table as it was found.

    Attributes:
        target: The column to predict.
        columns: The others that have a name.
        holes: The names of the usable columns in which values are missing.
        dataset: The rows, as a training would load them.
    """

    target: str
    columns: tuple[Column, ...]
    holes: tuple[str, ...]
    dataset: Dataset


def survey(path: str, target: str | None = None) -> Survey:
    """Looks at a table.

    Args:
        path: The CSV file.
        target: The column to predict; the last one unless given.

    Raises:
        DataError: The table cannot be read or learnt from.
        SettingError: There is no such target.
    """
    frame = read_table(path)
    names = [str(name) for name in frame.columns if name]
    wanted = target or names[-1]
    columns = tuple(_look(path, frame[name]) for name in names if name != wanted)
    left_out = [column.name for column in columns if not column.usable]
    holes = tuple(c.name for c in columns if c.usable and frame[c.name].isna().any())
    missing = "impute" if holes else "error"
    dataset = load_csv(path, wanted, ignore=left_out, missing=missing)
    return Survey(wanted, columns, holes, dataset)


def _look(path: str, column: "pd.Series[Any]") -> Column:
    name = str(column.name)
    try:
        kind = name_kind(path, name, column)
    except DataError as error:
        reason = str(error).removeprefix(f"{path}: column {name}: ").partition(";")[0]
        return Column(name, reason, usable=False)
    if kind.words is not None:
        return Column(name, f"{plural(len(kind.words), 'word')}: {some(kind.words)}", usable=True)
    numbers = column.dropna().astype(float)
    if counts_rows(numbers.to_numpy()):
        return Column(name, "counts the rows, like an id", usable=False)
    return Column(name, f"numbers from {numbers.min():g} to {numbers.max():g}", usable=True)
