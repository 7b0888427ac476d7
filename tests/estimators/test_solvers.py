"""scikit-learn's solvers: its own updates as the oracle, and where L-BFGS ends."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from nnscratch.estimators import MLPRegressor
from nnscratch.estimators.solvers import EpochRate, StoppingLBFGS, create_solver
from nnscratch.nn.optimizers.first_order import RMSprop


def estimator(**settings: Any) -> SimpleNamespace:
    return SimpleNamespace(**MLPRegressor(**settings).get_params())


RATES = [0.1, 0.1, 0.02, 0.004, 0.004]


@pytest.mark.parametrize("nesterov", [True, False])
@pytest.mark.parametrize("momentum", [0.9, 0.0])
def test_momentum_is_theirs_while_the_rate_changes(momentum: float, nesterov: bool) -> None:
    ours = create_solver(estimator(solver="sgd", momentum=momentum, nesterovs_momentum=nesterov))
    params, theirs = np.array([1.0, -2.0, 0.5]), [np.array([1.0, -2.0, 0.5])]
    optimizer = SGDOptimizer(theirs, momentum=momentum, nesterov=nesterov)
    ours.prepare(params)
    rng = np.random.default_rng(0)
    for rate in RATES:
        grads = rng.normal(size=3)
        ours.step(params, grads, rate)
        optimizer.learning_rate = rate
        optimizer.update_params(theirs, [grads])
        np.testing.assert_allclose(params, theirs[0], rtol=1e-14)


def test_adam_is_theirs_for_tiny_gradients_too() -> None:
    ours = create_solver(estimator(solver="adam", beta_1=0.8, beta_2=0.95, epsilon=1e-4))
    params, theirs = np.array([1.0, -2.0, 0.5]), [np.array([1.0, -2.0, 0.5])]
    optimizer = AdamOptimizer(theirs, 0.01, 0.8, 0.95, 1e-4)
    ours.prepare(params)
    rng = np.random.default_rng(0)
    for _ in range(5):
        grads = rng.normal(size=3) * np.array([1.0, 1e-4, 1e-9])
        ours.step(params, grads, 0.01)
        optimizer.update_params(theirs, [grads])
        np.testing.assert_allclose(params, theirs[0], rtol=1e-13)


def test_other_solvers_come_by_name_or_mapping() -> None:
    assert create_solver(estimator(solver="rmsprop")) == RMSprop()
    assert create_solver(estimator(solver={"name": "rmsprop", "rho": 0.5})) == RMSprop(rho=0.5)
    with pytest.raises(ValueError, match="`rho` must be below 1"):
        create_solver(estimator(solver={"name": "rmsprop", "rho": 2.0}))


def minimize(optimizer: StoppingLBFGS, steps: int) -> np.ndarray:
    """Minimizes (x − 3)² + 10 (y + 1)² from 0, 0."""
    params, scales, center = np.zeros(2), np.array([1.0, 10.0]), np.array([3.0, -1.0])
    grads = np.empty(2)

    def objective() -> float:
        grads[:] = 2 * scales * (params - center)
        return float(np.sum(scales * (params - center) ** 2))

    optimizer.prepare(params)
    for _ in range(steps):
        optimizer.search(params, grads, 1.0, objective(), objective)
        if optimizer.finished:
            break
    return params


def test_lbfgs_ends_where_no_gradient_is_above_the_tolerance() -> None:
    optimizer = StoppingLBFGS(1e-8, 1000)
    np.testing.assert_allclose(minimize(optimizer, 100), [3.0, -1.0], atol=1e-8)
    assert optimizer.finished
    assert not optimizer.exhausted
    loose = StoppingLBFGS(1.0, 1000)
    assert np.abs(2 * np.array([1.0, 10.0]) * (minimize(loose, 100) - [3.0, -1.0])).max() <= 1.0
    assert loose.moves < optimizer.moves


def test_lbfgs_ends_when_the_loss_was_computed_often_enough() -> None:
    optimizer = StoppingLBFGS(1e-12, 3)
    minimize(optimizer, 100)
    assert optimizer.exhausted
    assert optimizer.evaluations >= 3


def test_the_first_step_moves_the_parameters_by_one_at_first() -> None:
    tried = []
    optimizer = StoppingLBFGS(1e-12, 1000)
    params, grads = np.zeros(2), np.array([3.0, 4.0])
    optimizer.prepare(params)

    def objective() -> float:
        tried.append(params.copy())
        grads[:] = params - [-3.0, -4.0]
        return float(np.sum((params - [-3.0, -4.0]) ** 2)) / 2

    optimizer.search(params, grads, 1.0, 12.5, objective)
    np.testing.assert_allclose(tried[0], [-0.6, -0.8], rtol=1e-15)


def test_a_rate_is_what_its_owner_makes_it() -> None:
    rate = EpochRate()
    assert rate.factor(7, 2, 10) == 1.0
    rate.scale = 0.2
    assert rate.factor(8, 2, 10) == 0.2
