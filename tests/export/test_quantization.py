"""Weights as bytes: each within half a step of what it was."""

import numpy as np

from nnscratch.export.quantization import quantize, quantized
from tests.export.models import MODELS


def test_each_unit_has_its_own_scale() -> None:
    kernel = np.array([[1.27, 0.0], [-0.635, 0.0], [0.004, 0.0]], np.float32)
    steps, scale = quantize(kernel)
    assert steps.tolist() == [[127, -64, 0], [0, 0, 0]]  # a half is rounded to the even number
    assert scale[0] == np.float32(0.01)
    assert steps.dtype == np.int8


def test_a_unit_of_the_smallest_numbers_is_one_of_zeros() -> None:
    steps, scale = quantize(np.full((3, 1), 1e-45, np.float32))  # a 127th of it is 0 in float32
    assert not steps.any()
    assert scale[0] > 0


def test_weights_are_within_half_a_step() -> None:
    kernel = np.random.default_rng(1).normal(size=(50, 20)).astype(np.float32)
    steps, scale = quantize(kernel)
    error = np.abs(steps * scale[:, np.newaxis] - kernel.T)
    assert (error <= 0.50001 * scale[:, np.newaxis]).all()
    assert np.abs(steps).max(axis=1).tolist() == [127] * 20


def test_every_member_has_its_kernels_rounded_and_nothing_else() -> None:
    ensemble = MODELS["folds"]()
    rounded = quantized(ensemble)
    for member, other in zip(ensemble.members, rounded.members, strict=True):
        for name, values in member.network.params.items():
            same = np.array_equal(values, other.network.params[name])
            assert same == (not name.endswith("kernel"))
    assert rounded.features == ensemble.features
