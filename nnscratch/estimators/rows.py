"""The rows that training takes: dense ones as they are, sparse ones dense some at a time."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnscratch.nn.examples import Transform
from nnscratch.nn.network import ROWS_AT_ONCE
from nnscratch.nn.parameters import Array, Targets

# A piece of a sparse matrix takes about as many bytes when it is dense.
_DENSE_BYTES = 64_000_000


# Inputs, targets and perhaps weights.
Part = tuple[NDArray[Any], Targets, NDArray[Any] | None]
# Those to train on, those to validate on, and what makes inputs of theirs.
Parts = tuple[Part, Part | None, Transform | None]


class Rows(NamedTuple):
    """Some rows with their targets."""

    inputs: Any
    """(rows, features), an array or a sparse matrix."""
    targets: Targets
    """As the network's loss takes them."""
    weights: NDArray[np.floating] | None = None
    """(rows,)."""

    def __len__(self) -> int:
        return int(self.inputs.shape[0])


def take_apart(validation_data: Any) -> tuple[Any, Any, Any]:
    """Returns rows, targets and weights, which may be None, of rows to validate on.

    Raises:
        ValueError: They are something else.
    """
    if isinstance(validation_data, tuple | list) and len(validation_data) in (2, 3):
        x, y, *rest = validation_data
        return x, y, rest[0] if rest else None
    kind = type(validation_data).__name__
    raise ValueError(f"`validation_data` must be (X, y) or (X, y, sample_weight); got {kind}.")


def as_parts(train: Rows, validation: Rows | None, dtype: Any) -> Parts:
    """Returns what `fit` takes: two parts, and what makes inputs of theirs.

    The inputs of sparse rows are their numbers, because only a few of them are dense at a time.

    Args:
        train: The rows to train on.
        validation: The rows to evaluate on.
        dtype: The network's.
    """
    parts = [part for part in (train, validation) if part is not None]
    if not any(hasattr(part.inputs, "toarray") for part in parts):
        inputs, transform = [part.inputs for part in parts], None
    else:
        from scipy.sparse import csr_array, vstack

        rows = vstack([csr_array(part.inputs) for part in parts], format="csr")
        ends = np.cumsum([len(part) for part in parts])
        inputs = np.split(np.arange(ends[-1])[:, np.newaxis], ends[:-1])

        def transform(numbers: NDArray[Any]) -> Array:
            dense: Array = rows[numbers[:, 0]].toarray().astype(dtype, copy=False)
            return dense

    made = [(x, part.targets, part.weights) for x, part in zip(inputs, parts, strict=True)]
    return made[0], made[1] if validation is not None else None, transform


def dense_pieces(x: Any) -> Iterator[Any]:
    """Yields rows as dense arrays: an array as it is, a sparse matrix some rows at a time."""
    if not hasattr(x, "toarray"):
        yield x
        return
    rows, columns = x.shape
    at_once = min(max(_DENSE_BYTES // (8 * columns), 1), ROWS_AT_ONCE)
    by_rows = x.tocsr()
    for start in range(0, rows, at_once):
        yield by_rows[start : start + at_once].toarray()
