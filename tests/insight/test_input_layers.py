"""The layers before the first dense one, explained: the numbers follow from the formulas."""

import numpy as np

from nnscratch.insight.input_layers import (
    explain_input_gradient,
    explain_input_layer,
    gradient_formulas,
    name_input_layers,
)
from nnscratch.nn.inspection.trace import trace
from nnscratch.nn.network import Network

NAMES = ("age", "colour = red")


def network() -> Network:
    built = Network(
        2,
        [3],
        1,
        input_scale=True,
        numeric_embedding={"columns": (0,), "waves": 2, "size": 2},
        dtype="float64",
        seed=4,
    )
    built.params["input_scale.scale"][:] = [2.0, 3.0, 4.0, 5.0]
    return built


def test_both_layers_are_named_and_shown() -> None:
    built = network()
    passes = trace(built, np.array([[0.5, 1.0]]), np.array([[2.0]]))

    embedding, scale = name_input_layers(passes.layers, NAMES)

    assert scale.units == ("age", "colour = red", "age, e1", "age, e2")
    shown = explain_input_layer(embedding)
    f, phases, kernel, bias = (values[0] for values in list(built.params.values())[:4])
    e = np.cos(2 * np.pi * 0.5 * f + phases) @ kernel + bias
    assert shown.header == ("column", "x", "e1", "e2")
    ((name, *numbers),) = shown.rows
    assert name == "age"
    np.testing.assert_allclose(numbers, [0.5, *e], rtol=1e-12)
    rows = explain_input_layer(scale).rows
    for (_, x, s, y), expected in zip(rows, [0.5, 1.0, *e], strict=True):
        np.testing.assert_allclose([x, y], [expected, s * x], rtol=1e-12)


def test_the_gradients_on_the_way_back() -> None:
    built = network()
    passes = trace(built, np.array([[0.5, 1.0]]), np.array([[2.0]]))
    embedding, scale = name_input_layers(passes.layers, NAMES)

    behind = explain_input_gradient(scale, passes, "dense_1")
    before = explain_input_gradient(embedding, passes, "input_scale")

    assert behind.formulas == ("∂L/∂y = ∂L/∂z of dense_1 · Wᵀ of dense_1",)
    for (_, inner), (_, outer), s in zip(behind.rows, before.rows, (2, 3, 4, 5), strict=True):
        np.testing.assert_allclose(outer, s * inner, rtol=1e-12)
    assert "∂L/∂s" in gradient_formulas(scale)[0]
    assert "sin(a)" in "".join(gradient_formulas(embedding))


def test_a_network_without_them_has_none() -> None:
    passes = trace(Network(2, [3], 1), np.ones((1, 2), "f4"), np.ones((1, 1), "f4"))
    assert name_input_layers(passes.layers, NAMES) == []


def test_pieces_are_named_one_by_one_and_shown_in_a_row_for_each_column() -> None:
    pieces = {
        "name": "piecewise_linear",
        "columns": (1, 0, 2),
        "edges": ((-1.0, 0.0, 2.0, 6.0), (0.0, 1.0), (4.0,)),
    }
    built = Network(3, [2], 1, numeric_embedding=pieces, dtype="float64", seed=4)
    passes = trace(built, np.array([[0.25, 3.0, 4.0]]), np.array([[2.0]]))

    (embedding,) = name_input_layers(passes.layers, ("age", "size", "year"))

    assert embedding.units[3:] == ("size, e1", "size, e2", "size, e3", "age, e1")
    assert embedding.shapes == {}
    shown = explain_input_layer(embedding)
    assert shown.header == ("column", "x", "pieces", "from", "to", "passed")
    assert shown.rows == (
        ("size", 3.0, 3.0, -1.0, 6.0, 2.25),
        ("age", 0.25, 1.0, 0.0, 1.0, 0.25),
        ("year", 4.0, 0.0, 4.0, 4.0, 0.0),
    )
    back = explain_input_gradient(embedding, passes, "dense_1")
    assert [row[0] for row in back.rows] == list(embedding.units)
