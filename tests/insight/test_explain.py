"""One example's way through a network and back, against arithmetic done by hand."""

import re
from collections.abc import Callable, Iterable
from math import cos, cosh, exp, log, pi, sin, sqrt, tanh
from typing import Any

import numpy as np
import pytest

from nnscratch.config import Config
from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.insight.example import Example
from nnscratch.insight.explain import explain
from nnscratch.insight.expressions import compute
from nnscratch.insight.section import Section
from nnscratch.model.model import Model
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
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
    encoding = TargetEncoding(network.loss, classes, numbers, scaling=Scaling(shift, 1 / unit))
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


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mean_squared_error"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_xor_with_two_hidden_units_worked_by_hand(activation: str, loss: str) -> None:
    f, slope = FUNCTIONS[activation]
    sections = sections_of(of_two_units(activation=activation, loss=loss), [1.0, 1.0], 0)
    # Forward: 1 · 1 + 1 · 0.5 + 0.25, and −0.5 + 2 − 1.
    z1, z2 = 1.75, 0.5
    a1, a2 = f(z1), f(z2)
    z = 1.5 * a1 - 2.0 * a2 + 0.5
    hidden, output = table(sections["dense_1"]), table(sections["dense_2"])
    assert listed(hidden["W[x1]"]) == [1.0, -0.5]
    assert listed(hidden["W[x2]"]) == [0.5, 2.0]
    assert listed(hidden["b"]) == [0.25, -1.0]
    assert listed(hidden["z"]) == near(z1, z2)
    assert listed(output["z"]) == near(z)
    if activation != "linear":
        assert listed(hidden["a"]) == near(a1, a2)
    # The loss for the target 0, and back.
    if loss == "binary_cross_entropy":
        value, dz = -log(1 - sigma(z)), sigma(z)
        assert listed(table(loss_of(sections))["p"]) == near(sigma(z))
    else:
        value, dz = z * z, 2 * z
        assert "p" not in table(loss_of(sections))
    assert said(loss_of(sections), r"L = ([\d.e+-]+)$")[0] == pytest.approx(value, rel=1e-5)
    assert listed(table(loss_of(sections))["y"]) == [0.0]
    assert listed(table(loss_of(sections))["∂L/∂z"]) == near(dz)
    da1, da2 = 1.5 * dz, -2.0 * dz
    d1, d2 = da1 * slope(z1), da2 * slope(z2)
    if activation != "linear":
        back = table(sections["back through activation_1"])
        assert listed(back["∂L/∂a"]) == near(da1, da2)
        assert listed(back["f′(z)"]) == near(slope(z1), slope(z2))
        assert listed(back["∂L/∂z"]) == near(d1, d2)
    # Each weight's gradient and its step, −0.5 of it.
    last, first = table(sections["gradients of dense_2"]), table(sections["gradients of dense_1"])
    assert listed(last["w"]) == [1.5, -2.0, 0.5]
    assert listed(last["∂L/∂w"]) == near(dz * a1, dz * a2, dz)
    assert listed(first["w"]) == [1.0, -0.5, 0.5, 2.0, 0.25, -1.0]
    assert listed(first["∂L/∂w"]) == near(d1, d2, d1, d2, d1, d2)
    assert listed(first["step"]) == near(*(-0.5 * d for d in (d1, d2, d1, d2, d1, d2)))
    assert listed(last["w + step"]) == near(1.5 - dz * a1 / 2, -2 - dz * a2 / 2, 0.5 - dz / 2)
    # Forward once more: W x1, W x2 and b have all gained −d / 2.
    b1, b2 = f(z1 - 1.5 * d1), f(z2 - 1.5 * d2)
    after = (1.5 - dz * a1 / 2) * b1 + (-2 - dz * a2 / 2) * b2 + 0.5 - dz / 2
    bce = loss == "binary_cross_entropy"
    value_after = log(1 + exp(after)) if bce else after * after
    told = said(sections["after this step"], r"L was ([\d.e+-]+) and is ([\d.e+-]+)")
    assert told == pytest.approx([value, value_after], rel=1e-5)
    gain = table(sections["after this step"])
    assert listed(gain["before"]) == near(sigma(z) if bce else z)
    assert listed(gain["after"]) == near(sigma(after) if bce else after)


def test_each_weight_is_called_by_where_it_leads_from_and_to() -> None:
    weights = table(sections_of(of_two_units(), [3.0, 5.0], 1)["gradients of dense_1"])["w"]
    assert weights == {
        "W x1 → 1": 1.0, "W x1 → 2": -0.5, "W x2 → 1": 0.5, "W x2 → 2": 2.0,
        "b 1": 0.25, "b 2": -1.0,
    }  # fmt: skip


