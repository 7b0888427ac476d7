"""The exponential function as an activation."""

from math import inf

import numpy as np

from nnscratch.nn.activations.base import EXP_LIMIT, Activation
from nnscratch.nn.parameters import Array


class Exponential(Activation):
    """e to the power of z, for outputs that must be positive, such as rates and counts.

    Above 87 in float32 and 708 in float64, the last whole numbers before it would overflow, it
    stays at what it is there, with the slope 0.
    """

    name = "exponential"
    formula = "exp(z)"
    derivative = "a"
    bounds = (0.0, inf)

    def forward(self, z: Array, out: Array) -> None:
        np.minimum(z, EXP_LIMIT[z.itemsize], out=out)
        np.exp(out, out=out)

    def backward(self, z: Array, output: Array, grad: Array) -> None:
        grad *= output
        grad *= (z < EXP_LIMIT[z.itemsize]).astype(z.dtype)
