"""The parts of the data as the network's training takes them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.parameters import Array, Targets

# Tables up to this size are transformed once, larger ones in pieces.
_TRANSFORMED_BYTES = 64_000_000


# Inputs, targets and, if the rows do not all count the same, their weights.
Part = tuple[NDArray[Any], Targets, NDArray[np.float64] | None]


def inputs_and_targets(
    experiment: Experiment,
) -> tuple[dict[str, Part], Callable[[NDArray[Any]], Array] | None]:
    """Returns the rows of each part that training needs, and what transforms their inputs.

    A small table is transformed once, and then there is none; a large one stays as it came.
    """
    model = experiment.model
    needed = {"train", "validation"} | ({"test"} if experiment.config.log_test else set())
    splits = {name: split for name, split in experiment.dataset.splits.items() if name in needed}
    row_bytes = model.network.inputs * model.network.dtype.itemsize
    small = sum(map(len, splits.values())) * row_bytes <= _TRANSFORMED_BYTES
    parts = {
        name: (
            model.transform(split.inputs) if small else split.inputs,
            model.encoding.encode(split.targets),
            split.weights,
        )
        for name, split in splits.items()
    }
    return parts, None if small else model.transform
