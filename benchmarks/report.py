"""The results as a printed table, as a CSV file and as a plot.

The file and the plot can be compared from one version to the next.
"""

import csv
import io
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.contestants import CONTESTANTS, OURS, PRODUCTS
from benchmarks.workloads import Case
from nnscratch.cli.tables import print_table
from nnscratch.files.atomic import replacing
from nnscratch.formatting import plural
from nnscratch.plots.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TABLE = "results.csv"
PLOT = "results.png"
PACKAGES = {"PyTorch": "torch", "scikit-learn": "scikit-learn", "JAX": "jax", "Keras": "keras"}
OTHERS = [name for name in CONTESTANTS if name != OURS]
_CPU_INFO = Path("/proc/cpuinfo")


class Result(NamedTuple):
    """The seconds of an epoch in one case, for each contestant, round by round."""

    case: Case
    rows: int
    seconds: dict[str, list[float]]

    def epoch(self, name: str) -> float | None:
        """Returns the median seconds of an epoch, or None if the contestant was not timed."""
        return median(self.seconds[name]) if name in self.seconds else None

    def ratio(self, other: str) -> float | None:
        """Returns the median over the rounds of nnscratch's time / another's; None if not timed."""
        if other not in self.seconds:
            return None
        pairs = zip(self.seconds[OURS], self.seconds[other], strict=True)
        return median(ours / theirs for ours, theirs in pairs)

    def cells(self) -> dict[str, str | int | float | None]:
        """Returns the row of the file: values by the name of their column."""
        own = self.epoch(OURS)
        assert own is not None
        return {
            "workload": self.case.name,
            "batch": self.case.batch_text,
            "optimizer": self.case.optimizer,
            "threads": self.case.threads,
            "rounds": len(self.seconds[OURS]),
            "samples_per_second": round(self.rows / own),
            **{f"seconds_{name}": self.epoch(name) for name in CONTESTANTS},
            **{f"ratio_to_{name}": self.ratio(name) for name in OTHERS},
        }


def machine() -> list[str]:
    """Returns two lines: the processor and Python, and the versions of the libraries."""
    built = np.show_config(mode="dicts")
    assert isinstance(built, dict)
    blas = built["Build Dependencies"]["blas"]
    libraries = [f"NumPy {np.__version__} with {blas['name']} {blas['version']}"]
    for name, package in PACKAGES.items():
        try:
            libraries.append(f"{name} {version(package)}")
        except PackageNotFoundError:
            continue
    cores = plural(os.cpu_count() or 1, "core")
    return [f"{_processor()}, {cores}, Python {platform.python_version()}", ", ".join(libraries)]


def _processor() -> str:
    try:
        lines = _CPU_INFO.read_text("utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def print_results(results: Sequence[Result]) -> None:
    """Prints the table, with columns only for contestants that were timed."""
    others = [name for name in OTHERS if any(name in result.seconds for result in results)]
    titles = {PRODUCTS: "/ products", "JAX": "/ JAX (own threads)"}
    header = ["workload", "batch", "optimizer", "threads", "s/epoch", "samples/s"]
    rows = []
    for result in results:
        cells = result.cells()
        ratios = [result.ratio(name) for name in others]
        rows.append(
            [
                *(cells[key] for key in ("workload", "batch", "optimizer", "threads")),
                f"{cells[f'seconds_{OURS}']:.3g}",
                cells["samples_per_second"],
                *("" if ratio is None else f"{ratio:.2f}" for ratio in ratios),
            ]
        )
    print_table([*header, *(titles.get(name, f"/ {name}") for name in others)], rows)


def memory_lines(peaks: Mapping[str, float]) -> list[str]:
    """Returns a line for each contestant's peak memory in megabytes."""
    return [f"peak memory of {name}: {megabytes:.0f} MB" for name, megabytes in peaks.items()]


def save_table(folder: Path, notes: Sequence[str], results: Sequence[Result]) -> Path:
    """Writes the results to a CSV file, below the notes as comments."""
    path = folder / TABLE
    text = io.StringIO()
    text.writelines(f"# {note}\n" for note in notes)
    rows = [result.cells() for result in results]
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _short(value) for key, value in row.items()} for row in rows)
    with replacing(path) as file:
        file.write(text.getvalue().encode())
    return path


def _short(value: object) -> object:
    return f"{value:.4g}" if isinstance(value, float) else value


def draw(folder: Path, results: Sequence[Result]) -> Path:
    """Draws the ratios to PyTorch and to the products, one panel for each number of threads."""
    counts = sorted({result.case.threads for result in results})
    labels = list(dict.fromkeys(map(_label, results)))
    figure = style.new_figure(4.6 + 2.9 * len(counts), 1.7 + 0.27 * len(labels))
    panels = figure.subplots(1, len(counts), sharex=True, sharey=True, squeeze=False)[0]
    for axes, threads in zip(panels, counts, strict=True):
        shown = [result for result in results if result.case.threads == threads]
        _draw_panel(axes, shown, labels)
        axes.set_title(plural(threads, "thread"), fontsize="medium")
    figure.supxlabel(
        "time of nnscratch / time of the other (logarithmic): left of 1 is faster",
        fontsize="medium",
    )
    lines, names = panels[0].get_legend_handles_labels()
    figure.legend(lines, names, loc="outside upper center", frameon=False, ncols=2)
    path = folder / PLOT
    style.save_figure(figure, path)
    return path


def _label(result: Result) -> str:
    return f"{result.case.name}, batch {result.case.batch_text}, {result.case.optimizer}"


def _draw_panel(axes: "Axes", results: Sequence[Result], labels: Sequence[str]) -> None:
    from matplotlib.ticker import LogLocator, NullLocator

    style.show_grid(axes)
    axes.set_xscale("log")
    axes.axvline(1, color="0.4", linewidth=1.2)
    others = (("PyTorch", "o", "to PyTorch"), (PRODUCTS, "D", "to the matrix products alone"))
    for (name, marker, title), color in zip(others, style.COLORS, strict=False):
        points = [(ratio, labels.index(_label(r))) for r in results for ratio in _known(r, name)]
        x, y = zip(*points, strict=True) if points else ((), ())
        axes.plot(x, y, marker, color=color, markersize=6, label=title)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(axis="x", labelsize="small")
    axes.set_yticks(range(len(labels)), labels, fontsize="small")
    axes.set_ylim(len(labels) - 0.4, -0.6)


def _known(result: Result, name: str) -> Iterator[float]:
    ratio = result.ratio(name)
    if ratio is not None:
        yield ratio
