"""The loss and the prediction that are explained, against arithmetic done by hand."""

from math import cosh, exp, log, tanh
from typing import Any

import numpy as np
import pytest

from nnscratch.insight.expressions import compute
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create
from tests.insight.explaining import (
    Function,
    build_model,
    listed,
    loss_of,
    near,
    of_two_units,
    said,
    sections_of,
    sigma,
    table,
    text_of,
)


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


@pytest.mark.parametrize(("rate", "too_far"), [(0.01, False), (100.0, True)])
def test_a_step_that_goes_too_far_is_called_so(rate: float, too_far: bool) -> None:
    model = of_two_units(activation="tanh", loss="mean_squared_error")
    said = sections_of(model, [1.0, 1.0], 0, learning_rate=rate)["after this step"].formulas
    before, after = (float(word) for word in said[0].split() if word[:1].isdigit())
    assert (after > before) == too_far
    assert any("too far" in line for line in said) == too_far


def test_what_the_loss_takes_is_called_a_where_an_activation_gave_it() -> None:
    weights = {"dense_1.kernel": [[2.0]], "dense_1.bias": [-1.0]}
    model = build_model(
        weights, [], classes=None, scaled=(10.0, 4.0), loss="mean_squared_error",
        output_activation="sigmoid",
    )  # fmt: skip
    sections = sections_of(model, [1.0], [12.0])
    z, a, y = 1.0, sigma(1.0), 0.5
    assert listed(table(sections["dense_1"])["z"]) == near(z)
    loss, back = table(loss_of(sections)), table(sections["back through activation_1"])
    assert set(loss) == {"output", "a", "y", "∂L/∂a"}
    assert listed(loss["a"]) == listed(table(sections["dense_1"])["a"]) == near(a)
    assert listed(loss["∂L/∂a"]) == listed(back["∂L/∂a"]) == near(2 * (a - y))
    assert listed(back["∂L/∂z"]) == near(2 * (a - y) * a * (1 - a))
    assert "L = (a − y)²" in text_of(loss_of(sections))
    assert "prediction = a · 4 + 10" in text_of(loss_of(sections))
    forward = sections_of(model, [1.0], None)["output"]
    assert set(table(forward)) == {"output", "a", "prediction"}
    assert "prediction = a · 4 + 10" in text_of(forward)


@pytest.mark.parametrize(
    ("transform", "scaled", "line", "prediction", "y"),
    [
        (
            "log",
            (2.0, 0.5),
            "exp(z · 0.5 + 2), y = (log(target) − 2) / 0.5",
            exp(3),
            4.0,
        ),
        ("log", (0.0, 1.0), "exp(z), y = log(target)", exp(2), 4.0),
        ("log1p", (0.0, 1.0), "exp(z) − 1, y = log(1 + target)", exp(2) - 1, 3.0),
    ],
)
def test_numbers_whose_logarithm_is_learned_are_explained_in_their_own_units(
    transform: str, scaled: tuple[float, float], line: str, prediction: float, y: float
) -> None:
    weights = {"dense_1.kernel": [[1.0]], "dense_1.bias": [0.5]}
    model = build_model(
        weights, [], classes=None, scaled=scaled, transform=transform, loss="mean_squared_error"
    )
    forward = sections_of(model, [1.5], None)["output"]  # z = 2
    assert f"prediction = {line}" in forward.formulas
    assert listed(table(forward)["prediction"]) == near(prediction)
    target = exp(y * scaled[1] + scaled[0]) - (transform == "log1p")
    loss = loss_of(sections_of(model, [1.5], [target]))
    assert listed(table(loss)["y"]) == near(y)
    assert f"prediction = {line}" in loss.formulas


def test_several_numbers_say_what_of_them_is_scaled() -> None:
    weights = {"dense_1.kernel": [[1.0, 2.0]], "dense_1.bias": [0.5, 0.0]}
    model = build_model(
        weights, [], classes=None, scaled=(1.0, 2.0), transform="log", loss="mean_squared_error"
    )
    forward = sections_of(model, [0.5], None)["output"]
    assert "what is scaled is log(target), so the prediction is exp(…)" in forward.formulas
    assert listed(table(forward)["prediction"]) == near(exp(3), exp(3))
