"""The settings of a network's hidden layers."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from nnscratch.config.settings.base import Settings
from nnscratch.config.settings.components import Activation


def _spell_out_true(value: object) -> object:
    return {} if value is True else value


def _spell_out_units(value: object) -> object:
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    return {"units": value} if is_integer else value


class BatchNormSettings(Settings):
    """Batch normalization; true is short for its defaults."""

    momentum: float = Field(
        0.9, ge=0, lt=1, description="What is left of a moving average after each batch."
    )
    epsilon: float = Field(1e-5, ge=1e-30, description="Keeps the division from zero.")


BatchNorm = Annotated[BatchNormSettings | Literal[False], BeforeValidator(_spell_out_true)]
Share = Annotated[float, Field(ge=0, lt=1)]


class LayerSettings(Settings):
    """One hidden layer."""

    units: int = Field(ge=1, le=100_000, description="The width of the layer.", examples=[128])
    activation: Activation | None = Field(
        None, description="The layer's own; otherwise the config's activation.", examples=["tanh"]
    )
    dropout: Share | None = Field(
        None, description="The layer's own; otherwise the config's dropout.", examples=[0.2]
    )
    batch_norm: BatchNorm | None = Field(
        None, description="The layer's own; otherwise the config's batch_norm.", examples=[True]
    )


Layer = Annotated[LayerSettings, BeforeValidator(_spell_out_units)]
