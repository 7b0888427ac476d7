"""Kinds: each file describes one, and what it says of itself fits together."""

import subprocess
import sys
from pathlib import Path

import pytest

from nnscratch.plots.kind import PlotKind
from nnscratch.plots.kinds import describe_kind, kind_names, load_kind
from tests.package_copy import run_with_file

SIZES = '''"""Size of each parameter array, as bars."""

from nnscratch.plots.figures.style import Figure, new_figure
from nnscratch.plots.kind import PlotKind
from nnscratch.plots.plotted_run import PlottedRun


def _draw(run: PlottedRun) -> Figure:
    params = run.model.network.params
    figure = new_figure(5.0, 3.0, run.name)
    figure.subplots().barh(list(params), [params[name].size for name in params])
    return figure


KIND = PlotKind(_draw, needs="weights")
'''


def test_kinds_are_found_by_their_files() -> None:
    assert [*kind_names()] == sorted(kind_names())
    assert {"boundary", "curves", "schedule", "training"} <= {*kind_names()}


@pytest.mark.parametrize("name", kind_names())
def test_each_kind_says_what_it_shows_and_is_a_plot_kind(name: str) -> None:
    assert isinstance(load_kind(name), PlotKind)
    description = describe_kind(name)
    assert 20 < len(description) < 100
    assert not description.endswith(".")


def test_names_and_descriptions_import_nothing_slow() -> None:
    script = (
        "import sys; from nnscratch.plots.kinds import describe_kind, kind_names; "
        "print([describe_kind(name) for name in kind_names()] and ''); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {*done.stdout.split()} & {"numpy", "matplotlib", "pydantic", "nnscratch.plots.kind"}


@pytest.mark.slow  # starts Python four times
def test_adding_a_kind_is_one_new_file(tmp_path: Path) -> None:
    file = ("plots/kinds/sizes.py", SIZES)
    (tmp_path / "mine.yaml").write_text("dataset: xor\narchitecture: [2]\nepochs: 2\n")
    run = run_with_file(tmp_path, *file, "train", "mine.yaml", "--quiet").strip()
    assert (tmp_path / run / "plots" / "sizes.png").is_file()  # drawn by itself, like the others
    assert "Size of each parameter array, as bars" in run_with_file(
        tmp_path, *file, "plot", "--list"
    )
    assert "sizes" in run_with_file(tmp_path, *file, "plot", "--help")
    picture = run_with_file(tmp_path, *file, "plot", run, "--kind", "sizes", "--output", "a.svg")
    assert (tmp_path / picture.strip().removeprefix("wrote ")).is_file()
