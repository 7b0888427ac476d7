"""An epoch: every row once in an order of its own, and all of it or nothing."""

from math import nan

import numpy as np
import pytest

from nnscratch.nn.optimizers.first_order import Adam
from nnscratch.nn.training.epoch import Rollback, draw_batches


def test_batches_hold_each_row_once_in_another_order_each_epoch() -> None:
    orders = []
    for epoch in (1, 2):
        batches = [batch.tolist() for batch in draw_batches(10, 4, 42, epoch) if batch is not None]
        assert [len(batch) for batch in batches] == [4, 4, 2]
        orders.append([row for batch in batches for row in batch])
        assert sorted(orders[-1]) == [*range(10)]
    assert orders[0] != orders[1]
    again = [batch.tolist() for batch in draw_batches(10, 4, 42, 1) if batch is not None]
    assert [row for batch in again for row in batch] == orders[0]


@pytest.mark.parametrize("size", [None, 10, 11])
def test_a_full_batch_is_all_rows_in_their_own_order(size: int | None) -> None:
    assert list(draw_batches(10, size, 42, 1)) == [None]


def test_an_exception_puts_weights_and_states_back() -> None:
    weights, optimizer = np.ones(3), Adam()
    optimizer.prepare(weights)
    rollback = Rollback(weights, [optimizer])
    with rollback:
        optimizer.step(weights, np.ones(3), 0.1)
    kept, state = weights.copy(), optimizer.snapshot()

    def fail() -> None:
        optimizer.step(weights, np.ones(3), 0.1)
        weights[0] = nan
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), rollback:
        fail()
    assert weights.tobytes() == kept.tobytes()
    numbers, arrays = optimizer.snapshot()
    assert numbers == state[0]
    assert all(arrays[name].tobytes() == array.tobytes() for name, array in state[1].items())


def test_an_order_of_ones_own_takes_the_place_of_a_random_one() -> None:
    epochs = []

    def backwards(epoch: int) -> np.ndarray:
        epochs.append(epoch)
        return np.arange(5)[::-1]

    batches = [b.tolist() for b in draw_batches(5, 2, 42, 7, backwards) if b is not None]
    assert batches == [[4, 3], [2, 1], [0]]
    assert epochs == [7]
    assert list(draw_batches(5, 5, 42, 8, backwards)) == [None]
