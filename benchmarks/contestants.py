"""The contestants: nnscratch, the matrix products alone, and the frameworks that are installed.

Each contestant is a function that takes a case and its experiment and returns a turn: a function
that trains for the case's epochs and continues from there when it is called again.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from time import perf_counter

import numpy as np

from benchmarks.frameworks import (
    Lap,
    Turn,
    train_in_jax,
    train_in_keras,
    train_in_sklearn,
    train_in_torch,
)
from benchmarks.workloads import Case, StartingPoint
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.parameters import Array
from nnscratch.training.learner import Learning

Contestant = Callable[[Case, Experiment], Turn]
Product = tuple[Array, Array, Array]

OURS = "nnscratch"
PRODUCTS = "products"
# The module by which each framework is imported.
MODULES = {
    "PyTorch": "torch",
    "scikit-learn": "sklearn.neural_network",
    "JAX": "jax",
    "Keras": "keras",
}


def train(case: Case, experiment: Experiment) -> Turn:
    """Trains as `nnscratch train` does, timed by the seconds that it records for each epoch."""
    records = Learning(experiment).epochs()

    def turn() -> Lap:
        started = perf_counter()
        epochs = [next(records) for _ in range(case.epochs)]
        whole = perf_counter() - started
        # An epoch of XOR is so short that the time between two epochs counts too.
        recorded = sum(record.seconds for record in epochs)
        return Lap(whole if case.batch is None else recorded, epochs[-1].scores["loss"])

    return turn


def multiply(case: Case, experiment: Experiment) -> Turn:
    """Computes only the matrix products of an epoch: the limit for anything that uses NumPy."""
    rows = len(experiment.dataset.splits["train"])
    batch = case.batch or rows
    whole, rest = divmod(rows, batch)
    full = _products(case, batch)
    steps = [full] * whole + ([_products(case, rest)] if rest else [])

    def turn() -> Lap:
        started = perf_counter()
        for _ in range(case.epochs):
            for step in steps:
                for left, right, out in step:
                    np.dot(left, right, out=out)
        return Lap(perf_counter() - started, None)

    return turn


def _products(case: Case, rows: int) -> list[Product]:
    """Returns the factors and the result array of each product in a step.

    No result is a factor of another product, so the numbers keep the size they were drawn with.
    """
    random = np.random.default_rng(0)

    def normal(*shape: int) -> Array:
        return random.standard_normal(shape, np.float32)

    forward: list[Product] = []
    backward: list[Product] = []
    for i, (inputs, outputs) in enumerate(pairwise(case.sizes)):
        x, kernel, gradient = normal(rows, inputs), normal(inputs, outputs), normal(rows, outputs)
        forward.append((x, kernel, np.empty_like(gradient)))
        if i > 0:
            backward.append((gradient, kernel.T, np.empty_like(x)))
        backward.append((x.T, gradient, np.empty_like(kernel)))
    return forward + backward[::-1]


def framework(train_in: Callable[[Case, StartingPoint], Turn]) -> Contestant:
    """Returns a framework as a contestant."""
    return lambda case, experiment: train_in(case, StartingPoint.of(experiment))


CONTESTANTS: dict[str, Contestant] = {
    OURS: train,
    PRODUCTS: multiply,
    "PyTorch": framework(train_in_torch),
    "scikit-learn": framework(train_in_sklearn),
    "JAX": framework(train_in_jax),
    "Keras": framework(train_in_keras),
}


def installed() -> list[str]:
    """Returns the contestants that can be imported, and prints why others cannot."""
    names = [OURS, PRODUCTS]
    for name, module in MODULES.items():
        try:
            import_module(module)
        except ImportError as error:
            print(f"{name} is left out, because it cannot be imported: {error}", file=sys.stderr)
        else:
            names.append(name)
    if "JAX" in names:
        print("JAX chooses its number of threads itself; the cases do not set it.", file=sys.stderr)
    return names


def takes_part(name: str, case: Case) -> bool:
    """Returns whether a contestant is timed in a case."""
    if name == "scikit-learn":
        return case.threads == 1 and (case.name, case.batch) in (
            ("digits-64", 32),
            ("mnist-128-32", 128),
        )
    # Thousands of calls of Keras's `fit` would take minutes of preparation alone.
    return name != "Keras" or case.batch is not None