@pytest.mark.parametrize("right", [0, 1, 2])
def test_three_classes_without_a_hidden_layer_worked_by_hand(right: int) -> None:
    weights = {"dense_1.kernel": [[1.0, 0.0, -1.0], [0.5, -0.5, 2.0]], "dense_1.bias": [0, 1, -2]}
    model = build_model(weights, [], classes=("a", "b", "c"), loss="cross_entropy")
    sections = sections_of(model, [2.0, 1.0], right)
    z = [2.5, 0.5, -2.0]
    total = sum(map(exp, z))
    p = [exp(value) / total for value in z]
    d = [p[k] - (k == right) for k in range(3)]
    loss = table(loss_of(sections))
    assert list(loss["z"]) == ["a", "b", "c"]
    assert listed(loss["z"]) == near(*z)
    assert listed(loss["p"]) == near(*p)
    assert listed(loss["y"]) == [float(k == right) for k in range(3)]
    assert listed(loss["∂L/∂z"]) == near(*d)
    assert said(loss_of(sections), r"L = ([\d.e+-]+)$")[0] == pytest.approx(-log(p[right]), 1e-5)
    first = table(sections["gradients of dense_1"])
    assert listed(first["∂L/∂w"]) == near(*(2 * one for one in d), *d, *d)
    assert not any(title.startswith("back") for title in sections)


def test_smoothed_labels_and_weighted_classes_are_in_the_numbers_and_are_named() -> None:
    spec = {"name": "binary_cross_entropy", "label_smoothing": 0.1, "class_weight": [0.5, 3.0]}
    sections = sections_of(of_two_units(activation="linear", loss=spec), [1.0, 1.0], 1)
    p = sigma(1.5 * 1.75 - 2.0 * 0.5 + 0.5)
    value = -3.0 * (0.95 * log(p) + 0.05 * log(1 - p))  # y = 0.9 · 1 + 0.1 / 2
    assert said(loss_of(sections), r"L = ([\d.e+-]+)$")[0] == pytest.approx(value, rel=1e-5)
    assert listed(table(loss_of(sections))["∂L/∂z"]) == near(3.0 * (p - 0.95))
    text = "\n".join(loss_of(sections).formulas)
    assert "label_smoothing" in text
    assert "class_weight" in text


def test_several_numbers_are_scaled_targets_and_a_mean() -> None:
    weights = {"dense_1.kernel": [[1.0, 2.0]], "dense_1.bias": [0.5, 0.0]}
    model = build_model(weights, [], classes=None, scaled=(10.0, 4.0), loss="mean_squared_error")
    sections = sections_of(model, [3.0], [12.0, 6.0])
    loss = table(loss_of(sections))
    assert listed(loss["z"]) == near(3.5, 6.0)
    assert listed(loss["y"]) == near(0.5, -1.0)  # (12 − 10) / 4 and (6 − 10) / 4
    assert listed(loss["∂L/∂z"]) == near(3.0, 7.0)  # 2 (z − y) / 2
    assert said(loss_of(sections), r"L = ([\d.e+-]+)$")[0] == pytest.approx((9 + 49) / 2)
    # What the network says is in the data's units: 3.5 · 4 + 10 and 6 · 4 + 10.
    first = "\n".join(sections["an example"].formulas)
    assert "24" in first
    assert "34" in first


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_the_formula_that_is_computed(name: str) -> None:
    def huber(d: float) -> float:
        return d * d / 2 if abs(d) <= 1 else abs(d) - 0.5

    by_hand: dict[str, tuple[Function, Function]] = {
        "hinge": (lambda z: max(0, 1 - z), lambda z: -1.0 if z < 1 else 0.0),
        "mean_squared_error": (lambda z: (z - 1) ** 2, lambda z: 2 * (z - 1)),
        "mean_absolute_error": (lambda z: abs(z - 1), lambda z: (z > 1) - (z < 1)),
        "huber": (lambda z: huber(z - 1), lambda z: max(-1, min(1, z - 1))),
        "log_cosh": (lambda z: log(cosh(z - 1)), lambda z: tanh(z - 1)),
        "binary_cross_entropy": (lambda z: -log(sigma(z)), lambda z: sigma(z) - 1),
        "cross_entropy": (lambda z: -log(exp(z) / (1 + exp(z))), lambda z: sigma(z) - 1),
    }
    value, slope = by_hand[name]
    indices = LOSSES[name].takes_indices
    y: Any = np.array([1]) if indices else np.array([[1.0]])
    for z in (-2.5, -0.3, 0.4, 1.9, 2.7):
        got, grad = create(LOSSES, name)(np.array([[0.0, z] if indices else [z]]), y)
        assert [got, grad[0, -1]] == pytest.approx([value(z), slope(z)])
        if not indices:
            loss = LOSSES[name]
            known = {"z": z, "y": 1.0, "delta": 1.0}
            assert compute(loss.formula, loss.where, **known) == pytest.approx(value(z))
            assert compute(loss.derivative, loss.where, **known) == pytest.approx(slope(z))


