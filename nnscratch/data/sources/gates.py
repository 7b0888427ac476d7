"""Logic gates as data sets: the whole truth table of n inputs."""

from collections.abc import Callable
from itertools import product

import numpy as np

from nnscratch.data.dataset import Dataset, Split, number_features

Bits = tuple[int, ...]

GATES: dict[str, Callable[[Bits], bool]] = {
    "and": all,
    "or": any,
    "not": lambda bits: not bits[0],
    "nand": lambda bits: not all(bits),
    "nor": lambda bits: not any(bits),
    "xor": lambda bits: sum(bits) % 2 == 1,  # parity: one input or another, but not both
    "xnor": lambda bits: sum(bits) % 2 == 0,
}


def load_gate(name: str, inputs: int | None = None, encoding: str = "binary") -> Dataset:
    """Returns the truth table of a gate, its rows counted up in binary.

    Args:
        name: A name in `GATES`.
        inputs: How many; 2 unless given, 1 for `not`.
        encoding: `binary` writes false and true as 0 and 1, `bipolar` as -1 and 1.
    """
    width = inputs or (1 if name == "not" else 2)
    rows = list(product((0, 1), repeat=width))
    low = -1 if encoding == "bipolar" else 0
    bits = np.array(rows)
    return Dataset(
        splits={
            "train": Split(
                inputs=np.where(bits == 1, 1.0, float(low)),
                targets=np.array([GATES[name](row) for row in rows]).astype(np.intp),
            )
        },
        features=number_features(width),
        classes=(low, 1),
        codes=(float(low), 1.0),
    )
