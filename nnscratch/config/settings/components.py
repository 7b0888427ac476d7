"""The settings of a network's parts: activations, initializers, losses, optimizers, schedules.

The models come from the components themselves, so type checkers see only what all have in common.
"""

from typing import TYPE_CHECKING, Literal

from nnscratch.config.settings.base import DEFAULT_NAMES, spell_out_name
from nnscratch.config.settings.generated import ComponentSettings, add_names, make_models, one_of
from nnscratch.nn.activations import ACTIVATIONS, Activation
from nnscratch.nn.initializers import INITIALIZERS, Initializer
from nnscratch.nn.losses import LOSSES, Loss
from nnscratch.nn.metrics import MONITORED
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.training.schedules import SCHEDULES, Schedule


class ScheduleSettings(ComponentSettings):
    """The settings of a learning-rate schedule."""

    warmup_epochs: float


def _spell_out_optimizer(value: object) -> object:
    """Turns a name into a mapping; one of arguments only is for the default optimizer."""
    value = spell_out_name(value)
    return {"name": DEFAULT_NAMES["optimizer"], **value} if isinstance(value, dict) else value


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
SCHEDULE_MODELS = make_models(SCHEDULES, Schedule, lambda _: ScheduleSettings)

if TYPE_CHECKING:
    ActivationSettings = ComponentSettings
    OutputActivationSettings = ComponentSettings
    InitializerSettings = ComponentSettings
    LossSettings = ComponentSettings
    OptimizerSettings = ComponentSettings
    AnyScheduleSettings = ScheduleSettings
    Monitor = str
else:
    ActivationSettings = one_of(HIDDEN_ACTIVATION_MODELS)
    OutputActivationSettings = one_of(OUTPUT_ACTIVATION_MODELS)
    InitializerSettings = one_of(INITIALIZER_MODELS)
    LossSettings = one_of(LOSS_MODELS)
    OptimizerSettings = one_of(OPTIMIZER_MODELS, _spell_out_optimizer)
    AnyScheduleSettings = one_of(SCHEDULE_MODELS)
    Monitor = Literal[MONITORED]
