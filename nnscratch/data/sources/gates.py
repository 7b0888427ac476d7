"""Logic gates as data sets: the whole truth table of n inputs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar, Literal

import numpy as np

from nnscratch.data.dataset import Dataset, Split, number_features
from nnscratch.data.sources.base import Source
from nnscratch.nn.registry import components, setting

Bits = tuple[int, ...]


@dataclass(eq=False)
class GateSource(Source):
    """A logic gate's truth table, its rows counted up in binary."""

    inputs: int | None = setting(
        None, "Number of inputs; 2 unless given, always 1 for not.", ge=1, le=12, example=3
    )
    encoding: Literal["binary", "bipolar"] = setting(
        "binary", "Whether false and true are 0 and 1, or -1 and 1."
    )
    is_prepared = False
    is_true: ClassVar["staticmethod[[Bits], bool]"]

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.name == "not" and settings.inputs not in (None, 1):
            yield "inputs", "must be 1 for the gate not"
        if settings.name != "not" and settings.inputs == 1:
            yield "inputs", f"must be 2 to 12 for the gate {settings.name}"

    def __init_subclass__(cls, *, name: str, is_true: Callable[[Bits], bool]) -> None:
        """Takes the gate's name, and whether it is true of its inputs, each 0 or 1."""
        super().__init_subclass__()
        cls.name = name
        cls.is_true = staticmethod(is_true)

    def load(self) -> Dataset:
        width = self.inputs or (1 if self.name == "not" else 2)
        rows = list(product((0, 1), repeat=width))
        low = -1 if self.encoding == "bipolar" else 0
        bits = np.array(rows)
        targets = np.array([self.is_true(row) for row in rows]).astype(np.intp)
        return Dataset(
            splits={"train": Split(np.where(bits == 1, 1.0, float(low)), targets)},
            features=number_features(width),
            classes=(low, 1),
            codes=(float(low), 1.0),
        )


class And(GateSource, name="and", is_true=all):
    """True where all inputs are."""


class Or(GateSource, name="or", is_true=any):
    """True where any input is."""


class Not(GateSource, name="not", is_true=lambda bits: not any(bits)):
    """True where its only input is false."""


class Nand(GateSource, name="nand", is_true=lambda bits: not all(bits)):
    """False where all inputs are true."""


class Nor(GateSource, name="nor", is_true=lambda bits: not any(bits)):
    """False where any input is true."""


class Xor(GateSource, name="xor", is_true=lambda bits: sum(bits) % 2 == 1):
    """True where an odd number of inputs is: one or the other, but not both."""


class Xnor(GateSource, name="xnor", is_true=lambda bits: sum(bits) % 2 == 0):
    """True where an even number of inputs is."""


GATES = components(GateSource)
