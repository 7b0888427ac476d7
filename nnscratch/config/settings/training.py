"""The settings of what goes on while a network is trained."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from nnscratch.config.settings.base import SHORT_KEYS, Settings
from nnscratch.config.settings.components import Monitor


def _short_for(key: str) -> BeforeValidator:
    """Lets a number stand for a mapping with one key."""

    def spell_out(value: object) -> object:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return {SHORT_KEYS[key]: value} if is_number else value

    return BeforeValidator(spell_out)


class EarlyStoppingSettings(Settings):
    """Stopping when a score gets no better."""

    monitor: Monitor = Field(
        "val_loss", description="Score that is watched; its best epoch is the one kept."
    )
    patience: int = Field(
        5, ge=1, le=10**9, description="Epochs without a better score before training stops."
    )
    min_delta: float = Field(
        0.0, ge=0, description="A score is better only if it is so by more than this."
    )


class AverageSettings(Settings):
    """An exponential moving average of the weights."""

    decay: float = Field(
        0.999,
        ge=0,
        lt=1,
        description="Share of the average kept after each step; nearer 1 averages longer.",
    )


EarlyStopping = Annotated[EarlyStoppingSettings, _short_for("early_stopping")]
Average = Annotated[AverageSettings, _short_for("average")]
