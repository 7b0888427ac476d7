"""The parts of a config that a single value can stand for: layers, early stopping and so on."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nnscratch.config.settings.base import SHORT_KEYS, Epochs, Factor, Fraction, Settings
from nnscratch.config.settings.components import AUTO, ActivationSettings, Monitor
from nnscratch.nn.metrics import CALIBRATED_LOSS, VALIDATION_LOSS


def _number_for(key: str, kind: Any = int | float) -> BeforeValidator:
    """Lets a number stand for a mapping with one key."""

    def spell_out(value: Any) -> Any:
        is_number = isinstance(value, kind) and not isinstance(value, bool)
        return {SHORT_KEYS[key]: value} if is_number else value

    return BeforeValidator(spell_out)


def _true_for_defaults(value: Any) -> Any:
    return {} if value is True else value


class BatchNormSettings(Settings):
    """Batch normalization; true stands for its defaults."""

    momentum: Fraction = Field(
        0.9, description="Share of the moving mean and variance that is kept after each batch."
    )
    epsilon: float = Field(
        1e-5,
        ge=1e-30,
        le=1e30,
        description="Added to the variance, which keeps the division from zero.",
    )


class RateFactorsSettings(Settings):
    """Factors of the learning rate for kinds of parameters."""

    kernel: Factor = Field(1.0, description="Factor for the weights of dense layers.")
    fan_in: bool = Field(
        default=False,
        description="Whether that is divided by the square root of the layer's number of inputs, "
        "as in the neural tangent parametrization.",
    )
    bias: Factor = Field(1.0, description="Factor for the biases of dense layers.")
    input_scale: Factor = Field(1.0, description="Factor for the scales of inputs.")
    embedding: Factor = Field(1.0, description="Factor for the embeddings of numbers.")


BatchNorm = Annotated[BatchNormSettings | Literal[False], BeforeValidator(_true_for_defaults)]


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


class EarlyStoppingSettings(Settings):
    """Stopping when a score gets no better."""

    monitor: Monitor = Field(
        AUTO,
        description="Score that is watched; its best epoch is the one kept. auto is "
        f"{CALIBRATED_LOSS} with `calibrate`, else {VALIDATION_LOSS}.",
    )
    patience: Epochs = Field(5, description="Epochs without a better score before training stops.")
    min_delta: float = Field(
        0.0,
        ge=0,
        le=1e30,
        description="A score counts as better only if it improves by more than this.",
    )


class AverageSettings(Settings):
    """An exponential moving average of the weights."""

    decay: Fraction = Field(
        0.999, description="Share of the average kept after each step; nearer 1 averages longer."
    )


Layer = Annotated[LayerSettings, _number_for("layer", int)]
EarlyStopping = Annotated[EarlyStoppingSettings, _number_for("early_stopping")]
Average = Annotated[AverageSettings, _number_for("average")]
