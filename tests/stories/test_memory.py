"""The memory of a training run does not grow with its steps."""

import tracemalloc
from itertools import islice

import numpy as np
import pytest

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers import OPTIMIZERS
from nnscratch.nn.registry import create
from nnscratch.nn.training.averaging import Average
from nnscratch.nn.training.fit import fit

STEPS = 1000
ROWS, BATCH, EPOCHS_BEFORE = 800, 8, 3
STEPS_PER_EPOCH = ROWS // BATCH


# Tracing memory takes half a second for each; Adam has more of a state than all the others.
@pytest.mark.parametrize(
    "optimizer",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name != "adam"))
        for name in OPTIMIZERS
        if name != "lbfgs"
    ],
)
def test_a_thousand_steps_take_no_more_memory_than_a_few(optimizer: str) -> None:
    rng = np.random.default_rng(0)
    inputs, classes = rng.normal(size=(ROWS, 20)), rng.integers(0, 3, ROWS)
    settings = create(OPTIMIZERS, optimizer)
    network = Network(20, [30, 10], 3, loss="cross_entropy", dropout=0.1, batch_norm=True)
    training = fit(
        network,
        inputs,
        classes,
        optimizer=settings,
        learning_rate=1e-3,
        schedule="cosine",
        epochs=1000,
        batch_size=None if settings.full_batch else BATCH,
        validation=(inputs, classes),
        average=Average(0.9),
    )
    epochs = STEPS if settings.full_batch else STEPS // STEPS_PER_EPOCH
    for _ in islice(training, EPOCHS_BEFORE):
        pass
    tracemalloc.start()
    try:
        for _ in islice(training, 1):
            pass
        before, peak_before = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for _ in islice(training, epochs - EPOCHS_BEFORE - 1):
            pass
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 5_000
    assert peak - peak_before < 20_000
