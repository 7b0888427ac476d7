"""The settings of a network's parts: activations, initializers, losses, optimizers, schedules.

The models come from the components themselves, so type checkers see only what all have in common.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator

from nnscratch.config.settings.base import DEFAULT_NAMES, PARTED_KEYS, spell_out_name
from nnscratch.config.settings.generated import ComponentSettings, add_names, make_models, one_of
from nnscratch.nn.activations import ACTIVATIONS, Activation
from nnscratch.nn.embeddings import EMBEDDINGS
from nnscratch.nn.embeddings.base import NumericEmbedding
from nnscratch.nn.initializers import INITIALIZERS, Initializer
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.metrics import MONITORED
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.training.schedules import SCHEDULES, Schedule


class ScheduleSettings(ComponentSettings):
    """The settings of a learning-rate schedule."""

    warmup_epochs: float


def _spell_out(key: str) -> Callable[[object], object]:
    """Returns what turns a name into a mapping; arguments alone, or true, are for the default."""

    def spell_out(value: object) -> object:
        value = spell_out_name({} if value is True and key in PARTED_KEYS else value)
        return {"name": DEFAULT_NAMES[key], **value} if isinstance(value, dict) else value

    return spell_out


# The validation loss that counts, as the default of what is watched.
AUTO = "auto"

ACTIVATION_MODELS = make_models(ACTIVATIONS, Activation, lambda _: ComponentSettings)
OUTPUT_ACTIVATION_MODELS = add_names(
    ACTIVATION_MODELS,
    "PlainOutputActivation",
    "An output activation without settings; auto is the one that the loss implies.",
    "auto",
    "softmax",
)
HIDDEN_ACTIVATION_MODELS = add_names(
    ACTIVATION_MODELS,
    "PlainHiddenActivation",
    "An activation without settings; auto is selu for classes and mish for numbers.",
    "auto",
)
INITIALIZER_MODELS = add_names(
    make_models(INITIALIZERS, Initializer, lambda _: ComponentSettings),
    "PlainInitializer",
    "An initializer without settings; auto is the one that suits the layer's activation.",
    "auto",
)
LOSS_MODELS = add_names(
    make_models(LOSSES, Loss, lambda _: ComponentSettings),
    "PlainLoss",
    "A loss without settings; auto follows from the targets.",
    "auto",
)
OPTIMIZER_MODELS = make_models(OPTIMIZERS, Optimizer, lambda _: ComponentSettings)
EMBEDDING_MODELS = make_models(EMBEDDINGS, NumericEmbedding, lambda _: ComponentSettings)
SCHEDULE_MODELS = make_models(SCHEDULES, Schedule, lambda _: ScheduleSettings)

if TYPE_CHECKING:
    ActivationSettings = ComponentSettings
    OutputActivationSettings = ComponentSettings
    InitializerSettings = ComponentSettings
    LossSettings = ComponentSettings
    OptimizerSettings = ComponentSettings
    AnyScheduleSettings = ScheduleSettings
    NumericEmbeddingSettings = ComponentSettings | Literal[False]
    Monitor = str
else:
    ActivationSettings = one_of(HIDDEN_ACTIVATION_MODELS)
    OutputActivationSettings = one_of(OUTPUT_ACTIVATION_MODELS)
    InitializerSettings = one_of(INITIALIZER_MODELS)
    LossSettings = one_of(LOSS_MODELS)
    OptimizerSettings = one_of(OPTIMIZER_MODELS, _spell_out("optimizer"))
    AnyScheduleSettings = one_of(SCHEDULE_MODELS)
    NumericEmbeddingSettings = Annotated[
        one_of(EMBEDDING_MODELS) | bool, BeforeValidator(_spell_out("numeric_embedding"))
    ]
    Monitor = Literal[(*MONITORED, AUTO)]
