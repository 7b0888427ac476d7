"""Three steps of every optimizer against plain Python arithmetic that follows the papers."""

from math import sqrt

import numpy as np
import pytest

from nnscratch.nn.optimizers.base import Optimizer
from nnscratch.nn.optimizers.first_order import SGD, Adagrad, Adam, AdamW, Nadam, RMSprop

RATE = 0.1
START = 1.0
GRADIENTS = [0.5, -2.0, 1.0]


def steps(optimizer: Optimizer) -> list[float]:
    """Runs the optimizer over the gradients and returns where the parameter is after each."""
    params = np.array([START])
    optimizer.prepare(params)
    path = []
    for gradient in GRADIENTS:
        optimizer.step(params, np.array([gradient]), RATE)
        path.append(float(params[0]))
    return path


def test_sgd_by_hand() -> None:
    # 1 - 0.05, + 0.2, - 0.1
    assert steps(SGD()) == pytest.approx([0.95, 1.15, 1.05], rel=1e-15)


def test_momentum_by_hand() -> None:
    # v: 0.5, 0.9 * 0.5 - 2 = -1.55, 0.9 * -1.55 + 1 = -0.395
    assert steps(SGD(momentum=0.9)) == pytest.approx([0.95, 1.105, 1.1445], rel=1e-14)


def test_nesterov_by_hand() -> None:
    # g + 0.9 v: 0.95, -2 - 1.395 = -3.395, 1 - 0.3555 = 0.6445
    expected = [0.905, 1.2445, 1.18005]
    assert steps(SGD(momentum=0.9, nesterov=True)) == pytest.approx(expected, rel=1e-14)


def test_adagrad_by_hand() -> None:
    # s: 0.25, 4.25, 5.25
    expected, theta = [], START
    for gradient, total in zip(GRADIENTS, [0.25, 4.25, 5.25], strict=True):
        theta -= RATE * gradient / (sqrt(total) + 1e-8)
        expected.append(theta)
    assert steps(Adagrad(epsilon=1e-8)) == pytest.approx(expected, rel=1e-14)


def test_nadam_by_hand() -> None:
    def momentum(t: int) -> float:
        return float(0.9 * (1 - 0.5 * 0.96 ** (0.004 * t)))

    expected, theta, m, v, product = [], START, 0.0, 0.0, 1.0
    for t, g in enumerate(GRADIENTS, start=1):
        product *= momentum(t)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        ahead = momentum(t + 1) * m / (1 - product * momentum(t + 1))
        ahead += (1 - momentum(t)) * g / (1 - product)
        theta -= RATE * ahead / (sqrt(v / (1 - 0.999**t)) + 1e-8)
        expected.append(theta)
    assert steps(Nadam()) == pytest.approx(expected, rel=1e-13)


def test_rmsprop_by_hand() -> None:
    # s with rho 0.9: 0.1 * 0.25, 0.9 * 0.025 + 0.1 * 4, 0.9 * 0.4225 + 0.1
    expected, theta = [], START
    for gradient, average in zip(GRADIENTS, [0.025, 0.4225, 0.48025], strict=True):
        theta -= RATE * gradient / (sqrt(average) + 1e-6)
        expected.append(theta)
    assert steps(RMSprop(rho=0.9, epsilon=1e-6)) == pytest.approx(expected, rel=1e-14)


def adam_by_the_paper(decay: float = 0.0) -> list[float]:
    """Kingma & Ba's algorithm 1, line by line; decay as Loshchilov & Hutter put it."""
    beta_1, beta_2, epsilon = 0.8, 0.95, 1e-3
    m = v = 0.0
    theta, path = START, []
    for t, g in enumerate(GRADIENTS, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g * g
        m_hat = m / (1 - beta_1**t)
        v_hat = v / (1 - beta_2**t)
        theta = theta - RATE * decay * theta - RATE * m_hat / (sqrt(v_hat) + epsilon)
        path.append(theta)
    return path


def test_adam_by_the_papers_algorithm() -> None:
    path = steps(Adam(beta_1=0.8, beta_2=0.95, epsilon=1e-3))
    assert path == pytest.approx(adam_by_the_paper(), rel=1e-14)


def test_the_first_step_of_adam_is_the_learning_rate() -> None:
    # m̂ / √v̂ = g / |g| at the first step, whatever the betas
    assert steps(Adam(epsilon=1e-12))[0] == pytest.approx(START - RATE, rel=1e-10)


def test_adamw_by_the_papers_algorithm() -> None:
    path = steps(AdamW(beta_1=0.8, beta_2=0.95, epsilon=1e-3, weight_decay=0.3))
    assert path == pytest.approx(adam_by_the_paper(decay=0.3), rel=1e-14)


@pytest.mark.parametrize(
    ("optimizer", "steps"),
    [
        (SGD(momentum=0.9), 1500),
        (RMSprop(), 1500),
        (Adam(beta_2=0.9), 1500),
        (Nadam(beta_2=0.9), 1500),
    ],
)
def test_what_has_faded_is_zero_and_no_denormal_number(optimizer: Optimizer, steps: int) -> None:
    params = np.ones(10, np.float32)
    optimizer.prepare(params)
    optimizer.step(params, np.full(10, 1e-3, np.float32), 0.01)
    for _ in range(steps):
        optimizer.step(params, np.zeros(10, np.float32), 0.01)
        smallest = np.finfo(np.float32).tiny
        for vector in optimizer.state.values():
            assert not ((vector != 0) & (np.abs(vector) < smallest)).any()
    assert all(not vector.any() for vector in optimizer.state.values())
