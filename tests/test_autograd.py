"""The scalar engine has the derivatives that are worked out by hand and that were published."""

import ast
import math
import operator
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import nnscratch.autograd
from nnscratch.autograd import Value

# A name, an operation, the point, the value, and ∂/∂x (and ∂/∂y) there, worked out by hand.
E = math.e
OPERATIONS: list[tuple[str, Callable[..., Value], tuple[float, ...], float, tuple[float, ...]]] = [
    ("x + y", lambda x, y: x + y, (2.0, -3.0), -1.0, (1.0, 1.0)),
    ("x - y", lambda x, y: x - y, (2.0, -3.0), 5.0, (1.0, -1.0)),
    ("x * y", lambda x, y: x * y, (2.0, -3.0), -6.0, (-3.0, 2.0)),
    ("x / y", lambda x, y: x / y, (3.0, -4.0), -0.75, (-0.25, -3 / 16)),
    ("x ** y", lambda x, y: x**y, (2.0, 3.0), 8.0, (12.0, 8.0 * math.log(2.0))),
    ("x ** -y", lambda x, y: x**-y, (2.0, 2.0), 0.25, (-0.25, -0.25 * math.log(2.0))),
    ("-x", lambda x: -x, (2.0,), -2.0, (-1.0,)),
    ("x ** 3", lambda x: x**3, (-2.0,), -8.0, (12.0,)),
    ("x ** 2 at 0", lambda x: x**2, (0.0,), 0.0, (0.0,)),
    ("x ** 1 at 0", lambda x: x**1, (0.0,), 0.0, (1.0,)),
    ("x ** 0", lambda x: x**0, (5.0,), 1.0, (0.0,)),
    ("x ** 0 at 0", lambda x: x**0, (0.0,), 1.0, (0.0,)),
    ("x ** 0.5", lambda x: x**0.5, (9.0,), 3.0, (1 / 6,)),
    ("x ** -1", lambda x: x**-1, (-4.0,), -0.25, (-1 / 16,)),
    ("x ** -2.5", lambda x: x**-2.5, (4.0,), 1 / 32, (-2.5 / 128,)),
    ("2 ** x", lambda x: 2**x, (3.0,), 8.0, (8.0 * math.log(2.0),)),
    ("x + 2", lambda x: x + 2, (3.0,), 5.0, (1.0,)),
    ("2 + x", lambda x: 2 + x, (3.0,), 5.0, (1.0,)),
    ("x - 2", lambda x: x - 2, (3.0,), 1.0, (1.0,)),
    ("2.0 - x", lambda x: 2.0 - x, (3.0,), -1.0, (-1.0,)),
    ("x * 2", lambda x: x * 2, (3.0,), 6.0, (2.0,)),
    ("2.0 * x", lambda x: 2.0 * x, (3.0,), 6.0, (2.0,)),
    ("x / 2", lambda x: x / 2, (3.0,), 1.5, (0.5,)),
    ("2 / x", lambda x: 2 / x, (4.0,), 0.5, (-0.125,)),
    ("exp", Value.exp, (1.0,), E, (E,)),
    ("log", Value.log, (4.0,), math.log(4.0), (0.25,)),
    ("tanh", Value.tanh, (math.log(2.0),), 0.6, (0.64,)),  # (4 − 1) / (4 + 1)
    ("relu above 0", Value.relu, (3.0,), 3.0, (1.0,)),
    ("relu below 0", Value.relu, (-3.0,), 0.0, (0.0,)),
    ("sigmoid above 0", Value.sigmoid, (math.log(3.0),), 0.75, (3 / 16,)),
    ("sigmoid below 0", Value.sigmoid, (-math.log(3.0),), 0.25, (3 / 16,)),
    ("sigmoid at 0", Value.sigmoid, (0.0,), 0.5, (0.25,)),
    # One value in several places: the derivatives of its uses add up.
    ("x + x", lambda x: x + x, (3.0,), 6.0, (2.0,)),
    ("x - x", lambda x: x - x, (3.0,), 0.0, (0.0,)),
    ("x * x", lambda x: x * x, (3.0,), 9.0, (6.0,)),
    ("x / x", lambda x: x / x, (3.0,), 1.0, (0.0,)),
    ("x ** x", lambda x: x**x, (2.0,), 4.0, (4.0 * (math.log(2.0) + 1.0),)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "point", "result", "slopes"), [row[1:] for row in OPERATIONS],
    ids=[row[0] for row in OPERATIONS],
)  # fmt: skip
def test_an_operation_has_the_value_and_the_derivatives_worked_out_by_hand(
    function: Callable[..., Value],
    point: tuple[float, ...],
    result: float,
    slopes: tuple[float, ...],
) -> None:
    operands = [Value(number) for number in point]
    assert [operand.grad for operand in operands] == [0.0] * len(point)
    out = function(*operands)
    assert out.data == pytest.approx(result, rel=1e-14, abs=1e-15)
    out.backward()
    assert out.grad == 1.0
    assert [operand.grad for operand in operands] == pytest.approx(slopes, rel=1e-14, abs=1e-15)
    # And the limit of differences says the same.
    step = 1e-6
    for place, slope in enumerate(slopes):
        around = [
            function(*(Value(v + sign * step * (i == place)) for i, v in enumerate(point))).data
            for sign in (1, -1)
        ]
        assert (around[0] - around[1]) / (2 * step) == pytest.approx(slope, rel=1e-8, abs=1e-8)


