"""A scalar reverse-mode autograd engine: numbers that remember how they were computed.

It shares no code with `nnscratch.nn`, which works on arrays with derivatives written by hand, so
each is an independent check of the other. It needs only the standard library.
"""

import math
from collections.abc import Callable, Sequence
from numbers import Real
from random import Random

Number = int | float


class Value:
    """A number, the operands it was computed from, and the derivative of a result by it.

    Every operation records its local derivatives. From them `backward` computes all the others by
    the chain rule: ∂result/∂operand is the sum over all uses of ∂result/∂use · ∂use/∂operand. The
    design is that of Karpathy's micrograd (2020); the method: Griewank & Walther 2008, chapter 3.

    Args:
        data: The number.
        operands: The values it was computed from, each with the derivative of this number by it.
        operation: The operation, such as `+`; empty for a number that was given.
        label: Its name in a drawing of the graph.

    Attributes:
        grad: ∂result/∂this after `result.backward()`; 0 before.
    """

    __slots__ = ("data", "grad", "label", "operands", "operation")

    def __init__(
        self,
        data: Number,
        operands: tuple[tuple["Value", float], ...] = (),
        operation: str = "",
        label: str = "",
    ) -> None:
        self.data = float(data)
        self.grad = 0.0
        self.operands = operands
        self.operation = operation
        self.label = label

    def __repr__(self) -> str:
        return f"Value({self.data:g})"

    def __add__(self, other: "Value | Number") -> "Value":
        other = _as_value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)), "+")

    def __mul__(self, other: "Value | Number") -> "Value":
        other = _as_value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)), "*")

    def __sub__(self, other: "Value | Number") -> "Value":
        other = _as_value(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)), "-")

    def __truediv__(self, other: "Value | Number") -> "Value":
        """Raises ZeroDivisionError where `other` is 0."""
        other = _as_value(other)
        ratio = self.data / other.data
        return Value(ratio, ((self, 1.0 / other.data), (other, -ratio / other.data)), "/")

    def __pow__(self, exponent: "Value | Number") -> "Value":
        """The power; where the exponent is a Value, exp(exponent · log(this)) for this > 0.

        Raises:
            ValueError: The power is not a real number, such as (−8) ** (1 / 3) or 0 ** −1.
            OverflowError: The power is too large for a float.
        """
        if isinstance(exponent, Value):
            return (exponent * self.log()).exp()
        power = math.pow(self.data, exponent)
        try:
            slope = exponent * math.pow(self.data, exponent - 1) if exponent else 0.0
        except (OverflowError, ValueError):  # too steep for a float, as √z is at 0
            slope = exponent * power / self.data if self.data else math.inf
        return Value(power, ((self, slope),), f"** {exponent:g}")

    def __neg__(self) -> "Value":
        return Value(-self.data, ((self, -1.0),), "neg")

    def __radd__(self, other: Number) -> "Value":
        return _as_value(other) + self

    def __rmul__(self, other: Number) -> "Value":
        return _as_value(other) * self

    def __rsub__(self, other: Number) -> "Value":
        return _as_value(other) - self

    def __rtruediv__(self, other: Number) -> "Value":
        return _as_value(other) / self

    def __rpow__(self, other: Number) -> "Value":
        return _as_value(other) ** self

    def exp(self) -> "Value":
        """The exponential e ** this; raises OverflowError if it is too large for a float."""
        result = math.exp(self.data)
        return Value(result, ((self, result),), "exp")

    def log(self) -> "Value":
        """The natural logarithm; raises ValueError unless this is above 0."""
        return Value(math.log(self.data), ((self, 1.0 / self.data),), "log")

    def tanh(self) -> "Value":
        """The hyperbolic tangent t, whose derivative is 1 − t²."""
        result = math.tanh(self.data)
        return Value(result, ((self, 1.0 - result * result),), "tanh")

    def cos(self) -> "Value":
        """The cosine, whose derivative is −sin."""
        return Value(math.cos(self.data), ((self, -math.sin(self.data)),), "cos")

    def relu(self) -> "Value":
        """The positive part max(z, 0), whose derivative is 1 where z > 0, else 0."""
        return Value(max(self.data, 0.0), ((self, float(self.data > 0.0)),), "relu")

    def sigmoid(self) -> "Value":
        """The logistic σ(z) = 1 / (1 + exp(−z)), with derivative σ (1 − σ); it never overflows."""
        small = math.exp(-abs(self.data))
        result = (1.0 if self.data >= 0.0 else small) / (1.0 + small)
        return Value(result, ((self, small / (1.0 + small) ** 2),), "sigmoid")

    def graph(self) -> list["Value"]:
        """Returns every value that this was computed from, operands first; this comes last."""
        order: list[Value] = []
        seen: set[Value] = set()
        # An explicit stack, because a graph may be deeper than Python's recursion limit.
        stack = [(self, False)]
        while stack:
            value, operands_done = stack.pop()
            if operands_done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                stack.append((value, True))
                stack.extend((operand, False) for operand, _ in value.operands)
        return order

    def backward(self) -> None:
        """Sets the `grad` of every v that this was computed from, itself included, to ∂this/∂v."""
        order = self.graph()
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for operand, slope in value.operands:
                operand.grad += slope * value.grad


