"""The curves of many runs are drawn for a directory of them, and for no other."""

from pathlib import Path

from nnscratch.plots.drawing import available_kinds, draw
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import RunFiles
from nnscratch.runs.members import list_members
from nnscratch.search.plan import Plan
from tests.plots.figure_checks import texts_on
from tests.search.many import XOR, train_many


def plotted(run: Path) -> PlottedRun:
    return PlottedRun(RunFiles(run / "weights.npz", run))


def test_only_a_directory_of_many_has_them(tmp_path: Path) -> None:
    run = train_many(tmp_path, XOR, Plan(repeat=2))
    assert "runs" in available_kinds(plotted(run))
    assert "runs" not in available_kinds(plotted(list_members(run)[0]))
    figure = draw([plotted(run)], "runs")
    assert not isinstance(figure, list)
    assert "loss" in " ".join(texts_on(figure))
