"""What all parts of the config share: strictness, names with short forms, and their own errors."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

# What people type for a key at the top, and what it is called here.
KEY_ALIASES = {
    "lr": "learning_rate",
    "random_state": "seed",
    "optimiser": "optimizer",
    "hidden_layers": "architecture",
    "bias": "use_bias",
}
# Keys whose value can be a name, short for a mapping with that `name`.
NAMED_KEYS = {
    "dataset",
    "activation",
    "output_activation",
    "initializer",
    "loss",
    "optimizer",
    "schedule",
}
# The name of a part whose mapping has none.
DEFAULT_NAMES = {"optimizer": "adam"}
# Keys whose value can be a number, short for a mapping with this one key.
SHORT_KEYS = {"early_stopping": "patience", "average": "decay"}
# Keys whose value can be a word, of which nothing is left where their parts are given.
PARTED_KEYS = {"batch_norm", "class_weight"}
# What people type for a name, and what it is called here.
NAME_ALIASES = {
    "identity": "linear",
    "logistic": "sigmoid",
    "swish": "silu",
    "leakyrelu": "leaky_relu",
    "xavier_normal": "glorot_normal",
    "xavier_uniform": "glorot_uniform",
    "kaiming_normal": "he_normal",
    "kaiming_uniform": "he_uniform",
    "bce": "binary_cross_entropy",
    "binary_crossentropy": "binary_cross_entropy",
    "categorical_crossentropy": "cross_entropy",
    "sparse_categorical_crossentropy": "cross_entropy",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
}


# What the tasks were called before.
TASK_ALIASES = {"classes": "classification", "numbers": "regression"}


def _rename_task(task: object) -> object:
    return TASK_ALIASES.get(task, task) if isinstance(task, str) else task


Task = Annotated[
    Literal["auto", "regression", "classification"],
    BeforeValidator(_rename_task),
    Field(
        description="Whether to predict numbers or classes; auto looks at the loss and the target."
    ),
]


# A figure that is watched from epoch to epoch.
Monitor = Literal["loss", "accuracy", "mae", "val_loss", "val_accuracy", "val_mae"]


class Settings(BaseModel):
    """A mapping of the config: unknown keys are refused, values are taken as they are typed."""

    # The keys that name files or directories, which the config's own place matters for.
    path_keys: ClassVar[tuple[str, ...]] = ()

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        # Built when it is used, so a part is not built by itself and again with the whole.
        defer_build=True,
    )


def broken_rules(*rules: tuple[str, str]) -> PydanticCustomError:
    """Returns one error for several pairs of a key and the rule that its value breaks.

    A key is a path of dots, seen from the model that raises the error.
    """
    return PydanticCustomError("rules", "{rules}", {"rules": rules})


def spell_out_name(value: object) -> object:
    """Turns a name into a mapping, and what people type into what it is called here."""
    if isinstance(value, str):
        value = {"name": value}
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        name = value["name"]
        return {**value, "name": NAME_ALIASES.get(name.lower(), name)}
    return value


# A part that is written as its name, or as a mapping with `name` and its own keys.
Named = (Field(discriminator="name"), BeforeValidator(spell_out_name))
