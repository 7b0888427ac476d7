"""What the formulas of `explain` call things: one name for a number, and each letter is given."""

import re
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.insight import formulas
from nnscratch.insight.example import Example
from nnscratch.insight.explain import explain
from nnscratch.insight.section import Section
from nnscratch.model.model import Model
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.registry import create
from tests.insight.test_explain import (
    build_model,
    listed,
    loss_of,
    near,
    of_two_units,
    sections_of,
    sigma,
    table,
)


def text_of(section: Section) -> str:
    return "\n".join(section.formulas)


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
    ("name", "settings", "given"),
    [
        ("leaky_relu", {"negative_slope": 0.2}, "with s = 0.2"),
        ("elu", {"alpha": 0.7}, "with α = 0.7"),
        ("gelu", {}, "with t = tanh(√(2/π) (z + 0.044715 z³))"),
    ],
)
def test_each_letter_of_an_activation_is_given_on_both_ways(
    name: str, settings: dict[str, float], given: str
) -> None:
    sections = sections_of(of_two_units(activation={"name": name, **settings}), [1.0, 1.0], 1)
    assert given in sections["dense_1"].formulas
    assert given in sections["back through activation_1"].formulas


def test_each_letter_of_a_loss_is_given() -> None:
    model = of_two_units(loss={"name": "huber", "delta": 0.3})
    assert "with d = z − y, δ = 0.3" in loss_of(sections_of(model, [1.0, 1.0], 1)).formulas


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_of_what_it_is_told(name: str) -> None:
    written = formulas.write_activation(create(ACTIVATIONS, name), "ẑ")
    text = " ".join((written.value, written.slope, *written.given))
    assert not re.search("[z{}]", text)
    assert "ẑ" in text


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_of_what_it_is_told(name: str) -> None:
    written = formulas.write_loss(create(LOSSES, name), "a", "y′")
    text = " ".join((written.value, written.slope, *written.given))
    assert "a" in text
    assert "y′" in text
    assert not re.search("[yz{}]", text.replace("y′", ""))


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


@pytest.mark.parametrize(("inputs", "where"), [(24, "W stands below"), (25, "its size is told")])
def test_where_the_weights_stand_is_said_as_it_is(inputs: int, where: str) -> None:
    # Four units of 24 inputs and a bias have a hundred parameters, which is the limit.
    weights = {"dense_1.kernel": np.ones((inputs, 4)), "dense_2.kernel": [[1.0]] * 4}
    sections = sections_of(build_model(weights, [4]), [1.0] * inputs, 1)
    assert where in text_of(sections["dense_1"])
    assert ("w" in table(sections["gradients of dense_1"])) == (inputs == 24)
    # Without a way back they stand alone.
    alone = sections_of(build_model(weights, [4]), [1.0] * inputs, None)
    assert where in text_of(alone["dense_1"])
    assert ("w" in table(alone["weights of dense_1"])) == (inputs == 24)
    assert "weights of dense_2" not in alone  # they fit beside its only unit


WORDS = Feature("c", ("blue", "red"))


def of_holes(features: tuple[Feature, ...], scale: float) -> Model:
    """A model that fills with 3, or the word `red`, and scales by 0.5 unless told otherwise."""
    shift = np.where([f.categories is None for f in features], 1.0 if scale != 1 else 0.0, 0.0)
    scales = np.where([f.categories is None for f in features], scale, 1.0)
    fill = np.where([f.categories is None for f in features], 3.0, 1.0)
    preprocessing = Preprocessing(features, Scaling(shift, scales), fill)
    model = build_model({"dense_1.kernel": [[1.0]] * preprocessing.outputs}, [])
    return Model(model.network, model.encoding, preprocessing)


def told(model: Model, x: list[float]) -> Section:
    return next(explain(model, Example("row", np.array([x]), None), None))


@pytest.mark.parametrize(("scale", "goes_in"), [(0.5, [0.5, 1.0, 0.0, 1.0]), (1.0, [2, 3, 0, 1])])
def test_what_fills_a_hole_is_shown_and_marked(scale: float, goes_in: list[float]) -> None:
    model = of_holes((Feature("a"), Feature("b"), WORDS), scale)
    section = told(model, [2.0, np.nan, np.nan])
    shown = table(section)
    expected: dict[str, Any] = {
        "a": 2.0, "b": "3, filled in", "c = blue": "", "c = red": "yes, filled in",
    }  # fmt: skip
    assert shown["value"] == expected
    assert listed(shown["goes in"]) == goes_in
    assert "2 missing values" in text_of(section)
    assert ("scale" in shown) == (scale != 1)


def test_words_and_holes_are_spoken_of_only_where_there_are_some() -> None:
    numbers, mixed = of_holes((Feature("a"),), 0.5), of_holes((Feature("a"), WORDS), 0.5)
    assert "words" not in text_of(told(numbers, [2.0]))
    assert "missing" not in text_of(told(numbers, [2.0]))
    assert "words as 0 and 1" in text_of(told(mixed, [2.0, 0.0]))
