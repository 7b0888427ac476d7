"""How fast nnscratch trains, compared with its matrix products alone and with frameworks.

Run it with `python -m benchmarks`. All contestants train the same network on the same data and CPU
in one process, taking turns, after one turn to warm up. Times are medians over the rounds, and a
ratio is the median of the ratios in each round. Frameworks that are not installed are left out.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import sleep

from benchmarks import report
from benchmarks.contestants import CONTESTANTS, OURS, installed, takes_part
from benchmarks.report import Result
from benchmarks.workloads import Case, choose_cases, limited_to, without_missing
from nnscratch.cli.tables import print_table

ROUNDS = 5
QUICK_ROUNDS = 3
HERE = Path(__file__).parent
# Threads that have finished keep looking for work for a while.
_PAUSE_SECONDS = 0.05
# The contestants whose memory is measured, and the training run in which it is.
_MEASURED = (OURS, "PyTorch", "scikit-learn")
_MEMORY_CASE = Case("mnist", (784, 10), (128, 32), 128)
_MEMORY_EPOCHS = 2
_MEGABYTE = 1_000_000


def time_case(case: Case, names: Sequence[str], rounds: int) -> Result:
    """Trains all contestants, taking turns, and returns the seconds that their epochs took."""
    experiment = case.prepare()
    rows = len(experiment.dataset.splits["train"])
    with limited_to(case.threads):
        turns = {
            name: CONTESTANTS[name](case, experiment) for name in names if takes_part(name, case)
        }
        seconds: dict[str, list[float]] = {name: [] for name in turns}
        losses = {}
        for number in range(rounds + 1):
            for name, turn in turns.items():
                sleep(_PAUSE_SECONDS)
                lap = turn()
                if number > 0:
                    seconds[name].append(lap.seconds / case.epochs)
                if lap.loss is not None:
                    losses[name] = f"{name} {lap.loss:.3g}"
    # Contestants that compute the same end up with similar losses.
    print(f"{case}: last loss {', '.join(losses.values())}", file=sys.stderr, flush=True)
    return Result(case, rows, seconds)


def print_peak_memory(name: str) -> None:
    """Trains as one contestant and prints the peak memory of this process in bytes."""
    experiment = _MEMORY_CASE.prepare()
    turn = CONTESTANTS[name](_MEMORY_CASE, experiment)
    del experiment
    with limited_to(_MEMORY_CASE.threads):
        for _ in range(_MEMORY_EPOCHS):
            turn()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak if sys.platform == "darwin" else peak * 1024)


def peak_memory() -> Iterator[tuple[str, float]]:
    """Yields the peak megabytes of each contestant in a process of its own, if it can train.

    Linux counts the memory of a process towards those that it starts, so this must come before
    anything large is imported.
    """
    for name in _MEASURED:
        command = [sys.executable, "-m", "benchmarks", "--memory-of", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent)
        if done.returncode == 0:
            yield name, int(done.stdout.split()[-1]) / _MEGABYTE
        else:
            reason = done.stderr.strip().splitlines()[-1:]
            print(f"the memory of {name} is not measured: {''.join(reason)}", file=sys.stderr)


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the command line's options."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="only workloads with TEXT in their name"
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"only small networks, {QUICK_ROUNDS} rounds"
    )
    parser.add_argument("--rounds", type=int, help=f"number of rounds (default: {ROUNDS})")
    parser.add_argument(
        "--results",
        type=Path,
        default=HERE,
        metavar="FOLDER",
        help=f"folder for {report.TABLE} and {report.PLOT} (default: benchmarks/)",
    )
    parser.add_argument("--memory-of", choices=_MEASURED, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.rounds is None:
        options.rounds = QUICK_ROUNDS if options.quick else ROUNDS
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def main() -> None:
    """Measures and prints times and memory, and saves the times as a table and a plot."""
    options = parse()
    if options.memory_of:
        print_peak_memory(options.memory_of)
        return
    cases, missing = without_missing(choose_cases(options.only, quick=options.quick))
    if not cases:
        sys.exit(missing or f"no workload has `{options.only}` in its name")
    if missing:
        print(missing, file=sys.stderr)
    options.results.mkdir(parents=True, exist_ok=True)
    peaks = dict(peak_memory()) if _MEMORY_CASE in cases else {}
    names = installed()
    notes = [*report.machine(), *report.memory_lines(peaks)]
    results = []
    for case in cases:
        results.append(time_case(case, names, options.rounds))
        # Saved after each case, so that an interruption loses nothing that was measured.
        saved = report.save_table(options.results, notes, results)
    print(*report.machine(), sep="\n", end="\n\n")
    report.print_results(results)
    if peaks:
        print(
            f"\npeak memory of a process that trains {_MEMORY_CASE} for {_MEMORY_EPOCHS} epochs\n"
        )
        print_table(
            ["contestant", "MB"], [[name, round(megabytes)] for name, megabytes in peaks.items()]
        )
    print(saved, report.draw(options.results, results), sep="\n")


if __name__ == "__main__":
    main()
