"""A table of numbers and categories in a CSV file, one or more columns being the target."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nnscratch.data.dataset import Dataset
from nnscratch.data.sources.base import (
    ABOUT_MISSING,
    ABOUT_PATH,
    ABOUT_TASK,
    Missing,
    Source,
    Task,
)
from nnscratch.nn.registry import REQUIRED, setting


@dataclass(eq=False)
class CsvSource(Source):
    """A table in a file."""

    path: str = setting(
        REQUIRED,
        ABOUT_PATH,
        example="data/wine.csv",
    )
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
    missing: Missing = setting("error", ABOUT_MISSING)
    validation_path: str | None = setting(
        None, "File with the rows to validate on.", example="data/validation.csv"
    )
    test_path: str | None = setting(None, "File with the rows to test on.", example="data/test.csv")
    name = "csv"
    path_keys = ("path", "validation_path", "test_path")

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.features and settings.ignore:
            yield "ignore", "cannot be given together with `features`"

    def load(self) -> Dataset:
        from nnscratch.data.table_dataset import read_dataset

        return read_dataset(self)
