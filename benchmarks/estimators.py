"""How long `fit` and `predict` take, compared with scikit-learn's estimators of the same names.

Run it with `python -m benchmarks.estimators`; MNIST must be in the cache, or is left out. Both have
the same settings, data and random state, so that they do the same; they take turns in one process,
on one thread. Times are those of the processor, which other programs disturb less; each is the
least of its rounds.
"""

import argparse
import warnings
from collections.abc import Callable
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn import neural_network as theirs
from sklearn.datasets import load_digits, make_classification
from sklearn.exceptions import ConvergenceWarning

from benchmarks.report import machine
from benchmarks.workloads import limited_to
from nnscratch import estimators as ours
from nnscratch.cli.tables import print_table
from nnscratch.data import load

ROUNDS = 5
SOLVERS = ("sgd", "adam", "lbfgs")
# Small tables are predicted so often that a round takes as long as one of a larger one.
_PREDICTED_ROWS = 20_000
_PREPARED_PIXELS = 255.0

Data = tuple[NDArray[Any], NDArray[Any]]


class Work(NamedTuple):
    """What is learned, and for how many epochs."""

    name: str
    data: Callable[[], Data]
    epochs: int


def digits() -> Data:
    """Returns 1,797 rows of 64 pixels."""
    x, y = load_digits(return_X_y=True)
    return x / 16.0, y


def table(rows: int, columns: int) -> Data:
    """Returns a table of numbers with two classes."""
    informative = min(columns, 10)
    x, y = make_classification(rows, columns, n_informative=informative, random_state=0)
    return x, y


def mnist() -> Data:
    """Returns 60,000 rows of 784 pixels, as float64."""
    train = load("mnist", download=False).splits["train"]
    return train.inputs / _PREPARED_PIXELS, train.targets


WORKS = (
    Work("100 × 20", lambda: table(100, 20), 200),
    Work("digits", digits, 40),
    Work("100,000 × 50", lambda: table(100_000, 50), 3),
    Work("MNIST", mnist, 1),
)


def seconds(action: Callable[[], object], times: int = 1) -> float:
    """Returns the processor's seconds of an action, the mean of some times."""
    started = process_time()
    for _ in range(times):
        action()
    return (process_time() - started) / times


def measure(work: Work, solver: str, rounds: int) -> tuple[list[float], list[float]]:
    """Returns the least seconds of fit and of predict: scikit-learn's, and ours."""
    x, y = work.data()
    fits: list[list[float]] = [[], []]
    predictions: list[list[float]] = [[], []]
    for _ in range(rounds):
        for i, library in enumerate((theirs, ours)):
            settings = {"solver": solver, "max_iter": work.epochs, "random_state": 0}
            estimator = library.MLPClassifier(**settings)
            fits[i].append(seconds(lambda: estimator.fit(x, y)))  # noqa: B023 - called at once
            times = max(_PREDICTED_ROWS // len(x), 1)
            predictions[i].append(seconds(lambda: estimator.predict(x), times))  # noqa: B023 - as above
    return [min(each) for each in fits], [min(each) for each in predictions]


def main() -> None:
    """Prints a row for each work and solver."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", choices=[work.name for work in WORKS])
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    header = ["data", "solver", "fit, s", "/ theirs", "predict, ms", "/ theirs"]
    rows = []
    with limited_to(1):
        for work in WORKS:
            if arguments.only not in (None, work.name):
                continue
            for solver in SOLVERS:
                fit, predict = measure(work, solver, arguments.rounds)
                rows.append(
                    [
                        work.name,
                        solver,
                        f"{fit[1]:.3g}",
                        f"{fit[1] / fit[0]:.2f}",
                        f"{1000 * predict[1]:.3g}",
                        f"{predict[1] / predict[0]:.2f}",
                    ]
                )
    print("\n".join(machine()))
    print_table(header, rows)


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
