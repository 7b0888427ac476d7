"""The keys of a config that describe the network, whatever it is trained for."""

from pydantic import Field

from nnscratch.config.settings.base import Fraction, Settings
from nnscratch.config.settings.components import (
    HIDDEN_ACTIVATION_MODELS,
    INITIALIZER_MODELS,
    OUTPUT_ACTIVATION_MODELS,
    ActivationSettings,
    InitializerSettings,
    NumericEmbeddingSettings,
    OutputActivationSettings,
)
from nnscratch.config.settings.generated import by_name
from nnscratch.config.settings.short_forms import BatchNorm, Layer, LayerSettings


class NetworkSettings(Settings):
    """The layers of a network, and how its first weights are drawn."""

    architecture: list[Layer] = Field(
        [LayerSettings(units=16)],
        max_length=100,
        description="Units of the hidden layers, first to last, or mappings with more settings.",
        examples=[[128, 32]],
    )
    activation: ActivationSettings = Field(
        by_name(HIDDEN_ACTIVATION_MODELS, "relu"),
        description="Activation of all hidden layers that have none of their own; auto is selu for "
        "classes and mish for numbers.",
    )
    output_activation: OutputActivationSettings = Field(
        by_name(OUTPUT_ACTIVATION_MODELS, "auto"),
        description="Activation of the output layer; auto is the one that the loss implies.",
    )
    dropout: Fraction = Field(
        0.0,
        description="Fraction of each hidden layer's outputs that training drops; 0.2 to 0.5 "
        "are usual.",
    )
    batch_norm: BatchNorm = Field(
        default=False, description="Whether hidden layers are normalized over the batch."
    )
    use_bias: bool = Field(default=True, description="Whether layers add a bias.")
    initializer: InitializerSettings = Field(
        by_name(INITIALIZER_MODELS, "auto"),
        description="How the first weights are drawn; auto suits the layer's activation.",
    )
    numeric_embedding: NumericEmbeddingSettings = Field(
        default=False,
        description="Features added for each numeric column; true is waves.",
        examples=["piecewise_linear"],
    )
    input_scale: bool = Field(
        default=False,
        description="Whether each input has a learned scale, which can turn it down.",
    )
