"""A trained model as a list of operations, from a row as the data has it to its prediction.

`operations` is the one place that knows what a model consists of, and in which order; code that
explains, draws or exports a model reads this list. Applied one after the other, the operations
compute `Model.predict`. `Model.predict_proba` is what `ArgMax` gets, or for labels `Threshold`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import dataclass_transform

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Feature, Label
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.model.model import Model
from nnscratch.nn.activations import Activation
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array


@dataclass_transform(eq_default=False, frozen_default=True)
class Operation:
    """A step of what a model computes, a frozen dataclass."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, eq=False)(cls)


class ReadColumns(Operation):
    """Takes a row's values in this order, in float64: a category's index, nan if it is missing.

    The index of a category that is not listed is −1. An image is its pixels, line by line.
    """

    features: tuple[Feature, ...]


class Impute(Operation):
    """Replaces nan by the column's value."""

    values: NDArray[np.float64]
    """(columns,)."""


class Scale(Operation):
    """(x − shift) · factor, in float64; for rows of bytes in the dtype of `Cast`."""

    shift: NDArray[np.float64]
    """(columns,), or () where all columns share it."""
    factor: NDArray[np.float64]
    """Likewise."""


class EncodeCategories(Operation):
    """Replaces each index of a category by as many numbers as the column has categories.

    The number at the index is 1, the others are 0; all are 0 where the index is −1.
    """

    counts: tuple[int | None, ...]
    """How many categories a column has; None for a column of numbers, which stays."""


class Cast(Operation):
    """Rounds to the precision that the network computes in."""

    dtype: str
    """float32 or float64."""


class Dense(Operation):
    """x W + b."""

    name: str
    kernel: Array
    """W, (inputs, units)."""
    bias: Array | None
    """b, (units,)."""


class Normalize(Operation):
    """(x − μ) · (γ / √(σ² + ε)) + β, with the averages that batch normalization has learned."""

    name: str
    mean: Array
    """μ, (units,)."""
    variance: Array
    """σ², (units,)."""
    gamma: Array
    """γ, (units,)."""
    beta: Array | None
    """β, (units,)."""
    epsilon: float
    """ε."""


class Activate(Operation):
    """f(x), elementwise."""

    name: str
    function: Activation
    """f, a component of `ACTIVATIONS`."""


class Sigmoid(Operation):
    """σ(x) = 1 / (1 + exp(−x)), elementwise: a probability for each output."""


class Softmax(Operation):
    """exp(x_k) / Σ_j exp(x_j) along each row: a probability for each class."""


class Complement(Operation):
    """(1 − p, p): the probabilities of two classes from that of the second."""


class Threshold(Operation):
    """1 where x is above the border, else 0, elementwise."""

    border: float


class ArgMax(Operation):
    """The index of the largest number of each row, the first of equal ones."""


class DecodeLabels(Operation):
    """The class of each index."""

    classes: tuple[Label, ...]


class Unscale(Operation):
    """x · unit + shift in float64: numbers in the units of the data."""

    shift: NDArray[np.float64]
    """(outputs,), or (1,) where all outputs share it."""
    unit: NDArray[np.float64]
    """Likewise."""


class Exp(Operation):
    """exp(x), elementwise, in float64: numbers from their logarithms."""


class Expm1(Operation):
    """exp(x) − 1, elementwise, in float64: numbers y from log(1 + y)."""


class NameOutputs(Operation):
    """Names the numbers of a row, or its labels, each of which is 0 or 1."""

    names: tuple[str, ...]


LayerOperation = Dense | Normalize | Activate


def operations(model: Model) -> list[Operation]:
    """Returns what a model computes, from a raw row to its prediction.

    The arrays of weights are views: they change when the network learns.
    """
    return [*_preprocess(model), *layer_operations(model.network), *_decode(model)]


def layer_operations(network: Network) -> list[LayerOperation]:
    """Returns what a network computes in inference, from its inputs to its logits."""
    return list(_layers(network))


def _preprocess(model: Model) -> Iterator[Operation]:
    preprocessing = model.preprocessing
    yield ReadColumns(model.features)
    if not np.isnan(preprocessing.fill).all():
        yield Impute(preprocessing.fill)
    if not preprocessing.scaling.is_identity:
        yield Scale(*preprocessing.scaling)
    if preprocessing.has_categories:
        categories = [feature.categories for feature in model.features]
        yield EncodeCategories(tuple(None if c is None else len(c) for c in categories))
    yield Cast(model.network.dtype.name)


def _layers(network: Network) -> Iterator[LayerOperation]:
    params = network.params
    statistics = network.statistics
    functions = [*(layer.activation for layer in network.hidden), network.output_function]
    norms = [*(layer.batch_norm for layer in network.hidden), None]
    for number, (function, norm) in enumerate(zip(functions, norms, strict=True), start=1):
        dense = f"dense_{number}"
        yield Dense(dense, params[f"{dense}.kernel"], params.get(f"{dense}.bias"))
        if norm is not None:
            name = f"batch_norm_{number}"
            yield Normalize(
                name,
                mean=statistics[f"{name}.moving_mean"],
                variance=statistics[f"{name}.moving_variance"],
                gamma=params[f"{name}.gamma"],
                beta=params.get(f"{name}.beta"),
                epsilon=norm.epsilon,
            )
        if f"activation_{number}" in network.layers:
            yield Activate(f"activation_{number}", function)


def _decode(model: Model) -> Iterator[Operation]:
    encoding = model.encoding
    match model.network.loss.output_activation:
        case "sigmoid":
            yield Sigmoid()
        case "softmax":
            yield Softmax()
    if encoding.classes is None:
        if encoding.multi_label:
            yield Threshold(encoding.threshold)
        else:
            yield from _restore(encoding)
        yield NameOutputs(encoding.target_names)
        return
    if encoding.outputs > 1:
        yield ArgMax()
    elif encoding.probabilities:
        yield Complement()
        yield ArgMax()
    else:
        yield Threshold(encoding.threshold)
    yield DecodeLabels(encoding.classes)


def _restore(encoding: TargetEncoding) -> Iterator[Operation]:
    """Yields what makes numbers of the data from those that the network has learned."""
    if not encoding.scaling.is_identity:
        yield Unscale(encoding.scaling.shift, encoding.scaling.unit)
    match encoding.transform.name:
        case "log":
            yield Exp()
        case "log1p":
            yield Expm1()
