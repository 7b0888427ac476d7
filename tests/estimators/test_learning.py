"""What learns, how many rows a batch has, and their order: scikit-learn's."""

import numpy as np
import pytest
from sklearn.utils import shuffle

from nnscratch.estimators import MLPClassifier
from nnscratch.estimators.learning import batch_rows, create_learning, draw_order
from nnscratch.estimators.solvers import EpochRate
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.optimizers.lbfgs import LBFGS
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.schedules import CosineSchedule


def test_a_schedule_of_nnscratch_comes_before_a_rate_of_scikit_learn() -> None:
    learning = create_learning(MLPClassifier(solver="sgd", learning_rate="adaptive"))
    assert isinstance(learning.schedule, EpochRate)
    learning = create_learning(MLPClassifier(schedule="cosine", average=0.9))
    assert learning.schedule == CosineSchedule()
    assert learning.average == Average(0.9)
    # As in scikit-learn, only sgd has a rate that changes.
    assert create_learning(MLPClassifier(learning_rate="adaptive")).schedule is None


def test_rows_of_a_batch() -> None:
    assert batch_rows(MLPClassifier(), 1000, SGD()) == 200
    assert batch_rows(MLPClassifier(), 50, SGD()) == 50
    assert batch_rows(MLPClassifier(batch_size=7), 50, SGD()) == 7
    assert batch_rows(MLPClassifier(batch_size="full"), 50, SGD()) is None
    assert batch_rows(MLPClassifier(batch_size=7), 50, LBFGS()) is None
    with pytest.warns(UserWarning, match="It is going to be clipped"):
        assert batch_rows(MLPClassifier(batch_size=70), 50, SGD()) == 50


def test_the_order_of_each_epoch_is_theirs() -> None:
    order = draw_order(MLPClassifier(), 20, np.random.RandomState(5))
    random, expected = np.random.RandomState(5), np.arange(20)
    for epoch in (1, 2, 3):
        expected = shuffle(expected, random_state=random)
        np.testing.assert_array_equal(order(epoch), expected)
    plain = draw_order(MLPClassifier(shuffle=False), 4, np.random.RandomState(5))
    assert plain(1).tolist() == [0, 1, 2, 3]
