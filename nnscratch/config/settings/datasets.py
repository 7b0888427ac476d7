"""The settings of the data sets, generated from their sources.

Besides those there are the keys of what is done to a data set: rows held out, and scaling.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nnscratch.config.settings.base import TASK_ALIASES, Fraction, spell_out_name
from nnscratch.config.settings.generated import ComponentSettings, make_models, one_of
from nnscratch.data import DATASETS
from nnscratch.data.sources.base import Source

Rows = Annotated[int, Field(ge=0, le=10**9)]


class DatasetSettings(ComponentSettings):
    """The settings of a data set."""

    @property
    def path_keys(self) -> tuple[str, ...]:
        """The keys that name files or directories, for which the config's own place matters."""
        return DATASETS[self.name].path_keys


class PreparedSettings(DatasetSettings):
    """What is done to a data set before a network sees it."""

    validation: Rows | Fraction = Field(
        0,
        description="Rows held out to choose the best epoch by: a fraction or a number of rows.",
        examples=[0.1],
    )
    split: Literal["random", "in_order"] = Field(
        "random",
        description="Which rows are held out: random ones, of each class its share; or the last "
        "ones in order, for testing, and those before them for validation.",
    )
    split_seed: int | None = Field(
        None,
        ge=0,
        lt=2**63,
        description="Seed for which rows are held out; that of the whole config unless given.",
        examples=[1],
    )
    validation_seed: int | None = Field(
        None,
        ge=0,
        lt=2**63,
        description="Seed for which rows are for validation; `split_seed` unless given.",
        examples=[1],
    )
    scaling: Literal["auto", "minmax", "standardize", "none"] = Field(
        "auto", description="How inputs are scaled; auto is minmax for images, else standardize."
    )
    target_scaling: Literal["minmax", "standardize", "none"] = Field(
        "standardize",
        description="How numbers to predict are scaled; scores stay in their own units.",
    )
    target_transform: Literal["none", "log", "log1p"] = Field(
        "none",
        description="What is learned of numbers to predict, before scaling: their logarithm, or "
        "log(1 + y), which takes 0 too; predictions and scores stay in their own units.",
    )


class SplitSettings(PreparedSettings):
    """A data set that has no test part of its own."""

    test: Rows | Fraction | None = Field(
        None,
        description="Rows held out to judge the result by: a fraction or a number of rows; 0.2 "
        "unless given, but 0 if there are fewer than 30 rows or the data has a test part.",
        examples=[0.2],
    )
    folds: int | None = Field(
        None,
        ge=2,
        le=10_000,
        description="Number of folds that all rows are dealt to; `fold` says which is tested.",
        examples=[5],
    )
    fold: int | None = Field(
        None, ge=1, description="Which of the `folds` is the test part, from 1.", examples=[1]
    )


def _base_of(source: type[Source]) -> type[DatasetSettings]:
    if not source.is_prepared:
        return DatasetSettings
    return PreparedSettings if source.has_test_part else SplitSettings


def _spell_out(value: Any) -> Any:
    """Turns a name into a mapping, and what a task was called before into what it is called now."""
    value = spell_out_name(value)
    if isinstance(value, dict) and isinstance(value.get("task"), str):
        return {**value, "task": TASK_ALIASES.get(value["task"], value["task"])}
    return value


DATASET_MODELS = make_models(DATASETS, Source, _base_of)

if TYPE_CHECKING:
    AnyDatasetSettings = DatasetSettings
else:
    AnyDatasetSettings = one_of(DATASET_MODELS, _spell_out)
