"""How the time of an epoch grows with its size: up to 8 times the rows, up to 4 times the width.

Run it with `python -m benchmarks.scaling`; it takes a few minutes and needs MNIST in the cache.
Time should grow no faster than the arithmetic. As in any training run, a small table is
preprocessed once, while a large one stays in bytes and is preprocessed in each epoch.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from time import sleep
from typing import NamedTuple

from benchmarks.contestants import train
from benchmarks.report import machine
from benchmarks.workloads import Case, limited_to, without_missing
from nnscratch.cli.tables import print_table

ROUNDS = 5
ROWS = (7_500, 15_000, 30_000, 60_000)
WIDTHS = (256, 512, 1024)
BY_ROWS = Case("mnist", (784, 10), (128, 32), 128)
_PAUSE_SECONDS = 0.05


class Size(NamedTuple):
    """A training run of one size."""

    title: str
    case: Case
    rows: int

    @property
    def multiply_adds(self) -> int:
        """The number of multiply-adds in an epoch."""
        return self.case.multiply_adds(self.rows)


def sizes() -> tuple[list[Size], list[Size]]:
    """Returns training runs with ever more rows, and with ever wider layers."""
    by_rows = [Size(f"{rows:,} rows of {BY_ROWS.name}", BY_ROWS, rows) for rows in ROWS]
    wide = [replace(BY_ROWS, hidden=(width, width), rate=0.01) for width in WIDTHS]
    return by_rows, [Size(f"{ROWS[-1]:,} rows of {case.name}", case, ROWS[-1]) for case in wide]


def measure(group: Sequence[Size], rounds: int) -> list[float]:
    """Trains all sizes, taking turns, and returns the median seconds of an epoch of each."""
    turns = [train(size.case, size.case.prepare(size.rows)) for size in group]
    seconds: list[list[float]] = [[] for _ in group]
    for number in range(rounds + 1):
        for turn, times in zip(turns, seconds, strict=True):
            sleep(_PAUSE_SECONDS)
            lap = turn()
            if number > 0:
                times.append(lap.seconds)
    return list(map(median, seconds))


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser("python -m benchmarks.scaling", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"number of rounds (default: {ROUNDS})"
    )
    rounds = max(1, parser.parse_args().rounds)
    missing = without_missing([BY_ROWS])[1]
    if missing:
        sys.exit(missing)
    lines = []
    with limited_to(BY_ROWS.threads):
        for group in sizes():
            seconds = measure(group, rounds)
            for size, time in zip(group, seconds, strict=True):
                slower = time / seconds[0]
                larger = size.multiply_adds / group[0].multiply_adds
                lines.append([size.title, f"{time:.3g}", f"×{slower:.2f}", f"×{larger:.2f}"])
    print(*machine(), sep="\n", end="\n\n")
    print_table(["batch 128, sgd, 1 thread", "s/epoch", "time", "arithmetic"], lines)


if __name__ == "__main__":
    main()
