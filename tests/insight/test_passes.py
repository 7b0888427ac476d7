"""What each unit computes and passes back, against arithmetic done by hand."""

import re
from collections.abc import Callable, Iterable
from math import cos, sin, sqrt, tanh

import numpy as np
import pytest

from nnscratch.insight.section import Section
from tests.insight.explaining import (
    FUNCTIONS,
    W1,
    W2,
    build_model,
    listed,
    near,
    of_two_units,
    sections_of,
    sigma,
    table,
    text_of,
)


def some_units(count: int) -> list[float]:
    return [sin(3 * k) + 0.2 * cos(k) for k in range(count)]


@pytest.mark.parametrize(
    ("activation", "slope_below", "named"),
    [("relu", lambda z: z <= 0, "dead"), ("tanh", lambda z: 1 - tanh(z) ** 2 < 0.01, "saturated")],
)
@pytest.mark.parametrize("count", [20, 21, 60])
def test_a_wide_layer_is_summarized_and_its_idle_units_are_counted(
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


@pytest.mark.parametrize(("inputs", "where"), [(24, "W is shown below"), (25, "its size is shown")])
def test_where_the_weights_are_shown(inputs: int, where: str) -> None:
    # Four units of 24 inputs and a bias have a hundred parameters, which is the limit.
    weights = {"dense_1.kernel": np.ones((inputs, 4)), "dense_2.kernel": [[1.0]] * 4}
    sections = sections_of(build_model(weights, [4]), [1.0] * inputs, 1)
    assert where in text_of(sections["dense_1"])
    assert ("w" in table(sections["gradients of dense_1"])) == (inputs == 24)
    # Without a backward pass they are shown alone.
    alone = sections_of(build_model(weights, [4]), [1.0] * inputs, None)
    assert where in text_of(alone["dense_1"])
    assert ("w" in table(alone["weights of dense_1"])) == (inputs == 24)
    assert "weights of dense_2" not in alone  # they fit beside its only unit


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


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ["linear", "tanh"])
def test_no_formula_has_the_same_name_on_both_sides(activation: str, batch_norm: bool) -> None:
    hidden = [{"units": 1, "activation": activation, "batch_norm": batch_norm}] * 2
    kernels = {f"dense_{i}.kernel": [[1.0]] for i in (1, 2, 3)}
    sections = sections_of(build_model(kernels, hidden, loss="mean_squared_error"), [1.0], 1)
    pairs = [
        line.split(" = ", 1) for s in sections.values() for line in s.formulas if line[:1] == "∂"
    ]
    assert any(right.startswith("∂L/∂z of dense_3") for _, right in pairs if right)
    for left, right in pairs:
        assert not re.match(re.escape(left) + r"(?! of dense)", right), (left, right)