def test_every_optimizer_of_single_weights_has_a_first_step() -> None:
    for make in OPTIMIZERS.values():
        assert bool(make().first_step) is not make.line_search


def some_units(count: int) -> list[float]:
    return [sin(3 * k) + 0.2 * cos(k) for k in range(count)]


@pytest.mark.parametrize(
    ("activation", "slope_below", "named"),
    [("relu", lambda z: z <= 0, "dead"), ("tanh", lambda z: 1 - tanh(z) ** 2 < 0.01, "saturated")],
)
@pytest.mark.parametrize("count", [20, 21, 60])
def test_a_wide_layer_is_told_by_its_extremes_and_its_idle_units(
    count: int, activation: str, slope_below: Callable[[float], bool], named: str
) -> None:
    kernel = some_units(count)
    weights = {"dense_1.kernel": [kernel], "dense_2.kernel": [[1.0]] * count}
    model = build_model(weights, [count], activation=activation, loss="binary_cross_entropy")
    sections = sections_of(model, [4.0], 1)
    z = [4.0 * weight for weight in kernel]
    a = [FUNCTIONS[activation][0](value) for value in z]
    shown = table(sections["dense_1"])
    if count <= 20:
        assert listed(shown["z"]) == near(*z)
    else:
        for name, numbers in (("z", z), ("a", a)):
            expected = min(numbers), sum(numbers) / count, max(numbers)
            assert list(shown[name]) == ["smallest", "mean", "largest"]
            assert listed(shown[name]) == near(*expected)
        assert "W[x1]" not in shown
    if count == 60:  # sixty weights and sixty biases, each by the root of its mean square
        gradients = table(sections["gradients of dense_1"])
        root = sqrt(sum(weight * weight for weight in kernel) / count)
        assert gradients["rms w"] == {"W": pytest.approx(root), "b": 0.0}
        assert gradients["numbers"] == {"W": 60, "b": 60}
    idle = sum(map(slope_below, z))
    text = "\n".join(sections["dense_1"].formulas)
    assert 0 < idle < count
    assert re.search(rf"{named}.*\b{idle} of {count}\b", text), text


def linked(sections: dict[str, Section], x: Iterable[float], block: int, inputs: list[str]) -> None:
    """Checks ∂L/∂W = xᵀ ∂L/∂z with the numbers that are shown."""
    normalized = f"back through batch_norm_{block}"
    way = normalized if normalized in sections else f"back through activation_{block}"
    back = table(sections[way])["∂L/∂z"]
    grads = table(sections[f"gradients of dense_{block}"])["∂L/∂w"]
    for name, value in zip(inputs, x, strict=True):
        for unit, d in back.items():
            assert grads[f"W {name} → {unit}"] == pytest.approx(value * d, rel=1e-9)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_numbers_shown_follow_from_each_other(batch_norm: bool) -> None:
    noted = {
        "batch_norm_1.gamma": [3.0, -0.7],
        "batch_norm_1.beta": [0.1, 0.3],
        "batch_norm_1.moving_mean": [0.2, -0.4],
        "batch_norm_1.moving_variance": [4.0, 0.25],
    }
    weights = {"dense_1.kernel": W1, "dense_2.kernel": W2, **(noted if batch_norm else {})}
    model = build_model(
        weights, [{"units": 2, "batch_norm": batch_norm}], activation="tanh",
        loss="binary_cross_entropy",
    )  # fmt: skip
    sections = sections_of(model, [1.0, 3.0], 1)
    linked(sections, [1.0, 3.0], 1, ["x1", "x2"])