def named(**numbers: float) -> dict[str, Value]:
    return {name: Value(number, label=name) for name, number in numbers.items()}


def grads(values: dict[str, Value]) -> dict[str, float]:
    return {name: value.grad for name, value in values.items()}


@pytest.mark.parametrize(
    ("bias", "output", "slope"),
    # The second is that of Karpathy's lecture: tanh there is √½, so its slope is ½.
    [(6.0, 0.0, 1.0), (6.8813735870195432, math.sqrt(0.5), 0.5)],
)
def test_the_published_neuron(bias: float, output: float, slope: float) -> None:
    v = named(x1=2.0, x2=0.0, w1=-3.0, w2=1.0, b=bias)
    n = v["x1"] * v["w1"] + v["x2"] * v["w2"] + v["b"]
    o = n.tanh()
    assert o.data == pytest.approx(output, abs=1e-15)
    o.backward()
    expected = {"x1": -3.0, "x2": 1.0, "w1": 2.0, "w2": 0.0, "b": 1.0}
    assert grads(v) == pytest.approx({name: slope * g for name, g in expected.items()})
    assert n.grad == pytest.approx(slope)


def test_the_published_product() -> None:
    v = named(a=2.0, b=-3.0, c=10.0, f=-2.0)
    e = v["a"] * v["b"]
    d = e + v["c"]
    loss = d * v["f"]
    loss.backward()
    assert (e.data, d.data, loss.data) == (-6.0, 4.0, -8.0)
    assert grads(v) == {"a": 6.0, "b": -4.0, "c": -2.0, "f": 4.0}
    assert (e.grad, d.grad, loss.grad) == (-2.0, -2.0, 1.0)


def test_the_expression_in_micrograds_readme() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    f = (c - d) ** 2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert [f"{x:.4f}" for x in (g.data, a.grad, b.grad)] == ["24.7041", "138.8338", "645.5773"]


def test_micrograds_sanity_check() -> None:
    x = Value(-4.0)
    z = 2 * x + 2 + x  # −10
    q = z.relu() + z * x  # 40, and q' = z + 3 x = −22
    y = (z * z).relu() + q + q * x
    y.backward()
    # y' = 2 z · 3 + q' + q' x + q
    assert (y.data, x.grad) == (-20.0, -60.0 - 22.0 + 88.0 + 40.0)


def test_a_diamond_adds_both_paths_and_a_second_backward_adds_nothing() -> None:
    a = Value(3.0)
    left, right = a * 2, a * a
    out = left * right + left  # 2 a³ + 2 a
    for _ in range(3):
        out.backward()
        assert (a.grad, left.grad, right.grad, out.grad) == (56.0, 10.0, 6.0, 1.0)


def test_backward_of_another_result_overwrites_the_gradients() -> None:
    a = Value(3.0)
    square, cube = a * a, a**3
    square.backward()
    cube.backward()
    assert (a.grad, cube.grad) == (27.0, 1.0)
    (square + cube).backward()
    assert (a.grad, square.grad, cube.grad) == (33.0, 1.0, 1.0)
    a.backward()
    assert (a.grad, square.grad) == (1.0, 1.0)


def test_time_grows_with_the_values_and_not_with_the_paths_between_them() -> None:
    value = first = Value(1.0)
    for _ in range(60):  # 2⁶⁰ paths
        value = value + value
    assert len(value.graph()) == 61
    value.backward()
    assert first.grad == 2.0**60


def test_a_value_used_early_and_late_waits_for_its_last_use() -> None:
    a = Value(2.0)
    b = a.exp()
    chain = b
    for _ in range(10):
        chain = chain * 1.0
    (b + chain).backward()  # 2 eᵃ
    assert a.grad == pytest.approx(2 * math.exp(2.0))


