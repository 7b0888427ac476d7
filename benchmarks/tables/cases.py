"""The tables to measure on, and how the rows of each are divided: the same for every method."""

import csv
import tempfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch import load_config
from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.data.held_out_rows import draw_rows
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.experiment.loading import load_dataset, split_dataset
from nnscratch.scaffold.from_table import from_table

LIST = "tables.tsv"
TEST_SHARE = 0.2
_NO_VALIDATION = "dataset.validation=0"
_TASKS = {"classes": "classification", "numbers": "regression"}


class Table(NamedTuple):
    """A CSV file, and what is to be predicted from it."""

    name: str
    path: Path
    target: str | None
    """The column; None for the last."""
    task: str | None
    """classification or regression; None for what its values suggest."""


def find_tables(folder: Path) -> list[Table]:
    """Returns the tables of a folder: those that its tables.tsv lists, or all of its CSV files.

    The list has the columns name, target and task (classes or numbers), separated by tabs.
    """
    path = folder / LIST
    if not path.is_file():
        return [Table(file.stem, file, None, None) for file in sorted(folder.glob("*.csv"))]
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Table(
            row["name"],
            folder / f"{row['name']}.csv",
            row["target"],
            _TASKS.get(row["task"], row["task"]),
        )
        for row in rows
    ]


@dataclass(frozen=True, eq=False)
class Case:
    """A table with some of its rows held out for testing.

    Attributes:
        table: The table.
        number: The number of the split, which is the seed of everything in it.
        text: The config that `init csv` writes for the table.
        dataset: Its rows, those to train on and those to test with.
    """

    table: Table
    number: int
    text: str
    dataset: Dataset

    def configure(self, overrides: list[str]) -> Config:
        """Returns the config that `init csv` writes, with other settings laid over it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.yaml"
            path.write_text(self.text)
            own = [
                f"seed={self.number}",
                f"dataset.path={self.table.path.resolve()}",
                "dataset.test=null",
            ]
            return load_config(path, [*own, *overrides])

    @cached_property
    def columns(self) -> Dataset:
        """The rows with the categories of those to train on, none held out for validation."""
        return split_dataset(self.configure([_NO_VALIDATION]), self.dataset)

    @cached_property
    def numbers(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The inputs of the rows to train on and to test with, as a network takes them."""
        prepared = Preprocessing.fit(self.columns, "standardize", impute=True)
        train, test = (
            prepared.transform(self.columns.splits[part].inputs, np.float64)
            for part in ("train", "test")
        )
        return train, test


def read_case(table: Table, number: int, rows: int | None = None) -> Case:
    """Reads a table and holds out a fifth of its rows, of each class its share.

    Args:
        table: The table.
        number: The number of the split.
        rows: How many of the rows to train on to take, at most.
    """
    text = from_table(table.path, table.path, table.target)
    if table.task:
        text = text.replace("\n  task: ", f"\n  task: {table.task} # ", 1)
    nothing = Dataset({}, (), None)
    config = Case(table, number, text, nothing).configure(["dataset.test=0", _NO_VALIDATION])
    whole = load_dataset(config)
    everything = whole.splits["train"]
    rng = np.random.default_rng(number)
    classes = everything.targets if whole.classes else None
    parts = draw_rows(len(everything), classes, {"test": round(TEST_SHARE * len(everything))}, rng)
    left = np.setdiff1d(np.arange(len(everything)), parts["test"], assume_unique=True)
    if rows is not None and len(left) > rows:
        left = np.sort(rng.permutation(left)[:rows])
    splits = {"train": everything[left], "test": everything[parts["test"]]}
    return Case(table, number, text, replace(whole, splits=splits, held_out=()))
