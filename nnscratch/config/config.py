"""Every key of a config: its type, range, default and one-line description."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from nnscratch.config.plain_values import flatten, shorten
from nnscratch.config.reading.document import CommandLine, Document, KeyPath, key_path
from nnscratch.config.reading.yaml import dump
from nnscratch.config.settings.base import DEFAULT_NAMES, Epochs, Fraction
from nnscratch.config.settings.components import (
    LOSS_MODELS,
    OPTIMIZER_MODELS,
    SCHEDULE_MODELS,
    AnyScheduleSettings,
    LossSettings,
    OptimizerSettings,
)
from nnscratch.config.settings.generated import by_name
from nnscratch.config.settings.network import NetworkSettings
from nnscratch.config.settings.run import RunSettings
from nnscratch.config.settings.search import SearchSettings
from nnscratch.config.settings.short_forms import Average, EarlyStopping, RateFactorsSettings
from nnscratch.errors import ConfigError, Place, Problem
from nnscratch.nn.optimizers import OPTIMIZERS

Weight = Annotated[float, Field(ge=0, le=1e6)]


def _learning_rate(given: dict[str, Any]) -> float:
    """Returns the default, which is the optimizer's."""
    optimizer = given.get("optimizer")
    name = DEFAULT_NAMES["optimizer"] if optimizer is None else optimizer.name
    return OPTIMIZERS[name].default_learning_rate


