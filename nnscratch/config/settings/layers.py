"""The settings of a network's hidden layers."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from nnscratch.config.settings.base import Settings
from nnscratch.config.settings.components import ActivationSettings


def _spell_out_true(value: object) -> object:
    return {} if value is True else value


def _spell_out_units(value: object) -> object:
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    return {"units": value} if is_integer else value


class BatchNormSettings(Settings):
    """Batch normalization; true stands for its defaults."""

    momentum: float = Field(
        0.9,
        ge=0,
        lt=1,
        description="Share of the moving mean and variance that is kept after each batch.",
    )
    epsilon: float = Field(
        1e-5, ge=1e-30, description="Added to the variance, which keeps the division from zero."
    )


BatchNorm = Annotated[BatchNormSettings | Literal[False], BeforeValidator(_spell_out_true)]
# At least 0 and below 1.
Fraction = Annotated[float, Field(ge=0, lt=1)]


class LayerSettings(Settings):
    """One hidden layer."""

    units: int = Field(ge=1, le=100_000, description="Number of units.", examples=[128])
    activation: ActivationSettings | None = Field(
        None, description="Activation of this layer; the config's unless given.", examples=["tanh"]
    )
    dropout: Fraction | None = Field(
        None, description="Dropout of this layer; the config's unless given.", examples=[0.2]
    )
    batch_norm: BatchNorm | None = Field(
        None,
        description="Batch normalization of this layer; the config's unless given.",
        examples=[True],
    )


Layer = Annotated[LayerSettings, BeforeValidator(_spell_out_units)]
