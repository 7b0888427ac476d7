"""The settings of the learning-rate schedules; their keys are the arguments of the classes."""

from typing import Annotated, Literal

from pydantic import Field

from nnscratch.config.settings.base import Monitor, Named, Settings

Factor = Annotated[float, Field(ge=0, le=1)]
Gamma = Annotated[float, Field(gt=0, le=1)]


class _Scheduled(Settings):
    """What all schedules have."""

    warmup_epochs: float = Field(
        0.0, ge=0, le=1e9, description="Epochs in which the rate rises to its full size."
    )


class ConstantSettings(_Scheduled):
    """The rate as it is."""

    name: Literal["constant"] = "constant"


class StepSettings(_Scheduled):
    """A fall every few epochs."""

    name: Literal["step"] = "step"
    every: float = Field(10.0, gt=0, description="The epochs between two falls.")
    gamma: Gamma = Field(0.1, description="What is left after each fall.")


class ExponentialSettings(_Scheduled):
    """The same share less after each epoch."""

    name: Literal["exponential"] = "exponential"
    gamma: Gamma = Field(0.95, description="What is left after each epoch.")


class InverseTimeSettings(_Scheduled):
    """1 / (1 + k t)."""

    name: Literal["inverse_time"] = "inverse_time"
    decay_rate: float = Field(1.0, ge=0, description="k, per epoch.")


class LinearSettings(_Scheduled):
    """A straight line."""

    name: Literal["linear"] = "linear"
    end: Factor = Field(0.0, description="What is left at the end.")


class PolynomialSettings(_Scheduled):
    """A power of the time that is left."""

    name: Literal["polynomial"] = "polynomial"
    power: float = Field(2.0, gt=0, le=100, description="The power.")
    end: Factor = Field(0.0, description="What is left at the end.")


class CosineSettings(_Scheduled):
    """Half a wave of a cosine."""

    name: Literal["cosine"] = "cosine"
    end: Factor = Field(0.0, description="What is left at the end.")


class OneCycleSettings(_Scheduled):
    """Up, and further down."""

    name: Literal["one_cycle"] = "one_cycle"
    start: Factor = Field(0.04, description="The factor at the start.")
    peak: float = Field(0.3, gt=0, lt=1, description="The share of the epochs until the peak.")
    end: Factor = Field(4e-6, description="The factor at the end.")


class PlateauSettings(_Scheduled):
    """A fall whenever a figure gets no better."""

    name: Literal["reduce_on_plateau"] = "reduce_on_plateau"
    monitor: Monitor = Field("val_loss", description="The figure.")
    gamma: float = Field(0.5, gt=0, lt=1, description="What is left after each fall.")
    patience: int = Field(3, ge=1, le=10**9, description="Epochs to bear without a better one.")
    min_delta: float = Field(0.0, ge=0, description="What a better value must be better by.")
    end: Factor = Field(0.0, description="What is left at least.")


Schedule = Annotated[
    ConstantSettings
    | StepSettings
    | ExponentialSettings
    | InverseTimeSettings
    | LinearSettings
    | PolynomialSettings
    | CosineSettings
    | OneCycleSettings
    | PlateauSettings,
    *Named,
]
