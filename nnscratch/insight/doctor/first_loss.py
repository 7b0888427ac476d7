"""How far an untrained network's loss is from that of guessing."""

from math import isclose, log

import numpy as np

from nnscratch.formatting import number
from nnscratch.insight.doctor.finding import Finding
from nnscratch.insight.doctor.first_pass import FirstPass
from nnscratch.insight.doctor.remedies import shrink_outputs
from nnscratch.nn.network import Network
from nnscratch.nn.parameters import Targets

# The first loss is too high above a multiple of the loss of guessing plus a constant: logits of an
# ordinary size, about 1, cost something, and cost more where the loss is about the targets' spread.
_FACTOR_FOR_PROBABILITIES = 1.5
_CONSTANT_FOR_PROBABILITIES = 1.0
_FACTOR_FOR_NUMBERS = 4.0
_CONSTANT_FOR_NUMBERS = 2.0


def check_first_loss(first: FirstPass) -> Finding:
    """Compares the loss before training with that of guessing."""
    if not first.finite:
        rule = "the loss before training, or its gradient, is not finite"
        return Finding(rule, remedy=shrink_outputs(first), level="problem")
    loss, guess = first.network.loss, guessing_loss(first.network, first.y)
    limit = _FACTOR_FOR_PROBABILITIES * guess + _CONSTANT_FOR_PROBABILITIES
    if loss.output_activation == "linear":
        limit = _FACTOR_FOR_NUMBERS * guess + _CONSTANT_FOR_NUMBERS
    guessed, outputs = number(guess), first.network.outputs
    if loss.takes_indices and isclose(guess, log(outputs), rel_tol=1e-5):
        guessed = f"{guessed} (ln {outputs})"
    rule = f"the loss before training is {number(first.loss)}"
    if guess and first.loss > limit:
        rule = f"{rule}, far above the {guessed} of guessing"
        return Finding(rule, remedy=shrink_outputs(first), level="look")
    return Finding(f"{rule}; guessing costs {guessed}")


def guessing_loss(network: Network, y: Targets) -> float:
    """Returns the loss of knowing nothing about the inputs: of logits 0, or of the mean of numbers.

    For the cross-entropy of K classes that is ln K.

    Args:
        network: Whose loss it is.
        y: Targets as the loss takes them.
    """
    loss = network.loss
    logits = np.zeros((len(y), network.outputs), network.dtype)
    if loss.output_activation == "linear" and not loss.codes:
        logits += y.mean(axis=0)
    return loss(logits, y)[0]
