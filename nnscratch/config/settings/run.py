"""The keys of a config that say what a run is called, what it learns from and how it computes."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from nnscratch.config.presets import PRESETS
from nnscratch.config.settings.base import Settings, spell_out_name
from nnscratch.config.settings.datasets import AnyDatasetSettings


class PresetSettings(Settings):
    """A word that stands for values of many keys."""

    name: Literal[tuple(PRESETS)] = Field(description="Which one.")  # type: ignore[valid-type]  # made of the table
    applied: bool = Field(
        default=False,
        description="Whether its values are written out in this config, so that none is added.",
    )


Preset = Annotated[PresetSettings, BeforeValidator(spell_out_name)]


class RunSettings(Settings):
    """What a run is called, what it learns from, and how it computes."""

    name: str = Field(
        "run",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        description="Name of the run directory; the config file's name unless given.",
    )
    preset: Preset | None = Field(
        None,
        description="Word that sets many keys; those that are given beside it stay as they are.",
        examples=["tabular"],
    )
    seed: int = Field(
        42,
        ge=0,
        lt=2**63,
        description="Seed for every random choice: initial weights, shuffling, dropout, splits.",
    )
    dtype: Literal["float32", "float64"] = Field(
        "float32", description="Precision of all numbers; float64 takes twice the memory."
    )
    ensemble: int = Field(
        1,
        ge=1,
        le=1000,
        description="Networks of successive seeds whose mean predicts; a trial of a search is one.",
    )
    own_validation: bool = Field(
        default=False,
        description="Whether each network of an ensemble draws validation rows of its own, which "
        "train the others.",
    )
    threads: Annotated[int, Field(ge=1, le=1024)] | Literal["auto"] = Field(
        "auto",
        description="Threads of matrix products; auto is 1, more for large networks on free cores.",
    )
    dataset: AnyDatasetSettings = Field(description="Data to learn from.", examples=["xor"])
