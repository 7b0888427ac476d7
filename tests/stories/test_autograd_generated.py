"""Generated expressions have the gradients that complex steps and PyTorch find."""

import cmath
import operator
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from nnscratch.autograd import Value

# What is done with one or two numbers, the point, and ∂/∂x (and ∂/∂y) there, worked out by hand.

UNARY = ("exp", "log", "tanh", "relu", "sigmoid", "square", "root", "inverse", "minus")
BINARY = ("add", "sub", "mul", "truediv", "pow")
# A program: each step names an operation and which of the numbers so far it takes.
PROGRAMS = st.lists(
    st.tuples(st.sampled_from(UNARY + BINARY), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=14,
)
POWERS = {"square": 2, "root": 0.5, "inverse": -1}


def run(program: Sequence[tuple[str, int, int]], numbers: Sequence[Any], unary: Any) -> list[Any]:
    """Returns the numbers and what every step makes of them."""
    numbers = list(numbers)
    for name, i, j in program:
        x, y = numbers[i % len(numbers)], numbers[j % len(numbers)]
        if name in BINARY:
            numbers.append(getattr(operator, name)(x, y))
        elif name in POWERS:
            numbers.append(x ** POWERS[name])
        else:
            numbers.append(-x if name == "minus" else unary(name, x))
    return numbers


def complex_unary(name: str, z: complex) -> complex:
    if name == "relu":
        # The complex logarithm of 1 is only nearly 0, where the real one lies on the kink.
        return z if z.real > 1e-9 else 0j
    return 1 / (1 + cmath.exp(-z)) if name == "sigmoid" else complex(getattr(cmath, name)(z))


def tame(number: float) -> bool:
    return abs(number) < 1e4


@settings(max_examples=300, deadline=None)
@example(program=[("exp", 0, 0), ("log", 1, 1), ("relu", 2, 2)], start=[0.0])
@given(program=PROGRAMS, start=st.lists(st.floats(-3, 3), min_size=1, max_size=3))
def test_the_gradient_of_any_expression_is_that_of_a_complex_step(
    program: list[tuple[str, int, int]], start: list[float]
) -> None:
    leaves = [Value(number) for number in start]
    try:
        values = run(program, leaves, lambda name, x: getattr(x, name)())
    except (ZeroDivisionError, ValueError, OverflowError):
        assume(False)
        raise
    # Neither huge numbers nor huge slopes nor the vicinity of a kink.
    assume(all(tame(v.data) and (v.data == 0 or abs(v.data) > 1e-3) for v in values))
    assume(all(tame(slope) for v in values for _, slope in v.operands))
    values[-1].backward()
    assume(all(tame(v.grad) for v in values))
    h = 1e-30  # f(x + i h) = f(x) + i h f'(x), to the last digit
    for place, leaf in enumerate(leaves):
        shifted = [complex(v, h * (i == place)) for i, v in enumerate(start)]
        out = run(program, shifted, complex_unary)[-1]
        assert out.real == pytest.approx(values[-1].data, rel=1e-9, abs=1e-9)
        assert out.imag / h == pytest.approx(leaf.grad, rel=1e-8, abs=1e-8)


def test_torch_finds_the_same_gradients() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    def expression(a: Any, b: Any, c: Any) -> Any:
        d = (a * b + c).tanh() - (a / c).sigmoid() ** 3
        e = (d * d + 1.5).log() * (b - a).relu() + (-c).exp() / (2 - a)
        return e * d + (b * b + 0.1) ** -0.5 + 3 / (e + 7) + (a - 5).relu() - (c * c) ** a

    for point in ([0.3, 1.7, -0.8], [-1.2, 0.4, 2.5], [0.0, 2.0, 1.0]):
        ours = [Value(number) for number in point]
        theirs = [torch.tensor(n, dtype=torch.float64, requires_grad=True) for n in point]
        out, expected = expression(*ours), expression(*theirs)
        out.backward()
        expected.backward()
        assert out.data == pytest.approx(expected.item(), rel=1e-12)
        assert [v.grad for v in ours] == pytest.approx([t.grad.item() for t in theirs], rel=1e-12)
