"""How many rows a second each export predicts, against nnscratch itself.

Run it with `python -m benchmarks.exports`. Two networks with random weights: a table of seven
columns with dates and categories, and pictures as of MNIST. Each figure is the best of many short
turns, on one thread. What is not installed is left out.
"""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from nnscratch.cli.tables import print_table
from nnscratch.errors import NNScratchError
from nnscratch.export import c_format, html_format, onnx_format, python_format
from nnscratch.export.onnx_session import inputs_of, open_session
from nnscratch.export.self_test import make_rows
from nnscratch.export.subject import Subject
from nnscratch.model.model import Model
from tests.export.models import build, picture, table_of_people

MANY = 1000
_TURNS = 40
_TURN_SECONDS = 0.02
SUBJECTS: dict[str, Callable[[], Model]] = {
    "table, 20-16-3": lambda: build(
        "cross_entropy", ("a", "b", "c"), preprocessing=table_of_people(), hidden=(16,)
    ),
    "pictures, 784-128-32-10": lambda: build(
        "cross_entropy", tuple(range(10)), **picture(28, 28, 255.0), hidden=(128, 32), spread=0.1
    ),
}
_TIMING_C = r"""
#include "model.h"
#include <stdio.h>
#include <time.h>
int main(void) {
    static model_number row[MODEL_COLUMNS] = {%s};
    float values[MODEL_VALUES], sum = 0.0f;
    double best = 0.0;
    int turn, i, count = 20;
    for (turn = 0; turn < 40; turn++) {
        clock_t start = clock();
        for (i = 0; i < count; i++) {
            row[0] = (model_number)i;
            model_compute(row, values);
            sum += values[0];
        }
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (seconds > 0.0 && count / seconds > best) best = count / seconds;
        if (seconds < 0.02) count *= 2;
    }
    printf("%%.17g %%g\n", best, (double)sum);
    return 0;
}
"""
_TIMING_PAGE = """rows => {
    let best = 0;
    for (let turn = 0; turn < 40; turn++) {
        const start = performance.now();
        let count = 0;
        while (performance.now() - start < 20) nnscratch.predict(rows[count++ % rows.length]);
        best = Math.max(best, count / (performance.now() - start) * 1000);
    }
    return best;
}"""


def best_rate(turn: Callable[[], object], rows: int) -> float:
    """Returns the rows a second of the fastest of many short turns."""
    best = 0.0
    for _ in range(_TURNS):
        start, count = perf_counter(), 0
        while perf_counter() - start < _TURN_SECONDS:
            turn()
            count += rows
        best = max(best, count / (perf_counter() - start))
    return best


def rates(subject: Subject, folder: Path) -> Iterator[tuple[str, float]]:
    """Yields the name of each contestant with its rows a second."""
    rows = make_rows(subject, MANY)
    table, one = subject.model.as_table(rows), subject.model.as_table(rows[:1])
    yield "nnscratch, 1,000 rows at a time", best_rate(lambda: subject.model.predict(table), MANY)
    yield "nnscratch, one row at a time", best_rate(lambda: subject.model.predict(one), 1)
    (folder / "model.py").write_bytes(python_format.write(subject).files[".py"])
    sys.path.insert(0, str(folder))
    module: Any = import_module("model")
    sys.path.pop(0)
    del sys.modules["model"]
    yield "Python", best_rate(lambda: module.predict(rows[0]), 1)
    if shutil.which("cc"):
        for name, is_int8 in (("C", False), ("C, int8", True)):
            yield name, _time_c(subject, folder, table[0].tolist(), is_int8=is_int8)
    with suppress(NNScratchError):
        session = open_session(onnx_format.write(subject).files[".onnx"])
        for name, count in (("ONNX, 1,000 rows at a time", MANY), ("ONNX, one row at a time", 1)):
            fed = inputs_of(subject, session, rows[:count])
            yield name, best_rate(lambda fed=fed: session.run(None, fed), count)  # type: ignore[misc]  # the default is the value of this turn
    rate = _time_page(subject, folder, rows)
    if rate:
        yield "page, in Chromium", rate


def _time_c(subject: Subject, folder: Path, row: list[float], *, is_int8: bool) -> float:
    header = c_format.write(subject, is_int8=is_int8).files[".h"]
    (folder / "model.h").write_bytes(header)
    texts = ", ".join("NAN" if math.isnan(number) else repr(number) for number in row)
    (folder / "timing.c").write_text(_TIMING_C % texts)
    compiling = [str(shutil.which("cc")), "-std=c99", "-O2", "timing.c", "-o", "timing", "-lm"]
    subprocess.run(compiling, cwd=folder, check=True)
    done = subprocess.run([folder / "timing"], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[0])


def _time_page(subject: Subject, folder: Path, rows: list[list[Any]]) -> float:
    if find_spec("playwright") is None or shutil.which("chromium") is None:
        return 0.0
    start: Callable[[], Any] = import_module("playwright.sync_api").sync_playwright
    path = folder / "page.html"
    path.write_bytes(html_format.write(subject).files[".html"])
    with start() as started:
        program = shutil.which("chromium")
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(path.as_uri())
        found = float(page.evaluate(_TIMING_PAGE, json.loads(json.dumps(rows[:50]))))
        browser.close()
    return found


def main() -> None:
    """Prints a table."""
    found: dict[str, list[float]] = {}
    for make in SUBJECTS.values():
        with TemporaryDirectory() as folder:
            for name, rate in rates(Subject.of(make()), Path(folder)):
                found.setdefault(name, []).append(rate)
    lines = [(name, *(f"{rate:,.0f}" for rate in each)) for name, each in found.items()]
    print_table(("rows a second", *SUBJECTS), lines)


if __name__ == "__main__":
    main()
