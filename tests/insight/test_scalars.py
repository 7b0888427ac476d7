"""The network of scalars and `nnscratch.nn`: two computations that must agree on every gradient."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.autograd import MLP, Value
from nnscratch.insight.scalars import ScalarNetwork, as_values, scalar_loss
from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.inspection.trace import trace
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Targets
from nnscratch.nn.registry import create

LOGISTIC = ("binary_cross_entropy", "cross_entropy")
PLAIN = [name for name in LOSSES if name not in LOGISTIC]
# Those that grow no faster than z, so that nothing behind them overflows.
TAME = [name for name in ACTIVATIONS if create(ACTIVATIONS, name)(np.array([1e3]))[0] < 2e3]
WITH_ARGUMENTS = [
    {"name": "leaky_relu", "negative_slope": 0.3},
    {"name": "leaky_relu", "negative_slope": 0.0},
    {"name": "elu", "alpha": 0.4},
    {"name": "elu", "alpha": 2.5},
]


def disturb(network: Network, seed: int = 5) -> None:
    """Moves every number away from where it starts, variances upward."""
    rng = np.random.default_rng(seed)
    network.params.flat += rng.normal(scale=0.4, size=network.params.flat.size)
    for name, noted in network.statistics.items():
        noted[:] = (
            rng.uniform(0.3, 2, noted.shape) if "var" in name else rng.normal(size=len(noted))
        )


def build(*, outputs: int = 2, architecture: Any = (4, 3), **arguments: Any) -> Network:
    network = Network(3, architecture, outputs, seed=3, **{"dtype": "float64", **arguments})
    disturb(network)
    return network


def data(loss: str, rows: int, outputs: int, seed: int = 4) -> tuple[np.ndarray, Targets]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 3))
    if LOSSES[loss].takes_indices:
        return x, rng.integers(0, outputs, rows)
    if loss == "binary_cross_entropy":
        return x, rng.integers(0, 2, (rows, outputs)).astype(float)
    y = rng.normal(scale=2.0, size=(rows, outputs))
    return x, np.sign(y) if loss == "hinge" else y


def scalar_gradients(network: Network, x: np.ndarray, y: Targets) -> tuple[float, dict[str, Any]]:
    scalars = ScalarNetwork(network)
    loss = scalars.loss(scalars.logits(x), y)
    loss.backward()
    grads = {
        name: np.array([value.grad for value in values.flat]).reshape(values.shape)
        for name, values in scalars.params.items()
    }
    return loss.data, grads


def assert_agreement(network: Network, x: np.ndarray, y: Targets, rtol: float = 1e-9) -> None:
    """Compares the loss and the gradient of every parameter."""
    loss, grads = scalar_gradients(network, x, y)
    assert list(grads) == list(network.params)
    if network.mixes_rows:  # training would normalize by the batch
        expected = trace(network, x, y).loss
    else:
        expected, grad = network.loss(network.forward(x, training=True), y)
        network.backward(grad)
    assert loss == pytest.approx(expected, rel=rtol, abs=1e-12)
    for name, grad in grads.items():
        assert grad.shape == network.grads[name].shape
        np.testing.assert_allclose(grad, network.grads[name], rtol, 1e-12, err_msg=name)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_gradient_is_the_same(loss: str, activation: str, batch_norm: bool) -> None:
    network = build(loss=loss, activation=activation, batch_norm=batch_norm)
    assert_agreement(network, *data(loss, rows=3, outputs=2))
    assert all(np.abs(grad).max() > 0 for grad in network.grads.values())


@pytest.mark.parametrize("input_scale", [False, True])
@pytest.mark.parametrize("columns", [None, (1,), (2, 0, 1)])
def test_what_comes_before_the_first_layer_agrees(
    columns: tuple[int, ...] | None, input_scale: bool
) -> None:
    waves = {"columns": columns, "waves": 3, "size": 2, "sigma": 1.0}
    for loss in ("cross_entropy", "mean_squared_error"):
        network = build(
            loss=loss,
            activation="selu",
            input_scale=input_scale,
            numeric_embedding=waves if columns else None,
        )
        assert_agreement(network, *data(loss, rows=3, outputs=2))


@pytest.mark.parametrize("input_scale", [False, True])
def test_pieces_before_the_first_layer_agree(input_scale: bool) -> None:
    edges = ((-0.5, 0.1, 0.9), (3.0,), (-0.2, 0.0, 0.4, 2.0))
    means = ((0.9, 0.25), (), (1.0, 0.5, 0.0))
    pieces = {"name": "piecewise_linear", "columns": (2, 1, 0), "edges": edges, "means": means}
    network = build(activation="selu", input_scale=input_scale, numeric_embedding=pieces)
    x, y = data("mean_squared_error", rows=5, outputs=2)
    assert_agreement(network, x, y)
    # The gradients by the inputs too, at edges as well.
    x[0] = [0.0, 0.3, 0.1]
    values = as_values(x, "x")
    scalars = ScalarNetwork(network)
    scalars.loss(scalars.logits(values), y).backward()
    expected = trace(network, x, y).output_grads["embedding"]
    through = network.layers["embedding"].backward(expected)
    found = np.vectorize(lambda value: value.grad)(values)
    np.testing.assert_allclose(found, through, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("batch_norm", [False, {"momentum": 0.5, "epsilon": 0.3}])
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("architecture", [(), (1,), (5,), (3, 2, 3, 2, 3)], ids=str)
@pytest.mark.parametrize("rows", [1, 7])
def test_every_shape_agrees(
    rows: int, architecture: tuple[int, ...], use_bias: bool, batch_norm: Any
) -> None:
    for loss, outputs in product(("binary_cross_entropy", "mean_squared_error"), (1, 3)):
        network = build(
            loss=loss, outputs=outputs, architecture=architecture, activation="tanh",
            use_bias=use_bias, batch_norm=batch_norm,
        )  # fmt: skip
        assert_agreement(network, *data(loss, rows, outputs))


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("outputs", [1, 2, 4])
@pytest.mark.parametrize("loss", LOGISTIC)
def test_smoothed_labels_and_weighted_classes_agree(
    loss: str, outputs: int, weighted: bool, smoothing: float
) -> None:
    count = outputs if loss == "cross_entropy" else 2
    weights = [0.5, 3.0, 0.0, 1.0][:count] if weighted else None
    spec = {"name": loss, "label_smoothing": smoothing, "class_weight": weights}
    assert_agreement(build(loss=spec, outputs=outputs), *data(loss, rows=6, outputs=outputs))


def test_targets_between_the_classes_agree() -> None:
    spec = {"name": "binary_cross_entropy", "label_smoothing": 0.2, "class_weight": (2.0, 0.3)}
    x, _ = data("cross_entropy", rows=4, outputs=2)
    assert_agreement(build(loss=spec), x, np.random.default_rng(1).random((4, 2)))


@pytest.mark.parametrize("activation", WITH_ARGUMENTS, ids=str)
def test_activations_with_arguments_agree(activation: dict[str, Any]) -> None:
    architecture = [{"units": 4, "activation": activation}, {"units": 5, "activation": "tanh"}]
    network = build(architecture=architecture, output_activation=activation)
    assert_agreement(network, *data("mean_squared_error", rows=5, outputs=2))


@pytest.mark.parametrize("delta", [0.01, 0.5, 3.0, 1e3])
def test_huber_with_another_delta_agrees(delta: float) -> None:
    network = build(loss={"name": "huber", "delta": delta})
    assert_agreement(network, *data("huber", rows=8, outputs=2))


@pytest.mark.parametrize("output", ACTIVATIONS)
@pytest.mark.parametrize("loss", PLAIN)
def test_output_activations_of_losses_of_plain_numbers_agree(loss: str, output: str) -> None:
    network = build(loss=loss, output_activation=output, activation="silu")
    assert_agreement(network, *data(loss, rows=4, outputs=2))


@pytest.mark.parametrize("size", [20.0, 3000.0])
@pytest.mark.parametrize("activation", TAME)
@pytest.mark.parametrize("loss", LOSSES)
def test_saturated_networks_agree_and_nothing_overflows(
    loss: str, activation: str, size: float
) -> None:
    network = build(loss=loss, activation=activation, architecture=[4])
    x, y = data(loss, rows=5, outputs=2)
    assert_agreement(network, size * x, y)


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", [*ACTIVATIONS, *WITH_ARGUMENTS], ids=str)
def test_where_every_sum_is_exactly_0_the_slopes_agree(activation: Any, batch_norm: bool) -> None:
    # The row 0, 0 of a gate, before training has moved a bias: there relu and its kind have a kink.
    network = Network(
        3, [4, 3], 2, activation=activation, batch_norm=batch_norm, dtype="float64", seed=1
    )
    y = np.array([[1.0, -2.0]])
    assert_agreement(network, np.zeros((1, 3)), y)
    assert_agreement(network, np.array([[0.0, 0.0, 0.0], [1.0, -1.0, 0.0]]), np.repeat(y, 2, 0))


# The loss, the logit, the target and ∂loss/∂logit by nn's definition, where there is a kink.
AT_KINKS: list[tuple[Any, float, float, float]] = [
    ("mean_absolute_error", 1.5, 1.5, 0.0),
    ({"name": "huber", "delta": 0.5}, 2.5, 2.0, 0.5),
    ({"name": "huber", "delta": 0.5}, 1.5, 2.0, -0.5),
    ({"name": "huber", "delta": 0.5}, 2.0, 2.0, 0.0),
    ("hinge", 1.0, 1.0, 0.0),
    ("hinge", -1.0, -1.0, 0.0),
    ("log_cosh", 3.0, 3.0, 0.0),
    ("mean_squared_error", 3.0, 3.0, 0.0),
    ("binary_cross_entropy", 0.0, 1.0, -0.5),
    ("binary_cross_entropy", 0.0, 0.0, 0.5),
]


@pytest.mark.parametrize(("loss", "logit", "target", "slope"), AT_KINKS)
def test_the_slope_at_a_losss_kink_is_the_documented_one(
    loss: Any, logit: float, target: float, slope: float
) -> None:
    logits, targets = np.array([[logit]]), np.array([[target]])
    assert create(LOSSES, loss)(logits, targets)[1].tolist() == [[slope]]
    values = as_values(logits, "z")
    scalar_loss(create(LOSSES, loss), values, targets).backward()
    assert values[0, 0].grad == pytest.approx(slope, abs=1e-16)


def test_equal_logits_share_the_cross_entropy_by_hand() -> None:
    # p = ¼ each: the loss is ln 4, and the gradient p − one-hot.
    values = as_values(np.full((1, 4), 7.0), "z")
    loss = scalar_loss(create(LOSSES, "cross_entropy"), values, np.array([2]))
    loss.backward()
    assert loss.data == pytest.approx(np.log(4.0))
    assert [value.grad for value in values[0]] == pytest.approx([0.25, 0.25, -0.75, 0.25])


def test_a_wrong_derivative_of_nn_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    network, (x, y) = build(activation="tanh"), data("huber", rows=3, outputs=2)
    before = scalar_gradients(network, x, y)

    def doubled(self: object, z: np.ndarray, output: np.ndarray, grad: np.ndarray) -> None:
        grad *= 2 * (1 - output * output)

    monkeypatch.setattr(ACTIVATIONS["tanh"], "backward", doubled)
    loss, grads = scalar_gradients(network, x, y)
    assert loss == before[0]
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, before[1][name])  # it shares nothing with nn
    with pytest.raises(AssertionError, match=r"dense_1\.kernel"):
        assert_agreement(network, x, y)


def test_dropout_lets_everything_through() -> None:
    kept, dropping = build(), build(dropout=0.5)
    x, y = data("huber", rows=3, outputs=2)
    loss, grads = scalar_gradients(kept, x, y)
    other, others = scalar_gradients(dropping, x, y)
    assert loss == other
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, others[name])


def test_values_are_labelled_by_their_place_and_hold_the_very_weights() -> None:
    network = build(architecture=[2], dtype="float32", batch_norm=True)
    before = network.weights.copy()
    params = ScalarNetwork(network).params
    assert list(params) == list(network.params)
    for name, values in params.items():
        assert values.shape == network.params[name].shape
        for place, value in np.ndenumerate(values):
            assert value.label == f"{name}[{', '.join(map(str, place))}]"
            assert value.data == network.params[name][place]  # to the last bit
    assert params["dense_1.kernel"][2, 1].label == "dense_1.kernel[2, 1]"
    x, y = data("huber", rows=2, outputs=2)
    assert scalar_gradients(network, x, y)[0] == pytest.approx(
        network.loss(network.logits(x), y)[0], rel=1e-5
    )
    np.testing.assert_array_equal(network.weights, before)


def test_inputs_may_be_values_and_get_gradients_too() -> None:
    network, (x, y) = build(activation="gelu"), data("log_cosh", rows=2, outputs=2)
    scalars, inputs = ScalarNetwork(network), as_values(x, "x")
    loss = scalars.loss(scalars.logits(inputs), y)
    loss.backward()
    assert {inputs[0, 0], inputs[1, 2], scalars.params["dense_1.bias"][0]} <= set(loss.graph())
    for place, value in np.ndenumerate(inputs):
        losses = []
        for step in (1e-6, -1e-6):
            moved = x.copy()
            moved[place] += step
            losses.append(network.loss(network.logits(moved), y)[0])
        assert value.grad == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6, abs=1e-9)


def test_the_small_mlp_of_the_engine_computes_what_a_network_does() -> None:
    network = build(architecture=[4, 3], activation="tanh", output_activation="tanh")
    mlp = MLP(3, [4, 3, 2])
    for number, layer in enumerate(mlp.layers, start=1):
        for unit, neuron in enumerate(layer.neurons):
            neuron.bias.data = float(network.params[f"dense_{number}.bias"][unit])
            for weight, w in zip(
                neuron.weights, network.params[f"dense_{number}.kernel"][:, unit], strict=True
            ):
                weight.data = float(w)
    x, y = data("mean_squared_error", rows=1, outputs=2)
    outputs = mlp(x[0].tolist())
    assert [out.data for out in outputs] == pytest.approx(network.logits(x)[0].tolist())
    squares = [(out - target) ** 2 for out, target in zip(outputs, y[0].tolist(), strict=True)]
    ((squares[0] + squares[1]) / 2).backward()
    trace(network, x, y)
    expected = network.grads["dense_1.kernel"].T.tolist()
    assert [[w.grad for w in n.weights] for n in mlp.layers[0].neurons] == [
        pytest.approx(row) for row in expected
    ]


ACTIVATION = st.sampled_from([*TAME, *WITH_ARGUMENTS])
LAYER = st.fixed_dictionaries(
    {"units": st.integers(1, 4), "activation": ACTIVATION, "batch_norm": st.booleans()}
)
SHARE = st.sampled_from([0.0, 0.25, 1.0])


@settings(max_examples=150, deadline=None)
@given(
    architecture=st.lists(LAYER, max_size=3),
    loss=st.sampled_from(list(LOSSES)),
    output=ACTIVATION,
    outputs=st.integers(1, 3),
    rows=st.integers(1, 4),
    use_bias=st.booleans(),
    smoothing=SHARE,
    weights=st.none() | st.lists(st.floats(0, 9), min_size=3, max_size=3),
    delta=st.floats(0.1, 4),
    disturbed=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_generated_networks_agree(
    architecture: list[dict[str, Any]], loss: str, output: Any, outputs: int, rows: int,
    use_bias: bool, smoothing: float, weights: list[float] | None, delta: float, disturbed: bool,
    seed: int,
) -> None:  # fmt: skip
    spec: dict[str, Any] = {"name": loss}
    if loss in LOGISTIC:
        count = outputs if loss == "cross_entropy" else 2
        spec |= {"label_smoothing": smoothing, "class_weight": weights and weights[:count]}
    elif loss == "huber":
        spec["delta"] = delta
    network = Network(
        3, architecture, outputs, loss=spec, use_bias=use_bias, seed=seed, dtype="float64",
        output_activation="auto" if loss in LOGISTIC else output,
    )  # fmt: skip
    if disturbed:
        disturb(network, seed)
    x, y = data(loss, rows, outputs, seed)
    x[0] *= seed % 2  # a row of zeros, where biases of 0 make every sum 0, as often as not
    assert_agreement(network, x, y, rtol=1e-7)


def test_no_value_is_shared_by_two_parameters() -> None:
    values: list[Value] = [v for a in ScalarNetwork(build()).params.values() for v in a.flat]
    assert len(set(values)) == len(values) == 3 * 4 + 4 + 4 * 3 + 3 + 3 * 2 + 2
