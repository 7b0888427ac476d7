"""Measures methods on tables: `python -m benchmarks.tables FOLDER`.

The folder has CSV files, and perhaps a tables.tsv that says what to predict from them. For each
split a fifth of the rows, of each class its share, is held out for testing, the same rows for every
method; a network holds out rows of the others for validation by itself. Everything is computed with
one thread. Results are saved as they come, and what is there already is not measured again.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from benchmarks.tables.ablation import ablations
from benchmarks.tables.cases import find_tables, read_case
from benchmarks.tables.methods import BOOSTING, EARLIER, METHODS, MLPS, Method, measure
from benchmarks.tables.report import (
    Comparison,
    Measurement,
    draw,
    print_comparison,
    print_probabilities,
    print_tables,
    read,
    save,
)


def parse() -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.tables")
    parser.add_argument("folder", type=Path, help="the folder of the tables")
    parser.add_argument("--only", nargs="*", metavar="TABLE", help="some of the tables")
    parser.add_argument("--methods", nargs="*", choices=METHODS, metavar="METHOD", help="some")
    parser.add_argument("--splits", type=int, default=3, help="how many splits of each table")
    parser.add_argument("--rows", type=int, help="how many rows to train on, at most")
    parser.add_argument("--ablate", metavar="PRESET", help="a preset without each ingredient")
    parser.add_argument(
        "--results", type=Path, default=Path(__file__).parent, help="where results are saved"
    )
    options = parser.parse_args()
    if not find_tables(options.folder):
        parser.error(f"{options.folder} has no tables")
    return options


def run(
    options: argparse.Namespace, methods: Mapping[str, Method], path: Path
) -> list[Measurement]:
    """Measures what is not in the file yet, and returns all of it."""
    from threadpoolctl import threadpool_limits

    done = read(path)
    known = {(each.table, each.split, each.method) for each in done}
    for number in range(options.splits):
        for table in find_tables(options.folder):
            if options.only and table.name not in options.only:
                continue
            left = [name for name in methods if (table.name, number, name) not in known]
            if not left:
                continue
            case = read_case(table, number, options.rows)
            task = "regression" if case.dataset.classes is None else "classification"
            rows = sum(map(len, case.dataset.splits.values()))
            for name in left:
                with threadpool_limits(1):
                    score = measure(methods[name], case)
                print(f"{table.name} {number} {name}: {score.error:.4g}", flush=True)
                done.append(Measurement(table.name, task, rows, number, name, score))
                save(path, done)
    return done


def main() -> None:
    """Measures, prints the tables, and saves the measurements and a picture of them."""
    options = parse()
    if options.ablate:
        methods: Mapping[str, Method] = ablations(options.ablate)
        references = [options.ablate]
    else:
        names = options.methods or METHODS
        methods = {name: METHODS[name] for name in names}
        references = [name for name in (EARLIER, MLPS[0], BOOSTING) if name in methods]
    options.results.mkdir(parents=True, exist_ok=True)
    path = options.results / ("ablation.csv" if options.ablate else "tables.csv")
    measured = [each for each in run(options, methods, path) if each.method in methods]
    comparison = Comparison(measured)
    print_tables(comparison)
    print_probabilities(comparison)
    print_comparison(comparison, references)
    rivals = [name for name in MLPS if name in methods]
    if rivals and "tabular" in methods:
        wins = comparison.wins("tabular", rivals)
        print(f"tabular is ahead of both MLPs on {wins} of {len(comparison.tables)} tables")
    if references and len(methods) > 1:
        draw(path.with_suffix(".png"), comparison, references[-1])


if __name__ == "__main__":
    main()
