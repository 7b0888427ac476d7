"""Rows: dense ones as they are, sparse ones dense some at a time."""

import numpy as np
import pytest
from scipy.sparse import csc_matrix, csr_array

from nnscratch.estimators import rows as module
from nnscratch.estimators.rows import Rows, as_parts, dense_pieces

DENSE = np.arange(12.0).reshape(6, 2) % 5
TARGETS = np.arange(6.0)[:, np.newaxis]


def test_dense_rows_are_handed_on() -> None:
    train, validation, transform = as_parts(Rows(DENSE, TARGETS), None, np.float64)
    assert train[0] is DENSE
    assert train[1:] == (TARGETS, None)
    assert (validation, transform) == (None, None)


@pytest.mark.parametrize("kind", [csr_array, csc_matrix])
def test_sparse_rows_of_both_parts_become_dense_by_their_numbers(kind: type) -> None:
    weights = np.ones(2)
    one, two = Rows(kind(DENSE[:4]), TARGETS[:4]), Rows(kind(DENSE[4:]), TARGETS[4:], weights)
    train, validation, transform = as_parts(one, two, np.float32)
    assert validation is not None
    assert transform is not None
    np.testing.assert_array_equal(transform(train[0][[3, 0]]), DENSE[[3, 0]])
    np.testing.assert_array_equal(transform(validation[0]), DENSE[4:])
    assert transform(train[0]).dtype == np.float32
    assert validation[2] is weights
    assert (len(one), len(two)) == (4, 2)


def test_pieces_of_a_sparse_matrix_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_DENSE_BYTES", 64)
    pieces = list(dense_pieces(csr_array(DENSE)))
    assert [len(piece) for piece in pieces] == [4, 2]
    np.testing.assert_array_equal(np.vstack(pieces), DENSE)
    assert next(dense_pieces(DENSE)) is DENSE
