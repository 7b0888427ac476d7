"""Weights as whole numbers from −127 to 127: a quarter of the room, for microcontrollers.

Each unit has a scale of its own, the 127th part of its largest weight.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnscratch.model.ensemble import Ensemble
from nnscratch.model.model import Model
from nnscratch.model.predictor import Predictor
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Array

_LARGEST = 127


def quantize(kernel: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Returns the weights of each unit in steps of its scale, (units, inputs), and the scales.

    Args:
        kernel: (inputs, units).
    """
    units = kernel.T.astype(np.float64)
    largest = np.abs(units).max(axis=1)
    scale = (largest / _LARGEST).astype(np.float32)
    # Of a unit without weights, or with some that no float32 is small enough for, all are 0.
    scale[scale < np.finfo(np.float32).tiny] = 1.0
    steps = np.clip(np.round(units / scale[:, np.newaxis]), -_LARGEST, _LARGEST)
    return steps.astype(np.int8), scale


def quantized(model: Predictor) -> Predictor:
    """Returns a model, or an ensemble, with the weights that quantizing leaves."""
    members = [_quantized_member(member) for member in model.members]
    return Ensemble(members, model.features) if isinstance(model, Ensemble) else members[0]


def _quantized_member(model: Model) -> Model:
    network = Network(**model.network.describe(), initializer="zeros")
    network.weights[:] = model.network.weights
    for dense in network.dense:
        steps, scale = quantize(dense.kernel)
        dense.kernel[:] = (steps * scale[:, np.newaxis]).T
    return replace(model, network=network, encoding=replace(model.encoding, loss=network.loss))
