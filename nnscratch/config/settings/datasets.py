"""The settings of the data sets; their keys are the arguments of the functions that make them.

Beside those stand the keys of what is done to any data set: rows held out, and scaling.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from nnscratch.config.settings.base import Named, Settings, Task, broken_rules
from nnscratch.config.settings.inline import InlineSettings

Share = Annotated[float, Field(ge=0, lt=1)]
Rows = Annotated[int, Field(ge=0, le=10**9)]
Name = Annotated[str, Field(min_length=1, max_length=1000)]
Missing = Annotated[
    Literal["error", "impute"],
    Field(description="What to do about holes: refuse them, or impute median or commonest word."),
]


class GateSettings(Settings):
    """A logic gate's truth table."""

    name: Literal["and", "or", "not", "nand", "nor", "xor", "xnor"]
    inputs: int | None = Field(
        None, ge=1, le=12, description="How many; 2 unless given, always 1 for not.", examples=[3]
    )
    encoding: Literal["binary", "bipolar"] = Field(
        "binary", description="Whether false and true are 0 and 1, or -1 and 1."
    )

    @model_validator(mode="after")
    def _inputs_fit_the_gate(self) -> Self:
        if self.name == "not" and self.inputs not in (None, 1):
            raise broken_rules(("inputs", "must be 1 for the gate not"))
        if self.name != "not" and self.inputs == 1:
            raise broken_rules(("inputs", f"must be 2 to 12 for the gate {self.name}"))
        return self


class PreparedSettings(Settings):
    """What is done to a data set before a network sees it."""

    validation: Rows | Share = Field(
        0,
        description="Rows held out to choose the best epoch by: a share or a number of rows.",
        examples=[0.1],
    )
    scaling: Literal["auto", "minmax", "standardize", "none"] = Field(
        "auto", description="Of the inputs; auto is minmax for pictures, else standardize."
    )
    target_scaling: Literal["minmax", "standardize", "none"] = Field(
        "standardize", description="Of numbers to predict; figures are in their own units."
    )


class SplitSettings(PreparedSettings):
    """A data set that has no test part of its own."""

    test: Rows | Share | None = Field(
        None,
        description="Rows held out to judge the result by: a share or a number of rows; 0.2 unless "
        "given, or unless the data has a test part of its own.",
        examples=[0.2],
    )


class BundledSettings(SplitSettings):
    """A small real data set that scikit-learn brings along."""

    name: Literal["digits", "iris", "wine", "breast_cancer", "diabetes"]


class ToySettings(SplitSettings):
    """Points in the plane."""

    name: Literal["moons", "circles", "blobs", "spiral"]
    samples: int = Field(400, ge=10, le=10**7, description="The number of points.")
    noise: float = Field(0.1, ge=0, le=100, description="The standard deviation of the noise.")
    seed: int = Field(0, ge=0, lt=2**32, description="Of the points and their noise.")


class MnistSettings(PreparedSettings):
    """Handwritten digits, 60,000 to train and 10,000 to test."""

    name: Literal["mnist"] = "mnist"


class OpenMLSettings(SplitSettings):
    """A data set of openml.org's."""

    name: Literal["openml"] = "openml"
    data_name: Name | None = Field(
        None, description="What OpenML calls it.", examples=["Fashion-MNIST"]
    )
    version: int = Field(1, ge=1, lt=2**31, description="Which of those called so.")
    data_id: int | None = Field(
        None,
        ge=1,
        lt=2**31,
        description="OpenML's number for it, instead of data_name.",
        examples=[40996],
    )
    target: Name | None = Field(
        None, description="The column to predict, if not OpenML's own.", examples=["class"]
    )
    task: Task = "auto"
    missing: Missing = "error"

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if (self.data_name is None) == (self.data_id is None):
            raise broken_rules(("data_name", "or `data_id` must be given, and not both"))
        return self


class CsvSettings(SplitSettings):
    """A table in a file."""

    path_keys: ClassVar[tuple[str, ...]] = ("path", "validation_path", "test_path")

    name: Literal["csv"] = "csv"
    path: Name = Field(
        description="The file, seen from the config's folder or the current one.",
        examples=["data/wine.csv"],
    )
    target: Name | Annotated[list[Name], Field(min_length=1)] = Field(
        description="The column to predict, or a list of columns of numbers or of yes and no.",
        examples=["price"],
    )
    task: Task = "auto"
    features: list[Name] | None = Field(
        None,
        min_length=1,
        description="The columns to predict from; all others unless given.",
        examples=[["age", "income"]],
    )
    ignore: list[Name] | None = Field(
        None, description="Columns not to predict from.", examples=[["id"]]
    )
    missing: Missing = "error"
    validation_path: Name | None = Field(
        None, description="A file with the rows to validate on.", examples=["data/validation.csv"]
    )
    test_path: Name | None = Field(
        None, description="A file with the rows to test on.", examples=["data/test.csv"]
    )

    @model_validator(mode="after")
    def _chosen_once(self) -> Self:
        if self.features and self.ignore:
            raise broken_rules(("ignore", "cannot be given together with `features`"))
        return self


class NpzSettings(SplitSettings):
    """Arrays in a .npz file."""

    path_keys: ClassVar[tuple[str, ...]] = ("path",)

    name: Literal["npz"] = "npz"
    path: Name = Field(
        description="The file, seen from the config's folder or the current one.",
        examples=["data/mnist.npz"],
    )
    task: Task = "auto"


class IdxSettings(SplitSettings):
    """Pictures in the files that MNIST came in."""

    path_keys: ClassVar[tuple[str, ...]] = ("path",)

    name: Literal["idx"] = "idx"
    path: Name = Field(
        description="The directory, seen from the config's folder or this one.",
        examples=["data/mnist"],
    )


Dataset = Annotated[
    GateSettings
    | ToySettings
    | BundledSettings
    | InlineSettings
    | MnistSettings
    | OpenMLSettings
    | CsvSettings
    | NpzSettings
    | IdxSettings,
    *Named,
]
