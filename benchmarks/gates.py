"""How fast a gate is learned, and how long the command line takes to start.

Run it with `python -m benchmarks.gates`; it exits with 1 if a ratio is above its limit. The network
is compared with a straightforward script of the same mathematics in the same process, taking turns;
whole processes are compared with importing the libraries that they need.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from nnscratch.nn.network import Network
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.fit import fit

EPOCHS = 10_000
RATE = 0.1
ROUNDS = 9
CONFIG = Path(__file__).parent.parent / "configs" / "xor.yaml"

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])


def train_with_fit() -> float:
    """Trains a 2-2-1 network with `fit` and returns the last loss, that of the last weights."""
    network = Network(
        2, [2], 1, activation="sigmoid", loss="binary_cross_entropy", dtype="float64", seed=1
    )
    epochs = fit(network, X, Y, optimizer=SGD(), learning_rate=RATE, epochs=EPOCHS, batch_size=None)
    *_, last = epochs
    return last.scores["loss"]


def train_by_hand() -> float:
    """Trains the same network as a script would, formula by formula; returns the loss after it."""
    start = Network(2, [2], 1, activation="sigmoid", dtype="float64", seed=1).params
    w1, b1 = start["dense_1.kernel"].copy(), start["dense_1.bias"].copy()
    w2, b2 = start["dense_2.kernel"].copy(), start["dense_2.bias"].copy()
    history = []
    for _ in range(EPOCHS):
        a1 = 1 / (1 + np.exp(-(X @ w1 + b1)))
        a2 = 1 / (1 + np.exp(-(a1 @ w2 + b2)))
        loss = -np.mean(Y * np.log(a2) + (1 - Y) * np.log(1 - a2))
        accuracy = np.mean((a2 > 0.5) == Y)
        history.append((loss, accuracy))
        d2 = (a2 - Y) / len(X)
        d1 = d2 @ w2.T * a1 * (1 - a1)
        w2 -= RATE * a1.T @ d2
        b2 -= RATE * d2.sum(axis=0)
        w1 -= RATE * X.T @ d1
        b1 -= RATE * d1.sum(axis=0)
    a2 = 1 / (1 + np.exp(-(1 / (1 + np.exp(-(X @ w1 + b1))) @ w2 + b2)))
    return float(-np.mean(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)))


def compare(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """Runs both, taking turns, and returns the median seconds of each and the median ratio."""
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        ours()
        between = perf_counter()
        theirs()
        times.append((between - started, perf_counter() - between))
    first, second = zip(*times, strict=True)
    return median(first), median(second), median(a / b for a, b in times)


def process(arguments: Sequence[str]) -> Callable[[], object]:
    """Returns a function that runs Python with `arguments` to its end."""
    # Python keeps its compiled bytecode, unless this variable forbids it.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, *arguments]

    def run() -> object:
        return subprocess.run(command, env=environment, check=True, capture_output=True)

    return run


def print_result(arguments: Sequence[str]) -> Callable[[], object]:
    """Returns a function that runs nnscratch until the last line of its result is in a pipe."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-m", "nnscratch", *arguments]

    def run() -> object:
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as started:
            assert started.stdout
            while not started.stdout.readline().startswith(b"next"):
                assert started.poll() is None, "it ended without a result"
            started.kill()
        return None

    return run


def report(what: str, limit: float, figures: tuple[float, float, float]) -> bool:
    """Prints both times in milliseconds, the ratio and its limit; returns whether it is kept."""
    ours, theirs, ratio = figures
    print(f"{what:56} {ours * 1e3:8.1f} {theirs * 1e3:8.1f} {ratio:7.2f} {limit:7.2f}")
    return ratio <= limit


def main() -> bool:
    """Measures and prints all ratios, and returns whether each keeps its limit."""
    title = f"median of {ROUNDS} rounds, ms"
    print(f"{title:56} {'ours':>8} {'other':>8} {'ratio':>7} limit")
    assert np.isclose(train_with_fit(), train_by_hand(), rtol=1e-9), "not the same mathematics"
    nnscratch = ["-m", "nnscratch"]
    quick = ["--quiet", "--no-plots"]
    libraries = process(["-c", "import numpy, typer, pydantic, yaml"])
    matplotlib = process(["-c", "import matplotlib.figure, matplotlib.backends.backend_agg"])
    with tempfile.TemporaryDirectory() as runs:
        arguments = ["train", str(CONFIG), "--runs-dir", runs]
        train = process([*nnscratch, *arguments, *quick])
        kept = [
            report(
                f"fit / script: XOR 2-2-1, {EPOCHS:,} epochs",
                2.0,
                compare(train_with_fit, train_by_hand),
            ),
            report(
                "nnscratch --help / import typer",
                1.5,
                compare(process([*nnscratch, "--help"]), process(["-c", "import typer"])),
            ),
            report(
                "nnscratch train --quiet --no-plots / import its libraries",
                2.5,
                compare(train, libraries),
            ),
            report(
                "nnscratch train until its result / import matplotlib",
                1.0,
                compare(print_result(arguments), matplotlib),
            ),
            report(
                "nnscratch train with its plots / import matplotlib",
                2.8,
                compare(process([*nnscratch, *arguments]), matplotlib),
            ),
        ]
    return all(kept)


if __name__ == "__main__":
    sys.exit(not main())
