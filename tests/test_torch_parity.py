"""A second opinion: PyTorch, from the same weights on the same batches, where it is installed."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create
from nnscratch.nn.schedules import SCHEDULES

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch==2.13.0")

STEPS, ROWS, INPUTS, UNITS, OUTPUTS = 50, 8, 5, 7, 3
TOLERANCE = 1e-10

OPTIMIZER_PAIRS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"name": "sgd"}, "SGD", {}),
    ({"name": "sgd", "momentum": 0.9}, "SGD", {"momentum": 0.9}),
    (
        {"name": "sgd", "momentum": 0.9, "nesterov": True},
        "SGD",
        {"momentum": 0.9, "nesterov": True},
    ),
    ({"name": "adagrad"}, "Adagrad", {"eps": 1e-8}),
    ({"name": "rmsprop"}, "RMSprop", {"alpha": 0.9, "eps": 1e-8}),
    ({"name": "adam"}, "Adam", {}),
    ({"name": "adam", "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-4}, "Adam",
     {"betas": (0.5, 0.9), "eps": 1e-4}),
    ({"name": "adamw", "weight_decay": 0.1}, "AdamW", {"weight_decay": 0.1}),
    ({"name": "nadam"}, "NAdam", {}),
]  # fmt: skip
LOSS_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "binary_cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits,
    "cross_entropy": torch.nn.functional.cross_entropy,
    "mean_squared_error": torch.nn.functional.mse_loss,
    "mean_absolute_error": torch.nn.functional.l1_loss,
    "huber": torch.nn.functional.huber_loss,
    "log_cosh": lambda z, y: torch.log(torch.cosh(z - y)).mean(),
}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "elu": torch.nn.functional.elu,
    "gelu": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "silu": torch.nn.functional.silu,
    "softplus": lambda z: torch.nn.functional.softplus(z, threshold=1e9),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


@pytest.fixture(autouse=True)
def double() -> Iterator[None]:
    """Has PyTorch keep its own scalars, such as a product of momenta, in float64 too."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def batches(loss: str) -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(7)
    made = []
    for _ in range(STEPS):
        x, y = rng.normal(size=(ROWS, INPUTS)), rng.normal(size=(ROWS, OUTPUTS))
        if loss == "cross_entropy":
            made.append((x, y.argmax(axis=1)))
        else:
            made.append((x, (y > 0) * 1.0 if loss == "binary_cross_entropy" else y))
    return made


def largest_difference(
    optimizer: dict[str, Any], twin: str, arguments: dict[str, Any], *,
    loss: str = "mean_squared_error", activation: str = "tanh", schedule: str = "constant",
) -> float:  # fmt: skip
    """Trains the same network twice, 50 steps each, and compares all parameters."""
    network = Network(
        INPUTS, [UNITS], OUTPUTS, activation=activation, loss=loss, seed=1, dtype="float64"
    )
    theirs = {
        name: torch.tensor(array.copy(), requires_grad=True)
        for name, array in network.params.items()
    }
    mine, rates = create(OPTIMIZERS, optimizer), create(SCHEDULES, schedule)
    mine.prepare(network.params.flat)
    other = getattr(torch.optim, twin)(list(theirs.values()), lr=0.01, **arguments)
    for step, (x, y) in enumerate(batches(loss)):
        rate = 0.01 * rates.factor(step, STEPS, 1)
        network.backward(network.loss(network.forward(x), y)[1])
        mine.step(network.params.flat, network.grads.flat, rate)

        hidden = torch.tensor(x) @ theirs["dense_1.kernel"] + theirs["dense_1.bias"]
        logits = FUNCTIONS[activation](hidden) @ theirs["dense_2.kernel"] + theirs["dense_2.bias"]
        other.zero_grad()
        LOSS_FUNCTIONS[loss](logits, torch.tensor(y)).backward()
        for group in other.param_groups:
            group["lr"] = rate
        other.step()
    return max(
        float(np.abs(array - theirs[name].detach().numpy()).max())
        for name, array in network.params.items()
    )


def test_every_part_has_its_twin() -> None:
    assert {spec["name"] for spec, _, _ in OPTIMIZER_PAIRS} == set(OPTIMIZERS)
    assert set(LOSS_FUNCTIONS) == set(LOSSES)
    assert set(FUNCTIONS) == set(ACTIVATIONS)


@pytest.mark.parametrize(("optimizer", "twin", "arguments"), OPTIMIZER_PAIRS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_optimizer_on_every_loss(
    optimizer: dict[str, Any], twin: str, arguments: dict[str, Any], loss: str
) -> None:
    assert largest_difference(optimizer, twin, arguments, loss=loss) < TOLERANCE


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str) -> None:
    assert largest_difference({"name": "adam"}, "Adam", {}, activation=activation) < TOLERANCE


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("optimizer", "twin"), [("sgd", "SGD"), ("adam", "Adam")])
def test_every_schedule(optimizer: str, twin: str, schedule: str) -> None:
    assert largest_difference({"name": optimizer}, twin, {}, schedule=schedule) < TOLERANCE


def rates_of_theirs(make: Callable[[Any], Any], steps: int) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize(
    ("spec", "make"),
    [
        ({"name": "cosine"}, lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=20)),
        (
            {"name": "cosine", "end": 0.1},
            lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=20, eta_min=0.1),
        ),
        (
            {"name": "linear", "end": 0.25},
            lambda o: torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.25, total_iters=20),
        ),
        (
            {"name": "polynomial", "power": 3.0},
            lambda o: torch.optim.lr_scheduler.PolynomialLR(o, total_iters=20, power=3.0),
        ),
        ({"name": "exponential"}, lambda o: torch.optim.lr_scheduler.ExponentialLR(o, gamma=0.95)),
        (
            {"name": "step", "every": 4, "gamma": 0.5},
            lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=4, gamma=0.5),
        ),
        (
            {"name": "inverse_time", "decay_rate": 0.5},
            lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda t: 1 / (1 + 0.5 * t)),
        ),
    ],
)
def test_the_rates_of_a_schedule_are_theirs(
    spec: dict[str, Any], make: Callable[[Any], Any]
) -> None:
    schedule = create(SCHEDULES, spec)
    ours = [schedule.factor(step, 1, 20) for step in range(20)]
    np.testing.assert_allclose(ours, rates_of_theirs(make, 20), rtol=1e-10, atol=1e-12)