def test_batch_normalization_worked_by_hand() -> None:
    weights = {
        "dense_1.kernel": W1, "dense_2.kernel": W2,
        "batch_norm_1.gamma": [2.0, -0.5], "batch_norm_1.beta": [0.1, 0.3],
        "batch_norm_1.moving_mean": [0.5, 1.5], "batch_norm_1.moving_variance": [4.0, 0.25],
    }  # fmt: skip
    norm = {"units": 2, "batch_norm": {"epsilon": 0.0001}, "dropout": 0.5}
    model = build_model(weights, [norm], activation="tanh", loss="binary_cross_entropy")
    sections = sections_of(model, [1.0, 1.0], 1)
    roots = sqrt(4.0001), sqrt(0.2501)
    hats = 2.0 * (1.5 - 0.5) / roots[0] + 0.1, -0.5 * (1.5 - 1.5) / roots[1] + 0.3
    a = tuple(map(tanh, hats))
    shown = table(sections["dense_1"])
    assert listed(shown["z"]) == near(1.5, 1.5)
    assert listed(shown["ẑ"]) == near(*hats)
    assert listed(shown["a"]) == near(*a)
    dz = sigma(1.5 * a[0] - 2.0 * a[1]) - 1
    d = dz * 1.5 * (1 - a[0] ** 2), dz * -2.0 * (1 - a[1] ** 2)
    through = d[0] * 2.0 / roots[0], d[1] * -0.5 / roots[1]
    assert table(sections["gradients of dense_1"])["∂L/∂w"] == {
        "W x1 → 1": pytest.approx(through[0]), "W x1 → 2": pytest.approx(through[1]),
        "W x2 → 1": pytest.approx(through[0]), "W x2 → 2": pytest.approx(through[1]),
        "γ 1": pytest.approx(d[0] * 1.0 / roots[0]), "γ 2": pytest.approx(0.0),
        "β 1": pytest.approx(d[0]), "β 2": pytest.approx(d[1]),
    }  # fmt: skip


def test_without_biases_there_are_none() -> None:
    sections = sections_of(of_two_units(use_bias=False, activation="tanh"), [1.0, 2.0], 1)
    assert "b" not in table(sections["dense_1"])
    assert list(table(sections["gradients of dense_2"])["w"]) == ["W 1 → 1", "W 2 → 1"]
    assert "+ b" not in "".join(line for s in sections.values() for line in s.formulas)


def test_without_a_target_there_is_a_way_there_and_none_back() -> None:
    sections = sections_of(of_two_units(activation="tanh"), [1.0, 1.0], None)
    assert list(sections)[:3] == ["an example", "dense_1", "dense_2"]
    assert listed(table(sections["dense_1"])["z"]) == near(1.75, 0.5)
    assert "--target" in "".join(sections["no way back"].formulas)
    assert not any("gradient" in title for title in sections)


@pytest.mark.parametrize(("rate", "too_far"), [(0.01, False), (100.0, True)])
def test_a_step_that_goes_too_far_is_called_so(rate: float, too_far: bool) -> None:
    model = of_two_units(activation="tanh", loss="mean_squared_error")
    said = sections_of(model, [1.0, 1.0], 0, learning_rate=rate)["after this step"].formulas
    before, after = (float(word) for word in said[0].split() if word[:1].isdigit())
    assert (after > before) == too_far
    assert any("too far" in line for line in said) == too_far


G = {"W x1 → 1": 6.0, "W x2 → 1": -3.0, "b 1": 1.5}
STEPS: list[tuple[dict[str, Any], Callable[[float, float], float]]] = [
    ({"name": "sgd"}, lambda g, _: -RATE * g),
    ({"name": "sgd", "momentum": 0.8}, lambda g, _: -RATE * g),
    ({"name": "sgd", "momentum": 0.8, "nesterov": True}, lambda g, _: -RATE * 1.8 * g),
    ({"name": "adagrad", "epsilon": 0.1}, lambda g, _: -RATE * g / (abs(g) + 0.1)),
    (
        {"name": "rmsprop", "rho": 0.75, "epsilon": 0.1},
        lambda g, _: -RATE * g / (sqrt(0.25 * g * g) + 0.1),
    ),
    ({"name": "adam", "epsilon": 0.1}, lambda g, _: -RATE * g / (abs(g) + 0.1)),
    (
        {"name": "adamw", "epsilon": 0.1, "weight_decay": 0.2},
        lambda g, w: -RATE * g / (abs(g) + 0.1) - RATE * 0.2 * w,
    ),
    ({"name": "rprop"}, lambda g, _: -RATE * ((g > 0) - (g < 0))),
]


