"""The function: for one column of numbers and one prediction."""

from pathlib import Path

from nnscratch.plots.kinds.function import KIND
from tests.plots.example_runs import CLASSES, XOR, draw_figure, inline, plotted, prepared


def test_the_only_column_is_the_axis(tmp_path: Path) -> None:
    figure = draw_figure(plotted(prepared(tmp_path, "dataset: not\n")), "function")
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == ("x1", "p(1)")


def test_one_column_of_several_must_be_chosen(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, inline(CLASSES)))
    assert KIND.unavailable(run) == "a line has one column; these rows have 3"
    assert KIND.suggest_columns is not None
    assert KIND.suggest_columns(run) == ["x1"]
    chosen = plotted(prepared(tmp_path, XOR), ["x2"])
    assert draw_figure(chosen, "function").axes[0].get_xlabel() == "x2"
