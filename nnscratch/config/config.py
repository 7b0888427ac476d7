"""Every key of a config: its type, range, default and one-line description."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr

from nnscratch.config.reading.document import CommandLine, Document, KeyPath, key_path
from nnscratch.config.reading.yaml import dump
from nnscratch.config.settings.base import SHORT_KEYS, Monitor, Settings
from nnscratch.config.settings.components import (
    Activation,
    AdamSettings,
    Initializer,
    Loss,
    Optimizer,
    OutputActivation,
    PlainActivation,
    PlainInitializer,
    PlainLoss,
    PlainOutputActivation,
)
from nnscratch.config.settings.datasets import Dataset
from nnscratch.config.settings.layers import BatchNorm, Layer, LayerSettings, Share
from nnscratch.config.settings.schedules import ConstantSettings, Schedule
from nnscratch.errors import ConfigError, Place, Problem


def _short_for(key: str) -> BeforeValidator:
    """Lets a number stand for a mapping with one key."""

    def spell_out(value: object) -> object:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return {SHORT_KEYS[key]: value} if is_number else value

    return BeforeValidator(spell_out)


class EarlyStoppingSettings(Settings):
    """Stopping when a figure gets no better."""

    monitor: Monitor = Field("val_loss", description="The figure; its best epoch is the one kept.")
    patience: int = Field(5, ge=1, le=10**9, description="Epochs to bear without a better one.")
    min_delta: float = Field(0.0, ge=0, description="What a better value must be better by.")


class AverageSettings(Settings):
    """An exponential moving average of the weights."""

    decay: float = Field(0.999, ge=0, lt=1, description="What is left of it after each step.")


EarlyStopping = Annotated[EarlyStoppingSettings, _short_for("early_stopping")]
Average = Annotated[AverageSettings, _short_for("average")]
Weight = Annotated[float, Field(ge=0, le=1e6)]


def _learning_rate(given: dict[str, Any]) -> float:
    """Returns the default: a line search tries a whole step first."""
    optimizer = given.get("optimizer")
    return 1.0 if optimizer is not None and optimizer.name == "lbfgs" else 0.001


class Config(Settings):
    """A whole config. Only `dataset` has no default."""

    name: str = Field(
        "run",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        description="Names the run directory; the file's name unless given.",
    )
    seed: int = Field(42, ge=0, lt=2**63, description="Of everything random.")
    dtype: Literal["float32", "float64"] = Field("float32", description="The precision.")
    threads: Annotated[int, Field(ge=1, le=1024)] | Literal["auto"] = Field(
        "auto", description="Of BLAS; auto is one, more for large networks while cores are free."
    )
    dataset: Dataset = Field(
        description="The data to learn from, such as `dataset: xor`.", examples=["xor"]
    )
    architecture: list[Layer] = Field(
        [LayerSettings(units=16)],
        max_length=100,
        description="The hidden layers, first to last.",
        examples=[[128, 32]],
    )
    activation: Activation = Field(
        PlainActivation(name="relu"), description="Of all hidden layers that do not say otherwise."
    )
    output_activation: OutputActivation = Field(
        PlainOutputActivation(name="auto"), description="Of the output; auto is the loss's own."
    )
    dropout: Share = Field(
        0.0, description="The share of each hidden layer's outputs that training drops."
    )
    batch_norm: BatchNorm = Field(
        default=False, description="Whether hidden layers are normalized over the batch."
    )
    use_bias: bool = Field(default=True, description="Whether layers add a bias.")
    initializer: Initializer = Field(
        PlainInitializer(name="auto"), description="How the weights are drawn."
    )
    loss: Loss = Field(PlainLoss(name="auto"), description="What training makes small.")
    label_smoothing: float = Field(
        0.0, ge=0, lt=1, description="The share of each target spread evenly over all classes."
    )
    class_weight: Literal["balanced"] | dict[str, Weight] | None = Field(
        None,
        description="How much each class counts; balanced makes all count alike.",
        examples=["balanced"],
    )
    optimizer: Optimizer = Field(AdamSettings(), description="How gradients become steps.")
    learning_rate: float = Field(
        default_factory=_learning_rate,
        gt=0,
        le=1e6,
        description="The size of a step: 0.001 unless given, 1 for lbfgs.",
        examples=[0.01],
    )
    schedule: Schedule = Field(
        ConstantSettings(), description="How the learning rate changes in the course of training."
    )
    batch_size: Annotated[int, Field(ge=1)] | Literal["full"] = Field(
        32, description="Rows in a step, or full for all of them."
    )
    epochs: int = Field(20, ge=1, le=10**9, description="Passes over the data.")
    l1: float = Field(0.0, ge=0, le=1e6, description="A penalty of l1 Σ |w| on the weights.")
    l2: float = Field(0.0, ge=0, le=1e6, description="A penalty of l2 Σ w² on the weights.")
    clip_norm: float | None = Field(
        None,
        gt=0,
        description="The gradient is shortened to this norm where it is longer.",
        examples=[1.0],
    )
    max_norm: float | None = Field(
        None,
        gt=0,
        description="The weights into a unit are shortened to this norm.",
        examples=[3.0],
    )
    average: Average | None = Field(
        None,
        description="A moving average of the weights, to be used instead; or its decay.",
        examples=[0.99],
    )
    validate_every: int = Field(
        1, ge=1, le=10**9, description="Epochs from one evaluation of held-out rows to the next."
    )
    early_stopping: EarlyStopping | None = Field(
        None,
        description="When to stop before the last epoch; a number is the patience.",
        examples=[5],
    )
    max_seconds: float | None = Field(
        None, gt=0, le=1e9, description="After so long no further epoch is begun.", examples=[60]
    )
    checkpoint_seconds: float = Field(
        10.0, ge=0, le=1e9, description="So often at most, and at the end, all is saved."
    )
    log_test: bool = Field(
        default=False,
        description="Whether the test part is measured after each epoch too, for the record only.",
    )
    snapshots: int = Field(
        0,
        ge=0,
        le=10_000,
        description="So many copies of the network at most are kept on the way, besides the first.",
        examples=[40],
    )

    _document: Document | None = PrivateAttr(None)

    def __eq__(self, other: object) -> bool:
        """Says whether both have the same settings, wherever they were written."""
        return isinstance(other, Config) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # holds lists

    def error(self, *problems: Problem) -> ConfigError:
        """Returns one error for problems of this config, each with the place of its key."""
        document = self._document
        if document is None:
            return ConfigError(problems)
        located = [replace(p, place=document.where(key_path(p.key))) for p in problems]
        return ConfigError(located, document.texts)

    def to_dict(self, *, nulls: bool = False) -> dict[str, Any]:
        """Returns the config as plain values, with mappings in their short form where they can.

        Args:
            nulls: Whether keys at the top that are null are there too.
        """
        full = self.model_dump(exclude_none=True)
        short = {key: _shorten(value) for key, value in full.items() if key != "class_weight"}
        short["architecture"] = [_shorten(layer) for layer in short["architecture"]]
        # The keys of class_weight are the user's classes, which may be called `name`.
        every = dict.fromkeys(type(self).model_fields) if nulls else {}
        return every | {key: short.get(key, value) for key, value in full.items()}

    def place_of(self, key: str) -> Place | None:
        """Returns where a key at the top, or a part of it, was set last; None for a default."""
        places = self._document.places if self._document else {}
        parts = [place for path, place in places.items() if path[:1] == (key,)]
        if any(isinstance(place, CommandLine) for place in parts):
            return CommandLine()
        return parts[0] if parts else None

    def where(self, path: KeyPath) -> Place | None:
        """Returns the place of a setting, or of the nearest part around it."""
        return self._document.where(path) if self._document else None

    @property
    def texts(self) -> dict[str, str]:
        """What the files held that it was read from, by their names."""
        return self._document.texts if self._document else {}

    def batch_rows(self, rows: int) -> int:
        """Returns the number of rows in a step when there are `rows` to train on."""
        return rows if self.batch_size == "full" else min(self.batch_size, rows)

    def settings(self) -> dict[str, Any]:
        """Returns each setting by its path of dots, a mapping's `name` by the mapping's own."""
        layers = {"architecture": self.to_dict()["architecture"]}
        return _flatten(self.model_dump(exclude_none=True) | layers)

    def to_yaml(self, *, nulls: bool = False) -> str:
        """Returns the config as a file that describes the same training; see `to_dict`."""
        return dump(self.to_dict(nulls=nulls))


def _shorten(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    # What a part is comes before how it is set.
    ordered = {**({"name": value["name"]} if "name" in value else {}), **value}
    parts = {key: _shorten(part) for key, part in ordered.items()}
    return next(iter(parts.values())) if parts.keys() in ({"name"}, {"units"}) else parts


def _flatten(value: Any, key: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {key: value}
    paths = {part: f"{key}.{part}" if key and part != "name" else key or part for part in value}
    return {
        name: leaf
        for part, inner in value.items()
        for name, leaf in _flatten(inner, paths[part]).items()
    }
