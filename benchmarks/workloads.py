"""The workloads: networks, data sets, batch sizes, optimizers and numbers of threads.

Each combination that is timed is a case.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnscratch import data, prepare
from nnscratch.config import Config
from nnscratch.data.dataset import Split
from nnscratch.errors import UnavailableError
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.parameters import Array

# The benchmark stops the training run once it has measured enough epochs.
ENDLESS = 10**9
QUICK = ("xor-2", "digits-64", "mnist-128-32")
ADAM_RATE = 0.001


@dataclass(frozen=True)
class Case:
    """A training run to be timed.

    Attributes:
        dataset: The data set's name in a config.
        ends: The numbers of inputs and outputs.
        hidden: The units of each hidden layer.
        batch: The rows in a step; None for all.
        optimizer: `sgd` or `adam`.
        rate: The learning rate.
        threads: The number of threads for matrix products.
        epochs: How many epochs are timed together, because one alone would be too short.
    """

    dataset: str
    ends: tuple[int, int]
    hidden: tuple[int, ...]
    batch: int | None
    optimizer: str = "sgd"
    rate: float = 0.1
    threads: int = 1
    epochs: int = 1

    @property
    def name(self) -> str:
        """The workload's name, such as `mnist-128-32`: the data set and the hidden layers."""
        return "-".join([self.dataset, *map(str, self.hidden)])

    @property
    def sizes(self) -> tuple[int, ...]:
        """The units of all layers, including the inputs and outputs."""
        return (self.ends[0], *self.hidden, self.ends[1])

    @property
    def batch_text(self) -> str:
        """The batch size as a config writes it."""
        return "full" if self.batch is None else str(self.batch)

    def __str__(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{self.name}, batch {self.batch_text}, {self.optimizer}, {threads}"

    def multiply_adds(self, rows: int) -> int:
        """Returns the number of multiply-adds in the matrix products of an epoch over `rows` rows.

        A layer with n inputs and m outputs takes n m for each row's outputs, n m for the gradient
        of its weights and, except in the first layer, n m for the gradient of its inputs.
        """
        first, *others = map(prod, pairwise(self.sizes))
        return rows * (2 * first + 3 * sum(others))

    def prepare(self, rows: int | None = None) -> Experiment:
        """Returns the experiment that `nnscratch train` would run, cut to `rows` training rows."""
        config = {
            "dataset": self.dataset,
            "architecture": list(self.hidden),
            "activation": "sigmoid" if self.dataset == "xor" else "relu",
            "optimizer": self.optimizer,
            "learning_rate": self.rate,
            "batch_size": self.batch or "full",
            "epochs": ENDLESS,
        }
        experiment = prepare(Config.model_validate(config), download=False)
        assert experiment.model.network.inputs == self.ends[0], "the number of inputs is wrong"
        assert experiment.model.network.outputs == self.ends[1], "the number of outputs is wrong"
        if rows is None:
            return experiment
        whole = experiment.dataset.splits
        part = Split(whole["train"].inputs[:rows], whole["train"].targets[:rows])
        dataset = replace(experiment.dataset, splits={**whole, "train": part})
        return replace(experiment, dataset=dataset)


@dataclass(frozen=True)
class StartingPoint:
    """What a framework starts from: the data and the weights that nnscratch starts from.

    Attributes:
        inputs: (rows, inputs), float32.
        targets: Class indices (rows,), or numbers (rows, 1) for two classes.
        layers: The initial kernel (inputs, outputs) and bias (outputs,) of each layer.
    """

    inputs: Array
    targets: NDArray[Any]
    layers: list[tuple[Array, Array]]

    @classmethod
    def of(cls, experiment: Experiment) -> "StartingPoint":
        """Returns the experiment's training part and copies of its initial weights."""
        model, train = experiment.model, experiment.dataset.splits["train"]
        targets = model.encoding.encode(train.targets)
        start = model.network.params
        return cls(
            np.ascontiguousarray(model.transform(train.inputs)),
            targets if targets.ndim == 1 else targets.astype(np.float32),
            [
                (start[f"dense_{i}.kernel"].copy(), start[f"dense_{i}.bias"].copy())
                for i in range(1, len(model.network.dense) + 1)
            ],
        )


def all_cases() -> Iterator[Case]:
    """Yields every case, small networks first."""
    yield Case("xor", (2, 1), (2,), None, epochs=10_000)
    digits = Case("digits", (64, 10), (64,), 32, epochs=20)
    small = Case("mnist", (784, 10), (128, 32), 128)
    trained = [digits, *(replace(small, batch=batch) for batch in (32, 128, 512))]
    for width, batch in product((512, 1024), (128, 256)):
        trained.append(replace(small, hidden=(width, width), batch=batch, rate=0.01))
    for case, optimizer, threads in product(trained, ("sgd", "adam"), (1, 2)):
        rate = ADAM_RATE if optimizer == "adam" else case.rate
        yield replace(case, optimizer=optimizer, rate=rate, threads=threads)


def choose_cases(only: str = "", *, quick: bool = False) -> list[Case]:
    """Returns the cases whose workload's name contains `only`; if `quick`, of small networks."""
    chosen = [case for case in all_cases() if only in case.name]
    if quick:
        chosen = [case for case in chosen if case.name in QUICK and case.batch in (None, 32, 128)]
        chosen = [case for case in chosen if case.dataset != "mnist" or case.batch == 128]
    return chosen


def without_missing(cases: Sequence[Case]) -> tuple[list[Case], str]:
    """Returns the cases whose data is available, and a message if others are left out."""
    try:
        if any(case.dataset == "mnist" for case in cases):
            data.load("mnist", download=False)
    except UnavailableError as error:
        left = [case for case in cases if case.dataset != "mnist"]
        how = "`nnscratch train configs/mnist.yaml` downloads it to the folder SCIKIT_LEARN_DATA"
        return left, f"the workloads on MNIST are left out: {error}\n{how}"
    return list(cases), ""


@contextmanager
def limited_to(threads: int) -> Iterator[None]:
    """Limits NumPy's BLAS and PyTorch to a number of threads; JAX cannot be limited."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(threads):
        torch: Any = sys.modules.get("torch")
        if torch:
            torch.set_num_threads(threads)
        yield