def test_the_graph_has_every_value_once_and_after_its_operands() -> None:
    v = named(a=2.0, b=3.0, unused=1.0)
    shared = v["a"] * v["b"]
    out = (shared + v["a"]) * (shared - 1).tanh()
    graph = out.graph()
    assert graph[-1] is out
    assert len(graph) == len(set(graph)) == 8  # a, b, ab, ab + a, 1, ab − 1, tanh, out
    assert v["unused"] not in graph
    for value in graph:
        for operand, _ in value.operands:
            assert graph.index(operand) < graph.index(value)


def test_operands_are_in_the_order_in_which_they_were_written() -> None:
    a, b = Value(6.0), Value(2.0)
    for operation in (operator.add, operator.sub, operator.mul, operator.truediv):
        assert [operand for operand, _ in operation(a, b).operands] == [a, b]
        number, value = (operand for operand, _ in operation(6, b).operands)
        assert (number.data, value) == (6.0, b)


def test_a_graph_may_be_far_deeper_than_python_calls_may_nest() -> None:
    first = value = Value(0.5)
    for _ in range(5_000):
        value = 1 - value
        value = -(value**1)
    assert len(value.graph()) == 20_001  # three operations and a 1 each
    value.backward()
    assert (value.data, value.grad, first.grad) == (0.5 - 5_000, 1.0, 1.0)
    del value  # and so it is freed


@pytest.mark.parametrize(
    ("mistake", "error"),
    [
        (lambda: Value(1.0) / 0, ZeroDivisionError),
        (lambda: Value(0.0) / Value(0.0), ZeroDivisionError),
        (lambda: 1 / Value(0.0), ZeroDivisionError),
        (lambda: Value(-8.0) ** (1 / 3), ValueError),
        (lambda: Value(0.0) ** -1, ValueError),
        (lambda: Value(0.0) ** Value(2.0), ValueError),
        (lambda: Value(-2.0) ** Value(2.0), ValueError),
        (lambda: (-2) ** Value(2.0), ValueError),
        (lambda: Value(0.0).log(), ValueError),
        (lambda: Value(-1.0).log(), ValueError),
        (lambda: Value(10.0) ** 400, OverflowError),
        (lambda: Value(10.0) ** Value(400.0), OverflowError),
        (lambda: Value(1000.0).exp(), OverflowError),
    ],
)
def test_what_has_no_value_raises(mistake: Callable[[], Value], error: type[Exception]) -> None:
    with pytest.raises(error):
        mistake()


@pytest.mark.parametrize(
    ("base", "exponent", "power", "slope"),
    [
        (0.0, 0.5, 0.0, math.inf),
        (1e-300, -1.0, 1e300, -math.inf),  # as 1 / Value(1e-300) has it
    ],
)
def test_a_power_has_a_value_even_if_its_slope_is_infinite(
    base: float, exponent: float, power: float, slope: float
) -> None:
    value = Value(base)
    out = value**exponent
    out.backward()
    assert out.data == pytest.approx(power)
    assert value.grad == slope


@pytest.mark.parametrize("z", [40.0, 710.0, 1000.0, 1e300, math.inf])
def test_sigmoid_and_tanh_saturate_and_never_overflow(z: float) -> None:
    for function, low in ((Value.sigmoid, 0.0), (Value.tanh, -1.0)):
        for sign, limit in ((1, 1.0), (-1, low)):
            value = Value(sign * z)
            out = function(value)
            out.backward()
            assert out.data == pytest.approx(limit, abs=1e-17)
            assert value.grad == pytest.approx(0.0, abs=1e-17)


@pytest.mark.parametrize("z", [-40.0, -700.0])
def test_the_tail_of_a_sigmoid_keeps_its_relative_precision(z: float) -> None:
    value = Value(z)
    out = value.sigmoid()
    out.backward()
    assert out.data == pytest.approx(math.exp(z), rel=1e-14, abs=0)
    assert value.grad == pytest.approx(math.exp(z), rel=1e-14, abs=0)


@pytest.mark.parametrize("kink", [0, 0.0, -0.0])
def test_at_its_kink_a_relu_has_the_slope_0(kink: float) -> None:
    value = Value(kink)
    out = value.relu()
    out.backward()
    assert (out.data, value.grad) == (0.0, 0.0)


def test_it_needs_the_standard_library_only() -> None:
    tree = ast.parse(Path(nnscratch.autograd.__file__).read_text(encoding="utf-8"))
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add((node.module or ".").split(".")[0])
    assert modules <= set(sys.stdlib_module_names)
