"""Examples: inputs, targets and weights, given to a network piece by piece in its own precision.

Inputs may be kept in a smaller form, such as the bytes of images, and are converted when they are
used; so a data set of bytes never needs four times its memory.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnscratch.nn.network import ROWS_AT_ONCE, Network
from nnscratch.nn.parameters import Array, Targets

Transform = Callable[[NDArray[Any]], Array]
# Inputs and targets; perhaps followed by the weights of the rows, or None.
Part = tuple[ArrayLike, ArrayLike] | tuple[ArrayLike, ArrayLike, ArrayLike | None]


class Examples:
    """Rows of inputs with their targets, checked against a network once.

    Args:
        network: Whose widths, dtype and loss they must fit.
        inputs: (rows, inputs); or what `transform` takes, (rows, columns).
        targets: As the network's loss takes them: numbers (rows, outputs), or class indices
            (rows,) for cross_entropy.
        transform: Turns some rows into (rows, inputs) of the network's dtype.
        weights: How much each row counts (rows,), at least 0; all the same unless given.

    Attributes:
        before_piece: Called before each of the `pieces`, if it is given.

    Raises:
        ValueError: The shapes do not fit the network or each other, there are no rows, or a target
            is no index of a class, or the weights are below 0, or their sum is 0 or not finite.
    """

    def __init__(
        self,
        network: Network,
        inputs: ArrayLike,
        targets: ArrayLike,
        transform: Transform | None = None,
        weights: ArrayLike | None = None,
    ) -> None:
        self._transform = transform
        self.before_piece: Callable[[], None] | None = None
        rows = network.as_inputs(inputs) if transform is None else inputs
        # Rows gathered from an array that lies column by column take fifty times as long.
        self.inputs: NDArray[Any] = np.ascontiguousarray(rows)
        if transform is not None:
            _check_transform(network, transform, self.inputs[:1])
        self.targets = _as_targets(network, targets, len(self.inputs))
        self.weights = None
        if weights is not None:
            self.weights = _as_weights(network, weights, len(self.inputs))

    def __len__(self) -> int:
        return len(self.inputs)

    def size(self, chosen: NDArray[np.intp] | None = None) -> float:
        """Returns how much some rows count together: their number, or the sum of their weights.

        Args:
            chosen: The indices of the rows; all rows unless given.
        """
        if self.weights is None:
            return len(self.inputs if chosen is None else chosen)
        return sum_of(self.weights if chosen is None else self.weights.take(chosen))

    def pieces(
        self, chosen: NDArray[np.intp] | None = None, at_once: int = ROWS_AT_ONCE
    ) -> Iterator[tuple[Array, Targets, Array | None]]:
        """Yields inputs, targets and weights, which are None if all are 1, some rows at a time.

        Args:
            chosen: The indices of the rows, in order; all rows unless given.
            at_once: The largest number of rows in a piece.
        """
        for start in range(0, len(self.inputs if chosen is None else chosen), at_once):
            if self.before_piece:
                self.before_piece()
            window = slice(start, start + at_once)
            if chosen is None:
                x, y = self.inputs[window], self.targets[window]
                w = None if self.weights is None else self.weights[window]
            else:
                rows = chosen[window]
                # mode="clip" skips a check of indices that a permutation does not need.
                x = self.inputs.take(rows, axis=0, mode="clip")
                y = self.targets.take(rows, axis=0, mode="clip")
                w = None if self.weights is None else self.weights.take(rows, mode="clip")
            yield (x if self._transform is None else self._transform(x)), y, w


def sum_of(weights: Array) -> float:
    """Returns Σ w, added up in float64."""
    return float(weights.sum(dtype=np.float64))


def _check_transform(network: Network, transform: Transform, row: NDArray[Any]) -> None:
    made = transform(row)
    expected = (len(row), network.inputs)
    if made.shape != expected or made.dtype != network.dtype:
        raise ValueError(
            f"`transform` must make {network.dtype} of shape {expected} from {row.shape}; "
            f"got {made.dtype} of shape {made.shape}."
        )


def _as_targets(network: Network, targets: ArrayLike, rows: int) -> Targets:
    """Returns the targets as a contiguous array of the type that the loss computes with."""
    y = np.asarray(targets)
    indices = network.loss.takes_indices
    expected = (rows,) if indices else (rows, network.outputs)
    if y.shape != expected or not rows:
        raise ValueError(f"`targets` must have the shape {expected}; got {y.shape}.")
    if not indices:
        codes = network.loss.codes
        if codes is not None and not np.isin(y, codes).all():
            raise ValueError(f"`targets` must be {codes[0]:g} or {codes[1]:g} for this loss.")
        return np.ascontiguousarray(y, network.dtype)
    if y.dtype.kind not in "iu" or y.min() < 0 or y.max() >= network.outputs:
        raise ValueError(f"`targets` must be class indices from 0 to {network.outputs - 1}.")
    return y


def _as_weights(network: Network, weights: ArrayLike, rows: int) -> Array:
    """Returns the weights as an array of the network's dtype."""
    w = np.asarray(weights, np.float64)
    if w.shape != (rows,):
        raise ValueError(f"`weights` must have the shape {(rows,)}; got {w.shape}.")
    with np.errstate(over="ignore"):
        own: Array = np.ascontiguousarray(w, network.dtype)
        total = own.sum()
    # Weights may be too large or too small for float32.
    if not ((w >= 0).all() and np.isfinite(total) and total > 0):
        rule = f"of at least 0 whose sum in {network.dtype} is finite and not 0"
        raise ValueError(f"`weights` must be numbers {rule}.")
    return own
