"""Simple models predict rows that they have not learned from."""

import warnings

import numpy as np

from nnscratch.insight.doctor.simple_models import (
    cross_validate,
    predict_by_neighbours,
    predict_classes,
    predict_numbers,
)


def test_each_fold_has_its_share_of_each_class_and_is_predicted_from_the_others() -> None:
    targets = np.eye(2)[[0] * 20 + [1] * 5]
    asked = []

    def note(x: np.ndarray, y: np.ndarray, unknown: np.ndarray) -> np.ndarray:
        assert y.sum(axis=0).tolist() == [16, 4]
        assert not set(x[:, 0]) & set(unknown[:, 0])
        asked.append(len(unknown))
        return np.hstack([unknown, -unknown])

    rows = np.arange(25.0)[:, np.newaxis]
    assert cross_validate(note, rows, targets)[:, 0].tolist() == rows[:, 0].tolist()
    assert asked == [5] * 5


def test_neighbours_of_fewer_rows_than_five_are_all_rows() -> None:
    x, y = np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [3.0], [8.0]])
    assert predict_by_neighbours(x, y, np.array([[0.5]])).tolist() == [[4.0]]


def test_a_class_that_is_alone_is_predicted_for_certain() -> None:
    x, y = np.array([[0.0], [1.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])
    assert predict_classes(x, y, np.array([[7.0]])).tolist() == [[0.0, 1.0]]


def test_no_warning_of_scikit_learn_reaches_the_user() -> None:
    x = np.random.default_rng(0).normal(size=(60, 3))
    # More classes than half of the rows, columns that are all the same, and numbers far apart.
    many = np.eye(40)[np.arange(60) % 40]
    for inputs in (x, np.repeat(x[:, :1], 3, axis=1), x * [1e-9, 1.0, 1e9]):
        for predict in (predict_classes, predict_numbers, predict_by_neighbours):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                cross_validate(predict, inputs, many)
            assert not caught
