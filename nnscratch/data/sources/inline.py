"""Rows written in the config itself, and the rules they must follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.data.sources.base import ABOUT_TASK, Source, Task
from nnscratch.data.targets import index_targets, is_one_hot
from nnscratch.formatting import plural
from nnscratch.nn.registry import REQUIRED, setting

_LARGEST = 1e300  # beyond float's range a whole number cannot be computed with


@dataclass(eq=False)
class InlineSource(Source):
    """Rows written in the config itself."""

    inputs: list[Any] = setting(
        REQUIRED, "List of rows, each a list of numbers.", example=[[0, 1], [1, 0]]
    )
    targets: list[Any] = setting(
        REQUIRED, "One class, number, or list of numbers for each row.", example=["a", "b"]
    )
    task: Task = setting("auto", ABOUT_TASK)
    name = "inline"
    is_prepared = False

    @staticmethod
    def spell_out(given: Any) -> Any:
        """Takes a column of targets, as NumPy's users write it, for one target a row."""
        targets = given.get("targets") if isinstance(given, dict) else None
        if not isinstance(targets, list):
            return given
        if not all(isinstance(target, list) and len(target) == 1 for target in targets):
            return given
        return {**given, "targets": [target[0] for target in targets]}

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        yield from _check_table("inputs", settings.inputs)
        if any(isinstance(target, list) for target in settings.targets):
            problems = list(_check_table("targets", settings.targets))
            yield from problems
            is_classes = not problems and is_one_hot(np.array(settings.targets))
            if settings.task == "classification" and not is_classes:
                yield "targets", "must be one class for each row, or a list of one 1 and else 0"
        else:
            yield from _check_labels(settings.targets, settings.task)
        if settings.inputs and len(settings.inputs) != len(settings.targets):
            rows = plural(len(settings.inputs), "row")
            yield "targets", f"must have {rows}, as `inputs` has, not {len(settings.targets)}"

    def load(self) -> Dataset:
        table = np.array(self.inputs, dtype=np.float64)
        classes, encoded = index_targets(self.targets, self.task)
        return Dataset({"train": Split(table, encoded)}, number_features(table.shape[1]), classes)


def _check_table(key: str, rows: list[Any]) -> Iterator[tuple[str, str]]:
    """Yields the key and the rule of each row that is not as many numbers as the first."""
    if not rows:
        yield key, "must have at least one row"
        return
    width = len(rows[0]) if isinstance(rows[0], list) else 0
    for i, row in enumerate(rows):
        if not isinstance(row, list):
            yield f"{key}.{i}", "must be a list of numbers, such as [0, 1]"
        elif not row:
            yield f"{key}.{i}", "must have at least one number"
        elif width and len(row) != width:
            rule = f"must have {plural(width, 'number')}, as the first row has, not {len(row)}"
            yield f"{key}.{i}", rule
        else:
            for j, value in enumerate(row):
                if not _is_number(value):
                    yield f"{key}.{i}.{j}", "must be a finite number"


def _check_labels(labels: list[Any], task: str) -> Iterator[tuple[str, str]]:
    """Yields the key and the rule of each target that is no class or number like the others."""
    for i, label in enumerate(labels):
        if not isinstance(label, str | bool) and not _is_number(label):
            yield f"targets.{i}", "must be a class (text, true, false) or a number"
        elif task == "regression" and isinstance(label, str | bool):
            yield f"targets.{i}", "must be a finite number"
        elif _kind(label) is not _kind(labels[0]):
            yield f"targets.{i}", "must be of the same kind as the first target"


def _kind(label: object) -> type:
    return float if isinstance(label, int) and not isinstance(label, bool) else type(label)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _LARGEST
