"""What an estimator's parameters may be, in scikit-learn's words, and the network they describe."""

from collections.abc import Mapping, Sequence
from math import inf, sqrt
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils._param_validation import Interval, Options, StrOptions

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.initializers import INITIALIZERS
from nnscratch.nn.losses.base import Loss
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.training.schedules import SCHEDULES

# What scikit-learn calls activations that have another name here.
ACTIVATION_NAMES = {"identity": "linear", "logistic": "sigmoid"}

_SHARE = Interval(Real, 0, 1, closed="left")
_AT_LEAST_0 = Interval(Real, 0, None, closed="left")
_ABOVE_0 = Interval(Real, 0, None, closed="neither")
_COUNT = Interval(Integral, 1, None, closed="left")

CONSTRAINTS: dict[str, list[Any]] = {
    "hidden_layer_sizes": ["array-like", _COUNT],
    "activation": [StrOptions({*ACTIVATIONS, *ACTIVATION_NAMES}), dict],
    "solver": [StrOptions({*OPTIMIZERS}), dict],
    "alpha": [_AT_LEAST_0],
    "batch_size": [StrOptions({"auto", "full"}), _COUNT],
    "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"})],
    "learning_rate_init": [_ABOVE_0],
    "power_t": [_AT_LEAST_0],
    "max_iter": [_COUNT],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "tol": [_AT_LEAST_0],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": [_SHARE],
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [_SHARE],
    "beta_1": [_SHARE],
    "beta_2": [_SHARE],
    "epsilon": [_ABOVE_0],
    "n_iter_no_change": [_COUNT, Options(Real, {inf})],
    "max_fun": [_COUNT],
    "dropout": [_SHARE],
    "batch_norm": ["boolean", dict],
    "use_bias": ["boolean"],
    "initializer": [StrOptions({*INITIALIZERS, "auto"}), dict, None],
    "schedule": [StrOptions({*SCHEDULES}), dict, None],
    "l1": [_AT_LEAST_0],
    "l2": [_AT_LEAST_0],
    "clip_norm": [_ABOVE_0, None],
    "max_norm": [_ABOVE_0, None],
    "average": [_SHARE, None],
}


def activation_of(given: Any) -> Any:
    """Returns an activation as a network takes it."""
    return ACTIVATION_NAMES.get(given, given) if isinstance(given, str) else given


def hidden_layers(given: Any) -> list[Any]:
    """Returns hidden layers as a network takes them: numbers of units, or mappings.

    Raises:
        ValueError: A layer has no unit.
    """
    layers = list(given) if hasattr(given, "__iter__") else [given]
    sizes = [layer.get("units", 0) if isinstance(layer, Mapping) else layer for layer in layers]
    if np.any(np.array(sizes) <= 0):
        raise ValueError(f"hidden_layer_sizes must be > 0, got {layers}.")
    return [
        {**layer, "activation": activation_of(layer["activation"])}
        if isinstance(layer, Mapping) and "activation" in layer
        else layer
        for layer in layers
    ]


def sizes_of(layers: Sequence[Any]) -> list[int]:
    """Returns the units of each layer: numbers, mappings or those of a network."""
    return [
        int(layer["units"] if isinstance(layer, Mapping) else getattr(layer, "units", layer))
        for layer in layers
    ]


def build_network(
    estimator: Any,
    inputs: int,
    outputs: int,
    loss: Loss,
    dtype: Any,
    random: np.random.RandomState | None = None,
    hidden: list[Any] | None = None,
) -> Network:
    """Returns the network that an estimator's parameters describe.

    With no `initializer` its initial weights are those that scikit-learn draws from the same random
    state: biases too, from U(−l, l), l = √(6 / (inputs + units)), or √(2 / …) for `logistic`.

    Args:
        estimator: The estimator.
        inputs: The number of features.
        outputs: The number of outputs.
        loss: Its loss.
        dtype: float32 or float64.
        random: Draws the weights; without it they are zeros.
        hidden: The hidden layers, if they are other ones than the parameters say.
    """
    network = Network(
        inputs,
        hidden_layers(estimator.hidden_layer_sizes) if hidden is None else hidden,
        outputs,
        activation=activation_of(estimator.activation),
        dropout=estimator.dropout,
        batch_norm=estimator.batch_norm,
        use_bias=bool(estimator.use_bias),
        initializer="zeros" if random is None else estimator.initializer or "zeros",
        loss=loss,
        seed=0 if random is None or not estimator.initializer else draw_seed(random),
        dtype=np.dtype(dtype).name,
    )
    if random is not None and not estimator.initializer:
        factor = 2.0 if estimator.activation == "logistic" else 6.0
        for dense in network.dense:
            limit = sqrt(factor / sum(dense.kernel.shape))
            dense.kernel[:] = random.uniform(-limit, limit, dense.kernel.shape)
            if dense.bias is not None:
                dense.bias[:] = random.uniform(-limit, limit, dense.units)
    return network


def draw_seed(random: np.random.RandomState) -> int:
    """Returns a seed for what draws its own random numbers."""
    return int(random.randint(np.iinfo(np.int32).max))


def set_weights(network: Network, coefs: list[Any], intercepts: list[Any]) -> None:
    """Copies weights and biases into a network, those excepted that are its own arrays.

    Raises:
        ValueError: Their shapes are not those of the network.
    """
    for i, dense in enumerate(network.dense):
        for own, given in ((dense.kernel, coefs[i]), (dense.bias, intercepts[i])):
            if own is None or own is given:
                continue
            if own.shape != np.shape(given):
                raise ValueError(
                    f"Layer {i} of `coefs_` and `intercepts_` must have the shape {own.shape}; "
                    f"got {np.shape(given)}."
                )
            own[:] = given
