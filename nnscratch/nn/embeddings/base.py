"""What embeddings of numbers share: their columns, and a layer that appends to its input."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from nnscratch.nn.layers import Layer
from nnscratch.nn.parameters import Array, Shapes
from nnscratch.nn.registry import Component, arguments_of, with_settings


class EmbeddingLayer(Layer):
    """Appends to x what it makes of some of its columns, those of the first column first.

    Args:
        features: The width of x.
        embedding: Which columns, and what is made of them.

    Attributes:
        units: The width of the output.

    Raises:
        ValueError: There is no such column.
    """

    def __init__(self, features: int, embedding: "NumericEmbedding") -> None:
        if max(embedding.columns) >= features:
            raise ValueError(f"`columns` must be below {features}, the number of inputs.")
        self.features, self.units = features, features + embedding.appended
        self.shapes = embedding.shapes

    def initialize(self, rng: np.random.Generator) -> None:
        """Draws the first parameters."""


@with_settings
class NumericEmbedding(Component, ABC):
    """Features added for numeric columns, which stay.

    The settings say how; `fit` adds the columns, and what is learned of them before training.

    Attributes:
        columns: The indices of the columns; none before `fit`.
    """

    columns: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        columns = self.columns = tuple(self.columns)
        are_indices = all(isinstance(i, Integral) and i >= 0 for i in columns)
        if not are_indices or len(set(columns)) < len(columns):
            raise ValueError(f"`columns` must be different indices of columns; got {columns!r}.")

    @abstractmethod
    def fit(self, columns: Sequence[int], numbers: Iterable[Array], dtype: str) -> Self:
        """Returns the same embedding for some columns.

        Args:
            columns: Their indices.
            numbers: What each of them holds in the training rows, (rows,), as the network takes it.
            dtype: The precision that the network computes in.
        """

    def at(self, dtype: str) -> Self:
        """Returns the embedding as a network of this precision has it."""
        return self

    @property
    @abstractmethod
    def appended(self) -> int:
        """How many numbers are appended."""

    @property
    def shapes(self) -> Shapes:
        """The shapes of its parameters."""
        return {}

    @property
    @abstractmethod
    def summary(self) -> str:
        """What a column has, in a word or two, such as `16 waves`."""

    @abstractmethod
    def build(self, features: int, dtype: DTypeLike) -> EmbeddingLayer:
        """Returns the layer.

        Args:
            features: The width of its input.
            dtype: float32 or float64.

        Raises:
            ValueError: It does not fit the width or the precision.
        """

    def describe(self) -> dict[str, Any]:
        """Returns plain values from which `as_embedding` makes an equal one."""
        return {"name": self.name, **arguments_of(self)}
