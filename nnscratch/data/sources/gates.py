"""Logic gates as data sets: the whole truth table of n inputs."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

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

    @staticmethod
    def conflicts(settings: Any) -> Iterator[tuple[str, str]]:
        if settings.name == "not" and settings.inputs not in (None, 1):
            yield "inputs", "must be 1 for the gate not"
        if settings.name != "not" and settings.inputs == 1:
            yield "inputs", f"must be 2 to 12 for the gate {settings.name}"

    @staticmethod
    @abstractmethod
    def is_true(bits: Bits) -> bool:
        """Returns what the gate makes of its inputs, each 0 or 1."""

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


class And(GateSource):
    """True where all inputs are."""

    name = "and"

    @staticmethod
    def is_true(bits: Bits) -> bool:
        return all(bits)


class Or(GateSource):
    """True where any input is."""

    name = "or"

    @staticmethod
    def is_true(bits: Bits) -> bool:
        return any(bits)


class Not(GateSource):
    """True where its only input is false."""

    name = "not"

    @staticmethod
    def is_true(bits: Bits) -> bool:
        return not bits[0]


class Nand(GateSource):
    """False where all inputs are true."""

    name = "nand"

    @staticmethod
    def is_true(bits: Bits) -> bool:
        return not all(bits)


class Nor(GateSource):
    """False where any input is true."""

    name = "nor"

    @staticmethod
    def is_true(bits: Bits) -> bool:
        return not any(bits)


class Xor(GateSource):
    """True where an odd number of inputs is: one or the other, but not both."""

    name = "xor"

    @staticmethod
    def is_true(bits: Bits) -> bool:
        return sum(bits) % 2 == 1


class Xnor(GateSource):
    """True where an even number of inputs is."""

    name = "xnor"

    @staticmethod
    def is_true(bits: Bits) -> bool:
        return sum(bits) % 2 == 0


GATES = components(GateSource)
