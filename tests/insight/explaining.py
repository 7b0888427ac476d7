"""Small models to explain, and the numbers in the sections that come of it."""

import re
from collections.abc import Callable
from math import exp, log, pi, sqrt, tanh
from typing import Any

import numpy as np
import pytest

from nnscratch.config import Config
from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import TARGET_TRANSFORMS
from nnscratch.insight.example import Example
from nnscratch.insight.explanation import explain
from nnscratch.insight.expressions import compute
from nnscratch.insight.section import Section
from nnscratch.model.model import Model
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.network import Network
from nnscratch.nn.registry import create

Function = Callable[[float], float]


RATE = 0.5


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


def gelu_t(z: float) -> float:
    return tanh(sqrt(2 / pi) * (z + 0.044715 * z**3))


def as_stated(name: str) -> tuple[Function, Function]:
    """Value and slope, computed from what an activation's class says of itself."""
    function = create(ACTIVATIONS, name)

    def value(z: float) -> float:
        return float(compute(function.formula, function.where, z=z, **vars(function)))

    def slope(z: float) -> float:
        known = {"z": z, "a": value(z), **vars(function)}
        return float(compute(function.derivative, function.where, **known))

    return value, slope


# Value and slope, written once more from the papers; leaky_relu with s = 0.01 and elu with α = 1.
FUNCTIONS: dict[str, tuple[Function, Function]] = {
    **{name: as_stated(name) for name in ACTIVATIONS},
    "linear": (lambda z: z, lambda _: 1.0),
    "relu": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
    "leaky_relu": (lambda z: z if z > 0 else 0.01 * z, lambda z: 1.0 if z > 0 else 0.01),
    "elu": (lambda z: z if z > 0 else exp(z) - 1, lambda z: 1.0 if z > 0 else exp(z)),
    "gelu": (
        lambda z: z / 2 * (1 + gelu_t(z)),
        lambda z: (
            (1 + gelu_t(z)) / 2
            + z / 2 * (1 - gelu_t(z) ** 2) * sqrt(2 / pi) * (1 + 0.134145 * z * z)
        ),
    ),
    "silu": (lambda z: z * sigma(z), lambda z: sigma(z) + z * sigma(z) * (1 - sigma(z))),
    "softplus": (lambda z: log(1 + exp(z)), sigma),
    "sigmoid": (sigma, lambda z: sigma(z) * (1 - sigma(z))),
    "tanh": (tanh, lambda z: 1 - tanh(z) ** 2),
}


def build_model(
    weights: dict[str, Any],
    hidden: list[Any],
    *,
    classes: tuple[Any, ...] | None = (0, 1),
    scaled: tuple[float, float] = (0.0, 1.0),
    transform: str = "none",
    **settings: Any,
) -> Model:
    """A model of float64 with the weights that are given; the others are 0."""
    inputs = len(weights["dense_1.kernel"])
    outputs = len(np.transpose(weights[f"dense_{len(hidden) + 1}.kernel"]))
    network = Network(inputs, hidden, outputs, dtype="float64", **settings)
    for name, numbers in weights.items():
        arrays = network.params if name in network.params else network.statistics
        arrays[name][:] = numbers
    shift, unit = (np.full(outputs, number) for number in scaled)
    numbers = 1 if classes else outputs
    encoding = TargetEncoding(
        network.loss,
        classes,
        numbers,
        scaling=Scaling(shift, 1 / unit),
        transform=TARGET_TRANSFORMS[transform],
    )
    features = tuple(Feature(f"x{i}") for i in range(1, inputs + 1))
    return Model(network, encoding, Preprocessing.none(features))


def config(**settings: Any) -> Config:
    return Config.model_validate({"dataset": "xor", "learning_rate": RATE, **settings})


def sections_of(model: Model, x: list[float], target: Any, **settings: Any) -> dict[str, Section]:
    y = None if target is None else np.array([target])
    example = Example("an example", np.array([x]), y)
    settings = {"optimizer": {"name": "sgd"}, **settings}
    return {section.title: section for section in explain(model, example, config(**settings))}


def table(section: Section) -> dict[str, dict[str, Any]]:
    """The numbers of a section, by column and by what its first column calls a row."""
    assert all(len(row) == len(section.header) for row in section.rows)
    names = [row[0] for row in section.rows]
    assert len(set(names)) == len(names)
    columns = zip(section.header, zip(*section.rows, strict=True), strict=True)
    return {head: dict(zip(names, cells, strict=True)) for head, cells in columns}


def loss_of(sections: dict[str, Section]) -> Section:
    return next(section for title, section in sections.items() if title.startswith("loss"))


def said(section: Section, pattern: str) -> list[float]:
    match = re.search(pattern, "\n".join(section.formulas))
    assert match, section.formulas
    return list(map(float, match.groups()))


def near(*numbers: float) -> Any:
    return pytest.approx(list(numbers), rel=1e-12, abs=1e-15)


def listed(column: dict[str, Any]) -> list[Any]:
    return list(column.values())


W1, B1, W2, B2 = [[1.0, -0.5], [0.5, 2.0]], [0.25, -1.0], [[1.5], [-2.0]], [0.5]


def of_two_units(use_bias: bool = True, **settings: Any) -> Model:
    biases = {"dense_1.bias": B1, "dense_2.bias": B2} if use_bias else {}
    weights = {"dense_1.kernel": W1, "dense_2.kernel": W2, **biases}
    return build_model(weights, [2], use_bias=use_bias, **settings)


def text_of(section: Section) -> str:
    return "\n".join(section.formulas)
