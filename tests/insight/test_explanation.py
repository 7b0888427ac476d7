"""One example's way through a network and back, against arithmetic done by hand."""

from math import exp, log

import pytest

from nnscratch.nn.activations import ACTIVATIONS
from tests.insight.explaining import (
    FUNCTIONS,
    listed,
    loss_of,
    near,
    of_two_units,
    said,
    sections_of,
    sigma,
    table,
)


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
    figures = said(sections["after this step"], r"L was ([\d.e+-]+) and is ([\d.e+-]+)")
    assert figures == pytest.approx([value, value_after], rel=1e-5)
    gain = table(sections["after this step"])
    assert listed(gain["before"]) == near(sigma(z) if bce else z)
    assert listed(gain["after"]) == near(sigma(after) if bce else after)


def test_without_a_target_there_is_no_backward_pass() -> None:
    sections = sections_of(of_two_units(activation="tanh"), [1.0, 1.0], None)
    assert list(sections)[:3] == ["an example", "dense_1", "dense_2"]
    assert listed(table(sections["dense_1"])["z"]) == near(1.75, 0.5)
    assert "needs a target" in "".join(sections["no backward pass"].formulas)
    assert not any("gradient" in title for title in sections)
