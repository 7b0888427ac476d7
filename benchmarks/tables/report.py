"""The measurements as a file, as tables of ratios, and as a picture."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import geometric_mean, mean
from typing import NamedTuple

from benchmarks.tables.methods import Score
from nnscratch.cli.tables import print_table
from nnscratch.files.atomic import replacing
from nnscratch.plots.figures import style

# No error is smaller in a ratio: one wrong row in ten thousand.
_LEAST = 1e-4


class Measurement(NamedTuple):
    """What one method reaches on one split of a table."""

    table: str
    task: str
    rows: int
    split: int
    method: str
    score: Score


def read(path: Path) -> list[Measurement]:
    """Returns the measurements of a file that `save` wrote; none if there is no file."""
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        return [
            Measurement(
                row["table"],
                row["task"],
                int(row["rows"]),
                int(row["split"]),
                row["method"],
                Score(
                    float(row["error"]),
                    float(row["log_loss"]) if row["log_loss"] else None,
                    float(row["auc"]) if row["auc"] else None,
                    float(row["seconds"]),
                ),
            )
            for row in csv.DictReader(file)
        ]


def save(path: Path, measurements: Iterable[Measurement]) -> None:
    """Writes the measurements to a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*Measurement._fields[:-1], *Score._fields])
    for *about, score in measurements:
        numbers = ("" if number is None else f"{number:.6g}" for number in score)
        writer.writerow([*about, *numbers])
    with replacing(path) as file:
        file.write(text.getvalue().encode())


class Comparison:
    """Mean scores by table and method.

    Args:
        measurements: Those of all methods; of each table only the splits count that all have.
    """

    def __init__(self, measurements: Sequence[Measurement]) -> None:
        self.methods = list(dict.fromkeys(each.method for each in measurements))
        self.tasks = {each.table: each.task for each in measurements}
        found: defaultdict[tuple[str, int], dict[str, Score]] = defaultdict(dict)
        for each in measurements:
            found[each.table, each.split][each.method] = each.score
        whole = {key: scores for key, scores in found.items() if len(scores) == len(self.methods)}
        self.splits = len(whole)
        self.scores: dict[tuple[str, str], list[Score]] = defaultdict(list)
        for (table, _), scores in whole.items():
            for method, score in scores.items():
                self.scores[table, method].append(score)
        self.tables = [t for t in self.tasks if (t, self.methods[0]) in self.scores]

    def error(self, table: str, method: str) -> float:
        """Returns the mean error over the splits."""
        return max(mean(score.error for score in self.scores[table, method]), _LEAST)

    def probabilities(self, table: str, method: str) -> tuple[float, float]:
        """Returns the mean log loss and AUC over the splits, of a table of classes."""
        scores = self.scores[table, method]
        return mean(s.log_loss or 0.0 for s in scores), mean(s.auc or 0.0 for s in scores)

    def seconds(self, method: str) -> float:
        """Returns the mean time over all tables and splits."""
        scores = (self.scores[table, method] for table in self.tables)
        return mean(score.seconds for each in scores for score in each)

    def change(self, method: str, against: str, task: str) -> float:
        """Returns by how much the error is larger, as a share: a geometric mean over tables."""
        tables = [table for table in self.tables if self.tasks[table] == task]
        ratios = [self.error(table, method) / self.error(table, against) for table in tables]
        return geometric_mean(ratios) - 1 if ratios else 0.0

    def wins(self, method: str, others: Sequence[str]) -> int:
        """Returns on how many tables the error is below the least of the others."""
        best = {t: min(self.error(t, other) for other in others) for t in self.tables}
        return sum(self.error(table, method) < error for table, error in best.items())


def print_comparison(comparison: Comparison, references: Sequence[str]) -> None:
    """Prints a line for each method: its error against some of them, and its time."""
    rows = []
    for method in comparison.methods:
        cells: list[str] = []
        for reference in references:
            changes = (comparison.change(method, reference, task) for task in TASKS)
            cells.append(" / ".join(f"{change:+.1%}" for change in changes))
        rows.append([method, *cells, f"{comparison.seconds(method):.1f}"])
    heads = [f"error against {reference}" for reference in references]
    print_table(["method", *heads, "seconds"], rows)


def print_tables(comparison: Comparison) -> None:
    """Prints the mean error of each method on each table."""
    print_table(
        ["table", *comparison.methods],
        [
            [t, *(f"{comparison.error(t, m):.4g}" for m in comparison.methods)]
            for t in comparison.tables
        ],
    )


def print_probabilities(comparison: Comparison) -> None:
    """Prints the mean log loss and AUC of each method on each table of classes."""
    rows = []
    for table in comparison.tables:
        if comparison.tasks[table] == CLASSES:
            pairs = (comparison.probabilities(table, each) for each in comparison.methods)
            rows.append([table, *(f"{log_loss:.4f} / {auc:.3f}" for log_loss, auc in pairs)])
    if rows:
        print_table(["log loss / AUC", *comparison.methods], rows)


CLASSES = "classification"
TASKS = (CLASSES, "regression")


def draw(path: Path, comparison: Comparison, against: str) -> None:
    """Draws the error of each method on each table, divided by that of one of them."""
    from matplotlib.ticker import LogLocator, NullLocator

    methods = [method for method in comparison.methods if method != against]
    figure = style.new_figure(8.0, 1.7 + 0.34 * len(comparison.tables))
    axes = figure.subplots()
    style.show_grid(axes)
    axes.set_xscale("log")
    axes.axvline(1, color="0.4", linewidth=1.2)
    markers = "oDs^v<>PX*"
    for i, method in enumerate(methods):
        ratios = [
            comparison.error(t, method) / comparison.error(t, against) for t in comparison.tables
        ]
        color = style.COLORS[i % len(style.COLORS)]
        axes.plot(
            ratios,
            range(len(ratios)),
            markers[i % len(markers)],
            color=color,
            markersize=6,
            label=method,
        )
    axes.set_yticks(range(len(comparison.tables)), comparison.tables)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 1.5, 2, 3, 5)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(f"error / error of {against} (logarithmic): left of 1 is better")
    style.add_legend(figure, axes.lines[1:], columns=3)
    style.save_figure(figure, path)
