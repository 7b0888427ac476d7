"""The settings of rows that stand in the config itself, and the rules they must follow."""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from nnscratch.config.settings.base import Settings, Task, broken_rules
from nnscratch.formatting import plural

_LARGEST = 1e300  # beyond float's range a whole number cannot be computed with


class InlineSettings(Settings):
    """Rows written in the config itself."""

    name: Literal["inline"] = "inline"
    inputs: list[Any] = Field(
        description="A list of rows, each a list of numbers.", examples=[[[0, 1], [1, 0]]]
    )
    targets: list[Any] = Field(
        description="One class, number, or list of numbers for each row.", examples=[["a", "b"]]
    )
    task: Task = "auto"

    @field_validator("targets", mode="after")
    @classmethod
    def _flatten_column(cls, targets: list[Any]) -> list[Any]:
        """Takes a column, as NumPy's users write it, for one target a row."""
        column = all(isinstance(target, list) and len(target) == 1 for target in targets)
        return [target[0] for target in targets] if column else targets

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        broken = list(_check_table("inputs", self.inputs))
        if any(isinstance(target, list) for target in self.targets):
            broken += _check_table("targets", self.targets)
            if self.task == "classification":
                broken.append(("targets", "must be one class for each row, no lists"))
        else:
            broken += _check_labels(self.targets, self.task)
        if self.inputs and len(self.inputs) != len(self.targets):
            rows = plural(len(self.inputs), "row")
            rule = f"must have {rows}, as `inputs` has, not {len(self.targets)}"
            broken.append(("targets", rule))
        if broken:
            raise broken_rules(*broken)
        return self


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
            yield f"targets.{i}", "must be a class (a word, true, false) or a number"
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
