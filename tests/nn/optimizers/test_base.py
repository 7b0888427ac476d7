"""What holds for every optimizer."""

from collections.abc import Callable

import numpy as np
import pytest

from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.optimizers.base import Optimizer
from tests.nn.optimizers.test_first_order import RATE, steps


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_prepare_forgets_earlier_steps(make: Callable[[], Optimizer]) -> None:
    optimizer = make()
    assert steps(optimizer) == steps(optimizer)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_float32_stays_float32_and_updates_in_place(make: Callable[[], Optimizer]) -> None:
    optimizer = make()
    params = np.ones(3, np.float32)
    memory = params.ctypes.data
    optimizer.prepare(params)
    optimizer.step(params, np.full(3, 0.5, np.float32), RATE)
    assert params.dtype == np.float32
    assert params.ctypes.data == memory
    assert (params < 1).all()
    assert all(slot.dtype == np.float32 for slot in optimizer.state.values())


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=list(OPTIMIZERS))
def test_a_gradient_is_left_as_it_was(make: Callable[[], Optimizer]) -> None:
    optimizer = make()
    params, grads = np.ones(2), np.array([0.5, -0.5])
    optimizer.prepare(params)
    optimizer.step(params, grads, RATE)
    assert grads.tolist() == [0.5, -0.5]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_keeps_as_many_vectors_as_it_says(name: str) -> None:
    optimizer = OPTIMIZERS[name]()
    optimizer.prepare(np.zeros(7))
    assert sum(array.size for array in optimizer.state.values()) == 7 * optimizer.vectors()


def test_only_a_line_search_takes_a_whole_step_first() -> None:
    for make in OPTIMIZERS.values():
        assert make.default_learning_rate == (1.0 if make.line_search else 0.001)
        assert hasattr(make, "search") is make.line_search
