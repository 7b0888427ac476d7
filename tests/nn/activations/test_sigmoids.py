"""Activations shaped like an S, beyond what holds for all activations."""

import math

import numpy as np

from nnscratch.nn.activations import ACTIVATIONS
from nnscratch.nn.activations.sigmoids import HardSigmoid, Sigmoid
from nnscratch.nn.registry import create
from tests.nn.activations.slopes import derivative


def test_the_tail_of_a_sigmoid_keeps_its_relative_precision() -> None:
    tail = create(ACTIVATIONS, "sigmoid")(np.array([-40.0, -700.0]))
    np.testing.assert_allclose(tail, [math.exp(-40), math.exp(-700)], rtol=1e-13)


def test_hard_sigmoid_is_three_straight_lines() -> None:
    z = np.array([-4.0, -3.0, -1.5, 0.0, 1.5, 3.0, 4.0])
    np.testing.assert_allclose(HardSigmoid()(z), [0, 0, 0.25, 0.5, 0.75, 1, 1])
    np.testing.assert_allclose(derivative(HardSigmoid(), z), np.array([0, 0, 1, 1, 1, 0, 0]) / 6)
    np.testing.assert_allclose(HardSigmoid()(z), Sigmoid()(z), atol=0.08)
