"""PyTorch computes the same from the same weights on the same batches, where it is installed."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.losses.classification import CrossEntropy
from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.registry import create
from nnscratch.nn.training.fit import fit
from nnscratch.nn.training.schedules import SCHEDULES

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
    # Ours has bounds relative to the learning rate, which is 0.01 here.
    ({"name": "rprop"}, "Rprop", {"step_sizes": (1e-6, 50.0)}),
    ({"name": "lbfgs"}, "LBFGS", {"max_iter": 1, "history_size": 10}),
]  # fmt: skip
KINKED = ("mean_absolute_error", "hinge")
KINKED_REASON = (
    "PyTorch forgets a pair of a curvature below 1e-10, ours one whose curvature rounding hides; "
    "where a loss has kinks, many are in between"
)
LOSS_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "binary_cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits,
    "cross_entropy": torch.nn.functional.cross_entropy,
    "mean_squared_error": torch.nn.functional.mse_loss,
    "mean_absolute_error": torch.nn.functional.l1_loss,
    "huber": torch.nn.functional.huber_loss,
    "log_cosh": lambda z, y: torch.log(torch.cosh(z - y)).mean(),
    "hinge": lambda z, y: torch.clamp(1.0 - y * z, min=0.0).mean(),
}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    # Most have the name that PyTorch gives them.
    **{
        name: getattr(torch.nn.functional, name)
        for name in ACTIVATIONS
        if hasattr(torch.nn.functional, name)
    },
    "linear": lambda z: z,
    "exponential": torch.exp,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "gelu": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "softplus": lambda z: torch.nn.functional.softplus(z, threshold=1e9),
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": torch.nn.functional.hardsigmoid,
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
        elif loss == "hinge":
            made.append((x, np.sign(y)))
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
    made = batches(loss)
    if isinstance(mine, LBFGS):  # which compares the gradients of different steps
        made = made[:1] * STEPS
    for step, (x, y) in enumerate(made):
        rate = 0.01 * rates.factor(step, STEPS, 1)
        network.backward(network.loss(network.forward(x), y)[1])
        mine.step(network.params.flat, network.grads.flat, rate)

        def closure(x: np.ndarray = x, y: np.ndarray = y) -> Any:
            hidden = torch.tensor(x) @ theirs["dense_1.kernel"] + theirs["dense_1.bias"]
            active = FUNCTIONS[activation](hidden)
            logits = active @ theirs["dense_2.kernel"] + theirs["dense_2.bias"]
            other.zero_grad()
            value = LOSS_FUNCTIONS[loss](logits, torch.tensor(y))
            value.backward()
            return value

        for group in other.param_groups:
            group["lr"] = rate
        other.step(closure)
    return max(
        float(np.abs(array - theirs[name].detach().numpy()).max())
        for name, array in network.params.items()
    )


def test_every_component_has_its_counterpart_in_torch() -> None:
    assert {spec["name"] for spec, _, _ in OPTIMIZER_PAIRS} == set(OPTIMIZERS)
    assert set(LOSS_FUNCTIONS) == set(LOSSES)
    assert set(FUNCTIONS) == set(ACTIVATIONS)


@pytest.mark.parametrize(("optimizer", "twin", "arguments"), OPTIMIZER_PAIRS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_optimizer_on_every_loss(
    optimizer: dict[str, Any], twin: str, arguments: dict[str, Any], loss: str
) -> None:
    if twin == "LBFGS" and loss in KINKED:
        pytest.skip(KINKED_REASON)
    assert largest_difference(optimizer, twin, arguments, loss=loss) < TOLERANCE


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str) -> None:
    assert largest_difference({"name": "adam"}, "Adam", {}, activation=activation) < TOLERANCE


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("optimizer", "twin"), [("sgd", "SGD"), ("adam", "Adam")])
def test_every_schedule(optimizer: str, twin: str, schedule: str) -> None:
    assert largest_difference({"name": optimizer}, twin, {}, schedule=schedule) < TOLERANCE


@pytest.mark.parametrize("loss", [loss for loss in LOSSES if loss not in KINKED])
def test_lbfgs_with_its_line_search(loss: str) -> None:
    # Without max_eval their search would give up after one trial.
    network = Network(
        INPUTS, [UNITS], OUTPUTS, activation="tanh", loss=loss, seed=1, dtype="float64"
    )
    x, y = batches(loss)[0]
    theirs = {n: torch.tensor(a.copy(), requires_grad=True) for n, a in network.params.items()}
    other = torch.optim.LBFGS(
        list(theirs.values()),
        max_iter=1,
        max_eval=26,
        history_size=10,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Any:
        hidden = torch.tanh(torch.tensor(x) @ theirs["dense_1.kernel"] + theirs["dense_1.bias"])
        logits = hidden @ theirs["dense_2.kernel"] + theirs["dense_2.bias"]
        other.zero_grad()
        value = LOSS_FUNCTIONS[loss](logits, torch.tensor(y))
        value.backward()
        return value

    epochs = fit(network, x, y, optimizer=LBFGS(), learning_rate=1.0, epochs=STEPS, batch_size=None)
    for record in epochs:
        value = float(other.step(closure).detach())
        if value < 1e-5:  # where their search ends, because the gradient is small
            break
        assert record.scores["loss"] == pytest.approx(value, rel=1e-9)
        for name, array in network.params.items():
            np.testing.assert_allclose(array, theirs[name].detach().numpy(), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weights", [None, (1.0, 0.5, 3.0)])
def test_label_smoothing_and_class_weights(
    smoothing: float, weights: tuple[float, ...] | None
) -> None:
    rng = np.random.default_rng(2)
    logits, targets = rng.normal(size=(ROWS, OUTPUTS)), rng.integers(0, OUTPUTS, ROWS)
    loss, grad = CrossEntropy(label_smoothing=smoothing, class_weight=weights)(logits, targets)
    theirs = torch.tensor(logits, requires_grad=True)
    # PyTorch divides by the weights' sum and weighs each class of a smoothed target by itself; by
    # the definition the whole of a row's loss counts as its class does.
    each = torch.nn.functional.cross_entropy(
        theirs, torch.tensor(targets), label_smoothing=smoothing, reduction="none"
    )
    scale = torch.ones(OUTPUTS) if weights is None else torch.tensor(weights)
    value = (each * scale[torch.tensor(targets)]).mean()
    value.backward()
    assert loss == pytest.approx(float(value.detach()), rel=1e-12)
    np.testing.assert_allclose(grad, theirs.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("use_bias", [True, False])
def test_batch_normalization(use_bias: bool) -> None:
    norm = {"momentum": 0.9, "epsilon": 1e-5}
    network = Network(
        INPUTS, [UNITS], OUTPUTS, activation="tanh", batch_norm=norm, use_bias=use_bias, seed=1,
        dtype="float64",
    )  # fmt: skip
    theirs = {n: torch.tensor(a.copy(), requires_grad=True) for n, a in network.params.items()}
    mean, variance = torch.zeros(UNITS), torch.ones(UNITS)
    mine, other = create(OPTIMIZERS, "sgd"), torch.optim.SGD(list(theirs.values()), lr=0.1)
    mine.prepare(network.params.flat)

    def forward(x: np.ndarray, *, training: bool) -> Any:
        hidden = torch.nn.functional.batch_norm(
            torch.tensor(x) @ theirs["dense_1.kernel"], mean, variance,
            theirs["batch_norm_1.gamma"], theirs.get("batch_norm_1.beta"), training, 0.1, 1e-5,
        )  # fmt: skip
        return torch.tanh(hidden) @ theirs["dense_2.kernel"] + theirs.get("dense_2.bias", 0.0)

    for x, y in batches("mean_squared_error"):
        network.backward(network.loss(network.forward(x, training=True), y)[1])
        mine.step(network.params.flat, network.grads.flat, 0.1)
        other.zero_grad()
        torch.nn.functional.mse_loss(forward(x, training=True), torch.tensor(y)).backward()
        other.step()
    for name, array in network.params.items():
        np.testing.assert_allclose(array, theirs[name].detach().numpy(), atol=TOLERANCE)
    np.testing.assert_allclose(network.statistics["batch_norm_1.moving_mean"], mean, atol=TOLERANCE)
    np.testing.assert_allclose(
        network.statistics["batch_norm_1.moving_variance"], variance, atol=TOLERANCE
    )
    rows = batches("mean_squared_error")[0][0]
    expected = forward(rows, training=False).detach().numpy()
    np.testing.assert_allclose(network.predict(rows), expected, atol=TOLERANCE)


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
def test_the_rates_of_a_schedule_are_those_of_torch(
    spec: dict[str, Any], make: Callable[[Any], Any]
) -> None:
    schedule = create(SCHEDULES, spec)
    ours = [schedule.factor(step, 1, 20) for step in range(20)]
    np.testing.assert_allclose(ours, rates_of_theirs(make, 20), rtol=1e-10, atol=1e-12)
