"""What all parts of the config share: strictness, names with short forms, and their own errors."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nnscratch.data import DATASETS
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.embeddings import DEFAULT_EMBEDDING, EMBEDDINGS
from nnscratch.nn.initializers import INITIALIZERS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import Component
from nnscratch.nn.training.schedules import SCHEDULES

# The components that a key of the config chooses from.
COMPONENTS: dict[str, Mapping[str, type[Component]]] = {
    "dataset": DATASETS,
    "activation": ACTIVATIONS,
    "output_activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "numeric_embedding": EMBEDDINGS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}
# What people type for a key at the top, and what it is called here.
KEY_ALIASES = {
    "lr": "learning_rate",
    "random_state": "seed",
    "optimiser": "optimizer",
    "hidden_layers": "architecture",
    "bias": "use_bias",
}
# Parts whose value can be a name or a number, short for a mapping with this one key.
SHORT_KEYS = {
    **dict.fromkeys(COMPONENTS, "name"),
    "preset": "name",
    "layer": "units",
    "early_stopping": "patience",
    "average": "decay",
}
# The name of a part whose mapping has none.
DEFAULT_NAMES = {"optimizer": "adam", "numeric_embedding": DEFAULT_EMBEDDING}
# Keys whose value can be true, false or another word that is no name; giving a part replaces it.
PARTED_KEYS = {"batch_norm", "class_weight", "numeric_embedding", "rate_factors"}
# What people type for a name, and what it is called here.
NAME_ALIASES = {
    alias: name
    for registry in COMPONENTS.values()
    for name, component in registry.items()
    for alias in component.aliases
}
# What the tasks were called before.
TASK_ALIASES = {"classes": "classification", "numbers": "regression"}

Epochs = Annotated[int, Field(ge=1, le=10**9)]
# What a learning rate is multiplied by; 0 keeps what it belongs to as it is.
Factor = Annotated[float, Field(ge=0, le=1e6)]
# A share or probability.
Fraction = Annotated[float, Field(ge=0, lt=1)]


class Settings(BaseModel):
    """A mapping of the config: unknown keys are refused, values are taken as they are typed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        # Built when it is used, so a part is not built by itself and again with the whole.
        defer_build=True,
    )


def spell_out_name(value: object) -> object:
    """Turns a name into a mapping, and what people type into what it is called here."""
    if isinstance(value, str):
        value = {"name": value}
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        name = value["name"]
        return {**value, "name": NAME_ALIASES.get(name.lower(), name)}
    return value
