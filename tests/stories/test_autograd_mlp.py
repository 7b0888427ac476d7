"""Neurons, layers and MLPs of Values compute what is worked out by hand, and learn four points."""

import math

import pytest

from nnscratch.autograd import MLP, Layer, Neuron, Value

# What is done with one or two numbers, the point, and ∂/∂x (and ∂/∂y) there, worked out by hand.


def test_a_neuron_by_hand() -> None:
    weights, bias = [Value(2.0), Value(-1.0)], Value(0.5)
    plain = Neuron(weights, bias, activation=None)
    assert plain([3, Value(4.0)]).data == 2.5
    assert Neuron(weights, bias, Value.relu)([0, 1.0]).data == 0.0
    assert Neuron(weights, bias)([3, 4]).data == pytest.approx(math.tanh(2.5))
    assert plain.parameters() == [*weights, bias]
    layer = Layer([plain, Neuron(weights, Value(0.0), None)])  # which share their weights
    first, second = layer([3.0, 4.0])
    assert (first.data, second.data) == (2.5, 2.0)
    (first * second).backward()
    assert [v.grad for v in layer.parameters()] == [13.5, 18.0, 2.0, 13.5, 18.0, 2.5]


@pytest.mark.parametrize("x", [[], [1.0, 2.0], [1.0, 2.0, 3.0, 4.0]])
def test_an_input_of_another_length_is_refused(x: list[float]) -> None:
    with pytest.raises(ValueError, match="zip"):
        MLP(3, [2, 1])(x)


def test_an_mlp_has_the_given_shape() -> None:
    network = MLP(3, [4, 4, 1])
    shapes = [[len(n.weights) for n in layer.neurons] for layer in network.layers]
    assert shapes == [[3] * 4, [4] * 4, [4]]
    parameters = network.parameters()
    assert len(parameters) == len(set(parameters)) == 41  # as the lecture counts
    neurons = [neuron for layer in network.layers for neuron in layer.neurons]
    assert all(neuron.bias.data == 0.0 for neuron in neurons)
    weights = [weight.data for neuron in neurons for weight in neuron.weights]
    assert all(-1.0 <= weight <= 1.0 for weight in weights)
    assert len(set(weights)) == 32
    assert min(weights) < -0.5 < 0.5 < max(weights)
    assert [len(MLP(2, [5])([1.0, 2.0])), len(MLP(1, [2, 3])([1]))] == [5, 3]


def test_the_seed_decides_the_weights() -> None:
    def weights(seed: int) -> list[float]:
        return [value.data for value in MLP(3, [4, 1], seed=seed).parameters()]

    assert weights(42) == [value.data for value in MLP(3, [4, 1]).parameters()]
    assert weights(1) == weights(1) != weights(42)


def test_without_an_activation_an_mlp_is_linear() -> None:
    network = MLP(2, [3, 2], activation=None)

    def of(*x: float) -> list[float]:
        return [value.data for value in network(x)]

    one, other = of(1.0, 0.0), of(0.0, 1.0)
    assert of(2.0, -3.0) == pytest.approx([2 * a - 3 * b for a, b in zip(one, other, strict=True)])


@pytest.mark.parametrize("seed", [42, 0, 1, 2])
def test_gradient_descent_learns_the_four_points_of_the_lecture(seed: int) -> None:
    points = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    targets = [1.0, -1.0, -1.0, 1.0]
    network = MLP(3, [4, 4, 1], seed=seed)
    losses = []
    for _ in range(100):
        outputs = [network(point)[0] for point in points]
        squares = [(out - y) ** 2 for out, y in zip(outputs, targets, strict=True)]
        loss = squares[0] + squares[1] + squares[2] + squares[3]
        loss.backward()
        for parameter in network.parameters():
            parameter.data -= 0.05 * parameter.grad
        losses.append(loss.data)
    assert losses[0] > 1.0
    assert losses[-1] < 0.05
    assert [round(network(point)[0].data) for point in points] == targets
