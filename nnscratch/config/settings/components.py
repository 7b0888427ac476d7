"""The settings of a network's parts: activations, initializers, losses and optimizers.

The keys of each are the argument names of the class that it configures, which a test holds.
"""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from nnscratch.config.settings.base import (
    DEFAULT_NAMES,
    Named,
    Settings,
    broken_rules,
    spell_out_name,
)

PlainActivationName = Literal["linear", "relu", "gelu", "silu", "softplus", "sigmoid", "tanh"]


class PlainActivation(Settings):
    """An activation without arguments."""

    name: PlainActivationName


class LeakyReLUSettings(Settings):
    """max(z, s z)."""

    name: Literal["leaky_relu"] = "leaky_relu"
    negative_slope: float = Field(0.01, ge=0, lt=1, description="The slope s below zero.")


class ELUSettings(Settings):
    """z above zero, alpha (exp(z) - 1) below."""

    name: Literal["elu"] = "elu"
    alpha: float = Field(1.0, gt=0, description="-alpha is the lower bound.")


class PlainOutputActivation(Settings):
    """An output activation without arguments; auto is what the loss implies."""

    name: PlainActivationName | Literal["auto", "softmax"]


Activation = Annotated[PlainActivation | LeakyReLUSettings | ELUSettings, *Named]
OutputActivation = Annotated[PlainOutputActivation | LeakyReLUSettings | ELUSettings, *Named]


class PlainInitializer(Settings):
    """An initializer that follows from the layer's shape; auto follows its activation too."""

    name: Literal[
        "auto",
        "zeros",
        "lecun_normal",
        "lecun_uniform",
        "glorot_normal",
        "glorot_uniform",
        "he_normal",
        "he_uniform",
    ]


class NormalSettings(Settings):
    """N(mean, stddev²)."""

    name: Literal["normal"] = "normal"
    mean: float = Field(0.0, ge=-1e30, le=1e30, description="The mean.")
    stddev: float = Field(0.05, ge=0, le=1e30, description="The standard deviation.")


class UniformSettings(Settings):
    """U(minval, maxval)."""

    name: Literal["uniform"] = "uniform"
    minval: float = Field(-0.05, ge=-1e30, le=1e30, description="The lower end.")
    maxval: float = Field(0.05, ge=-1e30, le=1e30, description="The upper end.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.minval > self.maxval:
            raise broken_rules(("maxval", f"must be at least `minval`, which is {self.minval:g}"))
        return self


Initializer = Annotated[PlainInitializer | NormalSettings | UniformSettings, *Named]


class PlainLoss(Settings):
    """A loss without arguments; auto follows from the targets."""

    name: Literal[
        "auto",
        "binary_cross_entropy",
        "cross_entropy",
        "mean_squared_error",
        "mean_absolute_error",
        "log_cosh",
        "hinge",
    ]


class HuberSettings(Settings):
    """Squared near zero, absolute beyond delta."""

    name: Literal["huber"] = "huber"
    delta: float = Field(1.0, gt=0, description="Where the loss turns from squared to absolute.")


Loss = Annotated[PlainLoss | HuberSettings, *Named]


class SGDSettings(Settings):
    """Stochastic gradient descent."""

    name: Literal["sgd"] = "sgd"
    momentum: float = Field(0.0, ge=0, lt=1, description="The share of the last step kept.")
    nesterov: bool = Field(default=False, description="Whether the momentum looks ahead.")

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> Self:
        if self.nesterov and not self.momentum:
            raise broken_rules(("nesterov", "needs `momentum` above 0"))
        return self


class RpropSettings(Settings):
    """Rprop, for full batches."""

    name: Literal["rprop"] = "rprop"
    eta_minus: float = Field(0.5, gt=0, lt=1, description="The factor after a turn.")
    eta_plus: float = Field(1.2, gt=1, le=100, description="The factor without a turn.")
    smallest: float = Field(1e-4, gt=0, le=1, description="The smallest product of factors.")
    largest: float = Field(5000.0, ge=1, le=1e12, description="The largest product of factors.")


class AdagradSettings(Settings):
    """Adagrad."""

    name: Literal["adagrad"] = "adagrad"
    epsilon: float = Field(1e-8, ge=1e-30, description="Keeps the division from zero.")


class RMSpropSettings(Settings):
    """RMSprop."""

    name: Literal["rmsprop"] = "rmsprop"
    rho: float = Field(0.9, ge=0, lt=1, description="The decay of the average of squares.")
    epsilon: float = Field(1e-8, ge=1e-30, description="Keeps the division from zero.")


class AdamSettings(Settings):
    """Adam."""

    name: Literal["adam"] = "adam"
    beta_1: float = Field(0.9, ge=0, lt=1, description="The decay of the average gradient.")
    beta_2: float = Field(0.999, ge=0, lt=1, description="The decay of the average of squares.")
    epsilon: float = Field(1e-8, ge=1e-30, description="Keeps the division from zero.")


class AdamWSettings(AdamSettings):
    """Adam with decoupled weight decay."""

    name: Literal["adamw"] = "adamw"  # type: ignore[assignment]  # narrows another name on purpose
    weight_decay: float = Field(
        0.01, ge=0, le=1, description="Times the learning rate: the share taken off."
    )


class NadamSettings(AdamSettings):
    """Adam with Nesterov's look-ahead."""

    name: Literal["nadam"] = "nadam"  # type: ignore[assignment]  # narrows another name on purpose


class LBFGSSettings(Settings):
    """L-BFGS with a line search, for full batches."""

    name: Literal["lbfgs"] = "lbfgs"
    history_size: int = Field(10, ge=1, le=1000, description="The steps that it remembers.")


def _spell_out_optimizer(value: object) -> object:
    """Turns a name into a mapping; one of arguments only is for the default optimizer."""
    value = spell_out_name(value)
    return {"name": DEFAULT_NAMES["optimizer"], **value} if isinstance(value, dict) else value


Optimizer = Annotated[
    SGDSettings
    | RpropSettings
    | AdagradSettings
    | RMSpropSettings
    | AdamSettings
    | AdamWSettings
    | NadamSettings
    | LBFGSSettings,
    Field(discriminator="name"),
    BeforeValidator(_spell_out_optimizer),
]
