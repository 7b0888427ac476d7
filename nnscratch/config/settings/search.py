"""The settings of a search: which settings vary, within which limits, and how they are chosen."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from nnscratch.config.settings.base import Settings
from nnscratch.config.settings.components import AUTO, Monitor
from nnscratch.nn.metrics import CALIBRATED_LOSS, VALIDATION_LOSS

_KINDS = ("uniform", "log_uniform", "integers", "choice")
# A grid of numbers has so many on each side unless its range says otherwise.
GRID_POINTS = 5

Numbers = Annotated[list[float], Field(min_length=2, max_length=2)]
WholeNumbers = Annotated[list[int], Field(min_length=2, max_length=2)]


class RangeSettings(Settings):
    """What a setting may be in a search: one of four kinds of ranges."""

    uniform: Numbers | None = Field(
        None,
        description="Least and largest of numbers, all as likely.",
        examples=[[0, 0.5]],
    )
    log_uniform: Numbers | None = Field(
        None,
        description="The same for numbers above 0 whose logarithms are all as likely.",
        examples=[[1e-4, 1e-1]],
    )
    integers: WholeNumbers | None = Field(
        None, description="Least and largest of whole numbers.", examples=[[16, 256]]
    )
    choice: Annotated[list[Any], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="All values that there are, of any kind.", examples=[["relu", "tanh"]]
    )
    when: dict[str, Any] | None = Field(
        None,
        description="What other ranges must have chosen for this one to count, each a value or a "
        "list of values.",
        examples=[{"optimizer": "sgd"}],
    )
    points: int | None = Field(
        None,
        ge=1,
        le=100_000,
        description=f"Values in a grid, evenly spaced; {GRID_POINTS} unless given, or all whole "
        "numbers.",
        examples=[3],
    )

    @property
    def kind(self) -> str:
        """Which kind of range it is."""
        return next(kind for kind in _KINDS if getattr(self, kind) is not None)

    @property
    def limits(self) -> list[Any]:
        """The least and the largest value, or all choices."""
        limits: list[Any] = getattr(self, self.kind)
        return limits

    @model_validator(mode="after")
    def fit_together(self) -> Self:
        """Refuses what is not exactly one range."""
        broken = list(self._broken_rules())
        if broken:
            raise PydanticCustomError("rules", "{rules}", {"rules": tuple(broken)})
        return self

    def _broken_rules(self) -> list[tuple[str, str]]:
        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            return [("", f"must have exactly one of {', '.join(_KINDS)}")]
        (kind,) = given
        limits = self.limits
        if kind == "choice":
            repeated = [value for i, value in enumerate(limits) if value in limits[:i]]
            return [("choice", "must not have a value twice")] if repeated else []
        if limits[0] >= limits[1]:
            return [(kind, "must have its least value first, and a larger one")]
        if kind == "log_uniform" and limits[0] <= 0:
            return [(kind, "must be above 0")]
        return []


class SearchSettings(Settings):
    """A search for the best settings."""

    space: Annotated[dict[str, RangeSettings], Field(min_length=1, max_length=100)] = Field(
        description="Settings that vary, by their paths such as learning_rate or "
        "architecture.0.units, and their ranges.",
        examples=[{"learning_rate": {"log_uniform": [0.0001, 0.1]}}],
    )
    sampler: Literal["random", "grid", "sobol", "tpe"] = Field(
        "random",
        description="How values are chosen: at random, all of a grid, evenly spread (sobol), or by "
        "what has been good so far (tpe, which needs nnscratch[search]).",
    )
    trials: int = Field(
        50, ge=1, le=1_000_000, description="Sets of values that are tried, at most."
    )
    max_seconds: float | None = Field(
        None,
        gt=0,
        le=1e9,
        description="Seconds after which no trial begins, and those that train end.",
        examples=[600],
    )
    objective: Monitor = Field(
        AUTO,
        description="Figure of the epoch that is kept, which is to be best. auto is "
        f"{CALIBRATED_LOSS} with `calibrate`, else {VALIDATION_LOSS}.",
    )
    folds: int | None = Field(
        None,
        ge=2,
        le=10_000,
        description="Folds that each trial is trained and tested on; `val_` figures are then those "
        "of the folds that were held out, on average.",
        examples=[5],
    )
    repeat: int = Field(
        1, ge=1, le=1000, description="How often each trial is trained, with successive seeds."
    )
    prune: Literal["halving"] | None = Field(
        None,
        description="Whether only a third of the trials trains on after a ninth of the epochs, and "
        "a third of those after a third.",
        examples=["halving"],
    )
    confirm: int = Field(
        5,
        ge=0,
        le=1000,
        description="Seeds with which the best and the config itself are trained again to tell "
        "whether the one is surely better; 0 for none.",
    )

    @model_validator(mode="after")
    def fit_together(self) -> Self:
        """Refuses what excludes each other."""
        if self.prune and (self.folds or self.repeat > 1):
            rule = "cannot be given beside `folds` or `repeat`, whose runs are trained to their end"
            raise PydanticCustomError("rules", "{rules}", {"rules": (("prune", rule),)})
        return self