class Config(NetworkSettings, RunSettings):
    """A whole config. Only `dataset` has no default."""

    loss: LossSettings = Field(
        by_name(LOSS_MODELS, "auto"),
        description="Loss that training makes small; auto follows from the targets.",
    )
    label_smoothing: Fraction = Field(
        0.0,
        description="Fraction of each target that is spread evenly over all classes; 0.1 is usual.",
    )
    class_weight: Literal["balanced"] | dict[str, Weight] | None = Field(
        None,
        description="How much each class counts in the loss; balanced makes all count alike.",
        examples=["balanced"],
    )
    optimizer: OptimizerSettings = Field(
        by_name(OPTIMIZER_MODELS, DEFAULT_NAMES["optimizer"]),
        description="Optimizer, which turns gradients into steps.",
    )
    learning_rate: float = Field(
        default_factory=_learning_rate,
        gt=0,
        le=1e6,
        description="Size of a step; 0.001 unless given, 1 for an optimizer with a line search.",
        examples=[0.01],
    )
    rate_factors: RateFactorsSettings | None = Field(
        None,
        description="Factors of the learning rate for kinds of parameters.",
        examples=[{"bias": 0.1}],
    )
    schedule: AnyScheduleSettings = Field(
        by_name(SCHEDULE_MODELS, "constant"),
        description="How the learning rate changes from epoch to epoch.",
    )
    batch_size: Annotated[int, Field(ge=1)] | Literal["full"] = Field(
        32,
        description="Rows in a step, or full for all; large is faster, small often learns better.",
    )
    epochs: Epochs = Field(20, description="Passes over the training data.")
    l1: Weight = Field(
        0.0,
        description="Penalty of l1 Σ |w| on the weights, which makes many of them 0; 1e-4 is mild.",
    )
    l2: Weight = Field(
        0.0,
        description="Penalty of l2 Σ w² on the weights, which keeps them small; 1e-4 is mild.",
    )
    clip_norm: float | None = Field(
        None,
        gt=0,
        le=1e30,
        description="Norm that a longer gradient is shortened to, which tames exploding gradients.",
        examples=[1.0],
    )
    max_norm: float | None = Field(
        None,
        gt=0,
        le=1e30,
        description="Norm that the weights into a unit are shortened to; 3 is usual with dropout.",
        examples=[3.0],
    )
    average: Average | None = Field(
        None,
        description="Moving average of the weights, used as the result; a number is its decay.",
        examples=[0.99],
    )
    validate_every: Epochs = Field(
        1, description="Epochs from one evaluation of the held-out rows to the next."
    )
    early_stopping: EarlyStopping | None = Field(
        None,
        description="When to stop before the last epoch; a number is the patience in epochs.",
        examples=[5],
    )
    calibrate: bool | Literal["auto"] = Field(
        default=False,
        description="Whether the logits are divided by a temperature, so that predicted "
        "probabilities match how often they are right on the validation rows, and the epoch is "
        "kept whose loss is least then; auto is true for classes and labels with such rows.",
        examples=["auto"],
    )
    max_seconds: float | None = Field(
        None,
        gt=0,
        le=1e9,
        description="Seconds after which no epoch begins; a long one is then ended and undone.",
        examples=[60],
    )
    checkpoint_seconds: float = Field(
        10.0,
        ge=0,
        le=1e9,
        description="Least seconds from one checkpoint to the next; the end is always saved.",
    )
    log_test: bool = Field(
        default=False,
        description="Whether the test part is evaluated after each epoch too, for the record only.",
    )
    snapshots: int = Field(
        0,
        ge=0,
        le=10_000,
        description="Copies of the network kept for animations, at most, besides the first.",
        examples=[40],
    )
    search: SearchSettings | None = Field(
        None, description="Which settings `nnscratch search` varies, and how it chooses."
    )

    _document: Document = PrivateAttr(default_factory=Document)

    def __eq__(self, other: object) -> bool:
        """Returns whether both have the same settings, wherever they were written."""
        return isinstance(other, Config) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # holds lists

    def error(self, *problems: Problem) -> ConfigError:
        """Returns one error for problems of this config, each with the place of its key."""
        located = [replace(p, place=self.where(key_path(p.key))) for p in problems]
        return ConfigError(located, self.texts)

    def to_dict(self, *, nulls: bool = False) -> dict[str, Any]:
        """Returns the config as plain values, with mappings in their short form where they can.

        Args:
            nulls: Whether keys at the top that are null are there too.
        """
        full = self.model_dump(exclude_none=True)
        if self.preset:
            full["preset"]["applied"] = True
        # The keys of class_weight are the user's classes, which may be called `name`.
        as_written = ("class_weight", "search")
        short = {key: shorten(value) for key, value in full.items() if key not in as_written}
        short["architecture"] = [shorten(layer) for layer in short["architecture"]]
        every = dict.fromkeys(type(self).model_fields) if nulls else {}
        return every | {key: short.get(key, value) for key, value in full.items()}

    def place_of(self, key: str) -> Place | None:
        """Returns where a key, or a part of it, was set last; None for a default."""
        places, wanted = self._document.places.items(), key_path(key)
        parts = [place for path, place in places if path[: len(wanted)] == wanted]
        if any(isinstance(place, CommandLine) for place in parts):
            return CommandLine()
        return parts[0] if parts else None

    def where(self, path: KeyPath) -> Place | None:
        """Returns the place of a setting, or of the nearest part around it, if it was read."""
        return self._document.where(path)

    @property
    def texts(self) -> dict[str, str]:
        """What the files held that it was read from, by their names."""
        return self._document.texts

    @property
    def draws_validation(self) -> bool:
        """Whether random rows are held out for validation."""
        share, split = (getattr(self.dataset, key, None) for key in ("validation", "split"))
        return bool(share) and split == "random"

    @property
    def draws_own_validation(self) -> bool:
        """Whether it is an ensemble whose networks have different validation rows."""
        return self.own_validation and self.ensemble > 1 and self.draws_validation

    def batch_rows(self, rows: int) -> int:
        """Returns the number of rows in a step when there are `rows` to train on."""
        return rows if self.batch_size == "full" else min(self.batch_size, rows)

    def settings(self) -> dict[str, Any]:
        """Returns each setting by its path of dots, a mapping's `name` by the mapping's own."""
        layers = {"architecture": self.to_dict()["architecture"]}
        return flatten(self.model_dump(exclude_none=True) | layers)

    def to_yaml(self, *, nulls: bool = False) -> str:
        """Returns the config as a file that describes the same training run; see `to_dict`."""
        return dump(self.to_dict(nulls=nulls))