def linear_model() -> Model:
    """With x = (4, −2), y = 1: z = 0.25 · 4 + 0.125 · 2 + 0.5 = 1.75, so ∂L/∂z = 1.5, g = x 1.5."""
    weights = {"dense_1.kernel": [[0.25], [-0.125]], "dense_1.bias": [0.5]}
    return build_model(weights, [], classes=None, loss="mean_squared_error")


def steps(**settings: Any) -> tuple[dict[str, float], dict[str, Section]]:
    sections = sections_of(linear_model(), [4.0, -2.0], [1.0], **settings)
    shown = table(sections["gradients of dense_1"])
    assert shown["∂L/∂w"] == pytest.approx(G)
    for name, step in shown["step"].items():
        assert shown["w + step"][name] == pytest.approx(shown["w"][name] + step)
    return shown["step"], sections


WEIGHTS = {"W x1 → 1": 0.25, "W x2 → 1": -0.125, "b 1": 0.5}


@pytest.mark.parametrize(("optimizer", "step"), STEPS, ids=[str(one) for one, _ in STEPS])
def test_the_first_step_of_every_optimizer(
    optimizer: dict[str, Any], step: Callable[[float, float], float]
) -> None:
    batch = {"batch_size": "full"} if optimizer["name"] == "rprop" else {}
    made, _ = steps(optimizer=optimizer, **batch)
    assert made == pytest.approx({name: step(G[name], WEIGHTS[name]) for name in G})


def test_nadams_first_step() -> None:
    made, _ = steps(optimizer={"name": "nadam", "beta_1": 0.9, "epsilon": 0.1})
    # PyTorch's constants: μ_t = β₁ (1 − ½ 0.96^{0.004 t}); m = (1 − β₁) g after one step.
    now, after = (0.9 * (1 - 0.5 * 0.96 ** (0.004 * t)) for t in (1, 2))
    ahead = after * 0.1 / (1 - now * after) + (1 - now) / (1 - now)
    assert made == pytest.approx({n: -RATE * ahead * g / (abs(g) + 0.1) for n, g in G.items()})


def test_penalties_bounds_and_clipping_are_in_the_step_and_are_named() -> None:
    made, sections = steps(l1=0.375, l2=0.25, clip_norm=2.5)
    # The penalty is on weights only; then all is shortened to a norm of 2.5.
    pulled = [6.0 + 0.375 + 0.5 * 0.25, -3.0 - 0.375 - 0.5 * 0.125, 1.5]
    shortened = [2.5 * g / sqrt(sum(one * one for one in pulled)) for g in pulled]
    assert listed(made) == pytest.approx([-RATE * g for g in shortened])
    text = " ".join(sections["how weights learn"].formulas)
    assert all(number in text for number in ("0.375", "0.25", "2.5"))
    made, _ = steps(max_norm=1.0)
    # 0.25 − 3 and −0.125 + 1.5 are shortened to a norm of 1; the bias is free.
    norm = sqrt(2.75**2 + 1.375**2)
    assert listed(made) == pytest.approx([-2.75 / norm - 0.25, 1.375 / norm + 0.125, -0.75])


@pytest.mark.parametrize(
    ("settings", "constants"),
    [
        ({"optimizer": {"name": "adam", "epsilon": 0.125}}, ["0.125"]),
        ({"optimizer": {"name": "adamw", "epsilon": 0.125, "weight_decay": 0.375}}, ["0.375"]),
        ({"optimizer": {"name": "rmsprop", "rho": 0.625, "epsilon": 0.125}}, ["0.625", "0.125"]),
        ({"optimizer": {"name": "sgd", "momentum": 0.625, "nesterov": True}}, ["0.625"]),
        # 0.5 (1 − ½ · 0.96^0.004) and 0.5 (1 − ½ · 0.96^0.008).
        ({"optimizer": {"name": "nadam", "beta_1": 0.5}}, ["β₁ = 0.5", "0.25004", "0.25008"]),
    ],
)
def test_who_has_a_calculator_is_given_every_constant(
    settings: dict[str, Any], constants: list[str]
) -> None:
    _, sections = steps(**settings)
    text = " ".join(sections["how weights learn"].formulas)
    assert all(constant in text for constant in constants), text


def test_lbfgs_has_no_step_for_one_example() -> None:
    sections = sections_of(
        linear_model(), [4.0, -2.0], [1.0], optimizer={"name": "lbfgs"}, batch_size="full"
    )
    shown = table(sections["gradients of dense_1"])
    assert shown["∂L/∂w"] == pytest.approx(G)
    assert "step" not in shown
    assert "lbfgs" in "".join(sections["how weights learn"].formulas)
    assert "after this step" not in sections