class Neuron:
    """A neuron, f(w · x + b).

    Args:
        weights: w, one Value for each number in x.
        bias: b.
        activation: f, such as `Value.tanh`; None for f(z) = z.
    """

    def __init__(
        self,
        weights: Sequence[Value],
        bias: Value,
        activation: Callable[[Value], Value] | None = Value.tanh,
    ) -> None:
        self.weights = list(weights)
        self.bias = bias
        self.activation = activation

    def __call__(self, x: Sequence[Value | Number]) -> Value:
        z = self.bias
        for weight, value in zip(self.weights, x, strict=True):
            z = z + weight * value
        return self.activation(z) if self.activation else z

    def parameters(self) -> list[Value]:
        """Returns the weights and the bias."""
        return [*self.weights, self.bias]


class Layer:
    """A layer: neurons that all see the same x.

    Args:
        neurons: Its neurons, one for each output.
    """

    def __init__(self, neurons: Sequence[Neuron]) -> None:
        self.neurons = list(neurons)

    def __call__(self, x: Sequence[Value | Number]) -> list[Value]:
        return [neuron(x) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Returns the parameters of all neurons."""
        return [value for neuron in self.neurons for value in neuron.parameters()]


class MLP:
    """A multi-layer perceptron: layers applied one after the other.

    Args:
        inputs: The length of x.
        widths: The number of neurons in each layer; the last is the number of outputs.
        activation: The activation of every neuron; None for f(z) = z.
        seed: Seed for the weights, which are uniform in [−1, 1]; biases are 0.
    """

    def __init__(
        self,
        inputs: int,
        widths: Sequence[int],
        activation: Callable[[Value], Value] | None = Value.tanh,
        seed: int = 42,
    ) -> None:
        random = Random(seed)  # noqa: S311 - weights are no secret

        def neuron(fan_in: int) -> Neuron:
            weights = [Value(random.uniform(-1.0, 1.0)) for _ in range(fan_in)]
            return Neuron(weights, Value(0.0), activation)

        fans = [inputs, *widths[:-1]]
        self.layers = [
            Layer([neuron(fan_in) for _ in range(width)])
            for fan_in, width in zip(fans, widths, strict=True)
        ]

    def __call__(self, x: Sequence[Value | Number]) -> list[Value]:
        values: list[Value | Number] = list(x)
        for layer in self.layers:
            values = [*layer(values)]
        return [_as_value(value) for value in values]

    def parameters(self) -> list[Value]:
        """Returns the parameters of all layers."""
        return [value for layer in self.layers for value in layer.parameters()]


def _as_value(number: Value | Number) -> Value:
    if isinstance(number, Value):
        return number
    if not isinstance(number, Real):
        raise TypeError(f"a Value computes with numbers; got {number!r}")
    return Value(number)
