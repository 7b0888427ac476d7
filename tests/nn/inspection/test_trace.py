"""What every layer gives and gets back: by hand, beside `backward`, and against differences."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.batch_norm import BatchNorm
from nnscratch.nn.inspection.blocks import trace_hidden
from nnscratch.nn.inspection.trace import trace, trace_forward
from nnscratch.nn.layers import Dropout
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adam
from nnscratch.nn.parameters import Array, Targets
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.step import first_step

FREE = Penalty()


def build(*, architecture: Any = (4, 3), outputs: int = 2, **arguments: Any) -> Network:
    """A network with no number where it starts, statistics included."""
    network = Network(3, architecture, outputs, seed=3, **{"dtype": "float64", **arguments})
    rng = np.random.default_rng(5)
    network.params.flat += rng.normal(scale=0.3, size=network.params.flat.size)
    for name, noted in network.statistics.items():
        noted[:] = rng.uniform(0.3, 2.0, noted.shape) - ("mean" in name)
    return network


def data(loss: str = "mean_squared_error", rows: int = 5) -> tuple[Array, Targets]:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(rows, 3))
    if LOSSES[loss].takes_indices:
        return x, rng.integers(0, 2, rows)
    y = rng.normal(size=(rows, 2))
    if loss == "binary_cross_entropy":
        return x, (y > 0).astype(float)
    return x, np.sign(y) if loss == "hinge" else y


def differences(objective: Callable[[], float], values: Array) -> Array:
    """Returns (L(v + h) − L(v − h)) / 2h for each v, which is moved in place."""
    slopes, h = np.empty_like(values), 1e-6
    for place in np.ndindex(values.shape):
        kept = values[place]
        values[place] = kept + h
        above = objective()
        values[place] = kept - h
        slopes[place] = (above - objective()) / (2 * h)
        values[place] = kept
    return slopes


def test_a_small_network_by_hand() -> None:
    network = Network(2, [2], 1, activation="relu", dtype="float64")
    network.params["dense_1.kernel"][:] = [[1.0, -1.0], [0.5, 1.0]]
    network.params["dense_1.bias"][:] = [0.0, -2.0]
    network.params["dense_2.kernel"][:] = [[3.0], [5.0]]
    network.params["dense_2.bias"][:] = -1.0
    traced = trace(network, np.array([[1.0, 2.0]]), np.array([[4.0]]))
    shown = [(t.name, t.inputs.tolist(), t.output.tolist()) for t in traced.layers]
    assert shown == [
        ("dense_1", [[1.0, 2.0]], [[2.0, -1.0]]),
        ("activation_1", [[2.0, -1.0]], [[2.0, 0.0]]),
        ("dense_2", [[2.0, 0.0]], [[5.0]]),
    ]
    assert traced.loss == 1.0
    assert [(name, grad.tolist()) for name, grad in traced.output_grads.items()] == [
        ("dense_1", [[6.0, 0.0]]),
        ("activation_1", [[6.0, 10.0]]),
        ("dense_2", [[2.0]]),
    ]
    assert network.grads["dense_1.kernel"].tolist() == [[6.0, 0.0], [12.0, 0.0]]
    assert network.grads["dense_1.bias"].tolist() == [6.0, 0.0]
    assert network.grads["dense_2.kernel"].tolist() == [[4.0], [0.0]]
    assert network.grads["dense_2.bias"].tolist() == [2.0]


def test_normalization_of_one_row_by_hand() -> None:
    # x̂ = (5 − 1) / √(3 + 1) = 2, y = 3 · 2 + 1 = 7, times 2 is 14; ∂loss/∂z = 2 (14 − 13) = 2.
    network = Network(
        1, [1], 1, activation="linear", dtype="float64", batch_norm={"epsilon": 1.0}
    )  # fmt: skip
    network.params.flat[:] = [5.0, 3.0, 1.0, 2.0, 0.0]  # kernel, γ, β, kernel, bias
    network.statistics["batch_norm_1.moving_mean"][:] = 1.0
    network.statistics["batch_norm_1.moving_variance"][:] = 3.0
    traced = trace(network, np.array([[1.0]]), np.array([[13.0]]))
    assert [t.output.item() for t in traced.layers] == [5.0, 7.0, 14.0]
    assert traced.loss == 1.0
    assert {name: grad.item() for name, grad in traced.output_grads.items()} == {
        "dense_1": 6.0,  # 4 · γ / 2
        "batch_norm_1": 4.0,
        "dense_2": 2.0,
    }
    assert network.grads.flat.tolist() == [6.0, 8.0, 4.0, 14.0, 2.0]


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_without_dropout_and_normalization_the_gradients_are_those_of_training(
    loss: str, activation: str, use_bias: bool
) -> None:
    network, (x, y) = build(loss=loss, activation=activation, use_bias=use_bias), data(loss)
    logits = network.forward(x, training=True).copy()
    expected, grad = network.loss(logits, y)
    network.backward(grad)
    grads = network.grads.flat.copy()
    network.grads.flat[:] = np.nan
    traced = trace(network, x, y)
    assert traced.loss == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(traced.layers[-1].output, logits, rtol=1e-14)
    np.testing.assert_allclose(network.grads.flat, grads, rtol=1e-12, atol=1e-15)


VARIANTS: list[dict[str, Any]] = [
    {},
    {"batch_norm": True},
    {"batch_norm": {"epsilon": 0.5}, "use_bias": False},
    {"batch_norm": True, "dropout": 0.5, "activation": "tanh"},
    {"batch_norm": True, "activation": "linear", "output_activation": "sigmoid"},
    {"architecture": [{"units": 4, "batch_norm": True}, 3, {"units": 2, "dropout": 0.9}]},
    {"architecture": []},
    {"batch_norm": True, "loss": "cross_entropy"},
    {"batch_norm": True, "loss": "binary_cross_entropy", "activation": "gelu"},
]


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_all_gradients_are_the_limits_of_differences_of_inference(
    variant: dict[str, Any], rows: int
) -> None:
    network = build(**variant)
    x, y = data(variant.get("loss", "mean_squared_error"), rows)
    traced = trace(network, x, y)
    grads, noted = network.grads.flat.copy(), network.statistics.flat.copy()

    def loss() -> float:
        return network.loss(network.logits(x), y)[0]

    assert traced.loss == pytest.approx(loss())
    slopes = differences(loss, network.params.flat)
    np.testing.assert_allclose(grads, slopes, rtol=1e-6, atol=1e-8)
    np.testing.assert_array_equal(network.statistics.flat, noted)
    # And those by what each layer gives, moved before it goes on through the others.
    assert list(traced.output_grads) == [t.name for t in traced.layers] == list(network.layers)
    for number, (name, _, _, output) in enumerate(traced.layers):

        def rest(start: int = number + 1, begin: Array = output) -> float:
            values = begin
            for layer in list(network.layers.values())[start:]:
                values = layer.forward(values)
            return network.loss(values, y)[0]

        slopes = differences(rest, output)
        np.testing.assert_allclose(traced.output_grads[name], slopes, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_layer_takes_what_the_one_before_gives(dtype: str) -> None:
    network = build(batch_norm=True, dropout=0.3, dtype=dtype)
    x = data(rows=6)[0].astype(dtype)
    layers = trace_forward(network, x)
    assert [(t.name, t.layer) for t in layers] == list(network.layers.items())
    values = x
    for name, layer, inputs, output in layers:
        np.testing.assert_array_equal(inputs, values)
        assert output.dtype == inputs.dtype == np.dtype(dtype)
        if name.startswith("dense"):
            expected: Array = inputs @ network.params[f"{name}.kernel"]
            expected = expected + network.params.get(f"{name}.bias", 0.0)
        elif isinstance(layer, BatchNorm):
            gamma, beta = (network.params[f"{name}.{part}"] for part in ("gamma", "beta"))
            expected = (inputs - layer.mean) / np.sqrt(layer.variance + 1e-5) * gamma + beta
        else:
            expected = inputs if isinstance(layer, Dropout) else np.maximum(inputs, 0.0)
        np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-6)
        values = output
    np.testing.assert_array_equal(values, network.forward(x))
    traced = trace(network, x, data(rows=6)[1].astype(dtype))
    for one, other in zip(layers, traced.layers, strict=True):
        np.testing.assert_array_equal(one.output, other.output)
    assert {grad.dtype for grad in traced.output_grads.values()} == {np.dtype(dtype)}


@pytest.mark.parametrize("output", ["linear", "tanh"])
def test_hidden_layers_are_shown_activated_and_the_last_layer_is_not_one(output: str) -> None:
    plain = {"units": 2, "activation": "linear", "batch_norm": False, "dropout": 0.0}
    network = build(
        architecture=[4, plain, {"units": 3, "batch_norm": False}], activation="sigmoid",
        batch_norm=True, dropout=0.5, output_activation=output,
    )  # fmt: skip
    x, p = data()[0], network.params
    noted = network.statistics
    z = (x @ p["dense_1.kernel"] - noted["batch_norm_1.moving_mean"]) / np.sqrt(
        noted["batch_norm_1.moving_variance"] + 1e-5
    )
    first = 1 / (1 + np.exp(-(z * p["batch_norm_1.gamma"] + p["batch_norm_1.beta"])))
    second = first @ p["dense_2.kernel"] + p["dense_2.bias"]
    third = 1 / (1 + np.exp(-(second @ p["dense_3.kernel"] + p["dense_3.bias"])))
    hidden = trace_hidden(network, x)
    assert list(hidden) == ["dense_1", "dense_2", "dense_3"]
    for values, expected in zip(hidden.values(), (first, second, third), strict=True):
        np.testing.assert_allclose(values, expected, rtol=1e-12)
    assert trace_hidden(build(architecture=[]), x) == {}


def test_dropout_lets_all_through_and_changes_no_gradient() -> None:
    dropping, plain, (x, y) = build(dropout=0.5), build(), data()
    traced, other = trace(dropping, x, y), trace(plain, x, y)
    assert traced.loss == other.loss
    np.testing.assert_array_equal(dropping.grads.flat, plain.grads.flat)
    for number in (1, 2):
        _, _, inputs, output = next(t for t in traced.layers if t.name == f"dropout_{number}")
        np.testing.assert_array_equal(inputs, output)
        np.testing.assert_array_equal(
            traced.output_grads[f"dropout_{number}"], traced.output_grads[f"activation_{number}"]
        )


@pytest.mark.parametrize("rows", [1, 5, 9])
def test_nothing_is_changed_that_training_goes_on_with(rows: int) -> None:
    def training(looked_at: bool) -> Iterator[Array]:
        network, (x, y) = build(batch_norm=True, dropout=0.5), data(rows=5)
        network.start_epoch(7, 1)
        for _ in range(3):
            if looked_at:
                before = network.weights.copy()
                trace(network, *data(rows=rows))
                np.testing.assert_array_equal(network.weights, before)
            network.backward(network.loss(network.forward(x, training=True), y)[1])
            network.params.flat -= 0.1 * network.grads.flat
            yield network.weights.copy()

    for one, other in zip(training(True), training(False), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("architecture", [[], [4, 3]])
def test_the_arrays_are_copies(architecture: list[int]) -> None:
    network, (x, y) = build(architecture=architecture, dropout=0.5, batch_norm=True), data()
    given = x.copy()
    traced = trace(network, x, y)
    np.testing.assert_array_equal(x, given)
    arrays = [a for t in traced.layers for a in (t.inputs, t.output)]
    arrays += traced.output_grads.values()
    kept = [array.copy() for array in arrays]
    trace(network, x + 1.0, y - 1.0)
    network.backward(network.loss(network.forward(x - 1.0, training=True), y)[1])
    network.weights[:] = 0.0
    x[:] = 100.0
    for array, copy in zip(arrays, kept, strict=True):
        np.testing.assert_array_equal(array, copy)


# ∂/∂w = 2 (z − y) x = (6, 8) at w = (1, −1), x = (3, 4), y = −2.
def one_layer() -> Network:
    network = Network(2, [], 1, use_bias=False, dtype="float64")
    network.params.flat[:] = [1.0, -1.0]
    trace(network, np.array([[3.0, 4.0]]), np.array([[-2.0]]))
    assert network.grads.flat.tolist() == [6.0, 8.0]
    return network


@pytest.mark.parametrize(
    ("penalty", "clip_norm", "max_norm", "grads", "step"),
    [
        (FREE, None, None, (6, 8), (-6, -8)),
        (FREE, 5.0, None, (3, 4), (-3, -4)),
        (FREE, 10.0, None, (6, 8), (-6, -8)),
        (Penalty(l2=0.5), None, None, (7, 7), (-7, -7)),
        (Penalty(l1=1.0, l2=0.5), None, None, (8, 6), (-8, -6)),
        # The penalty first, then the clipping, the step, and the bound: (1, −1) − (4, 3) halved.
        (Penalty(l1=1.0, l2=0.5), 5.0, None, (4, 3), (-4, -3)),
        (Penalty(l1=1.0, l2=0.5), 5.0, 2.5, (4, 3), (-2.5, -1)),
        (Penalty(l1=1.0, l2=0.5), 5.0, 99.0, (4, 3), (-4, -3)),
    ],
)
def test_the_first_step_by_hand(
    penalty: Penalty,
    clip_norm: float | None,
    max_norm: float | None,
    grads: tuple[float, float],
    step: tuple[float, float],
) -> None:
    network = one_layer()
    change = first_step(
        network, SGD(), 1.0, penalty=penalty, clip_norm=clip_norm, max_norm=max_norm
    )
    np.testing.assert_allclose(change, step, rtol=1e-14)
    np.testing.assert_allclose(network.grads.flat, grads, rtol=1e-14)
    np.testing.assert_allclose(network.params.flat, np.array([1.0, -1.0]) + step, rtol=1e-14)
    network.params.flat[:] = 0.0
    np.testing.assert_allclose(change, step, rtol=1e-14)  # it is no view


@pytest.mark.parametrize(
    ("optimizer", "step"),
    [
        (SGD(), (-0.6, -0.8)),
        (SGD(momentum=0.9), (-0.6, -0.8)),
        (SGD(momentum=0.5, nesterov=True), (-0.9, -1.2)),
        # m̂ = g and v̂ = g²: every step has the length of the learning rate.
        (Adam(), (-0.1, -0.1)),
        (Adam(beta_1=0.3, beta_2=0.5, epsilon=2.0), (-0.1 * 6 / 8, -0.1 * 8 / 10)),
    ],
    ids=repr,
)
def test_the_first_step_of_an_optimizer_by_hand(
    optimizer: Optimizer, step: tuple[float, float]
) -> None:
    for _ in range(2):  # what it knew before is forgotten
        change = first_step(one_layer(), optimizer, 0.1, penalty=FREE)
        np.testing.assert_allclose(change, step, rtol=1e-8)
        assert optimizer.steps == 1


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "lbfgs"])
@pytest.mark.parametrize(
    "arguments",
    [
        {"penalty": FREE},
        {"penalty": Penalty(l1=0.02, l2=0.1)},
        {"penalty": Penalty(l2=0.1), "clip_norm": 0.05, "max_norm": 0.4},
    ],
    ids=str,
)
def test_the_first_step_is_that_of_a_training(name: str, arguments: dict[str, Any]) -> None:
    looked_at, trained, (x, y) = build(), build(), data()
    before = trained.params.flat.copy()
    for _ in fit(
        trained, x, y, optimizer=OPTIMIZERS[name](), learning_rate=0.05, epochs=1,
        batch_size=None, **arguments,
    ):  # fmt: skip
        pass
    trace(looked_at, x, y)
    change = first_step(looked_at, OPTIMIZERS[name](), 0.05, **arguments)
    assert np.abs(change).max() > 0
    np.testing.assert_allclose(looked_at.params.flat, trained.params.flat, rtol=1e-12)
    np.testing.assert_array_equal(change, looked_at.params.flat - before)


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in ("lbfgs", "adamw")])
def test_without_a_gradient_nothing_moves(name: str) -> None:
    network = one_layer()
    network.grads.flat[:] = 0.0
    change = first_step(network, OPTIMIZERS[name](), 0.1, penalty=FREE, clip_norm=1.0)
    assert change.tolist() == [0.0, 0.0]
