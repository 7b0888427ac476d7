"""Examples: inputs and targets, given to a network piece by piece and in its own precision.

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


class Examples:
    """Rows of inputs with their targets, checked against a network once.

    Args:
        network: Whose widths, dtype and loss they must fit.
        inputs: (rows, inputs); or what `transform` takes, (rows, columns).
        targets: As the network's loss takes them: numbers (rows, outputs), or class indices
            (rows,) for cross_entropy.
        transform: Turns some rows into (rows, inputs) of the network's dtype.

    Attributes:
        before_piece: Called before each of the `pieces`, if it is given.

    Raises:
        ValueError: The shapes do not fit the network or each other, there are no rows, or a target
            is no index of a class.
    """

    def __init__(
        self,
        network: Network,
        inputs: ArrayLike,
        targets: ArrayLike,
        transform: Transform | None = None,
    ) -> None:
        self._transform = transform
        self.before_piece: Callable[[], None] | None = None
        rows = network.as_inputs(inputs) if transform is None else inputs
        # Rows gathered from an array that lies column by column take fifty times as long.
        self.inputs: NDArray[Any] = np.ascontiguousarray(rows)
        if transform is not None:
            _check_transform(network, transform, self.inputs[:1])
        self.targets = _as_targets(network, targets, len(self.inputs))

    def __len__(self) -> int:
        return len(self.inputs)

    def pieces(
        self, chosen: NDArray[np.intp] | None = None, at_once: int = ROWS_AT_ONCE
    ) -> Iterator[tuple[Array, Targets]]:
        """Yields inputs and targets, some rows at a time.

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
            else:
                rows = chosen[window]
                # mode="clip" skips a check of indices that a permutation does not need.
                x = self.inputs.take(rows, axis=0, mode="clip")
                y = self.targets.take(rows, axis=0, mode="clip")
            yield (x if self._transform is None else self._transform(x)), y


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
