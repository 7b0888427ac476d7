"""Learning curves: from the metrics of runs to a figure, and to the files of one run."""

from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from nnscratch.errors import UsageError
from nnscratch.plots.drawing import available_kinds, draw
from nnscratch.plots.kinds.curves import KIND
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import RunFiles
from tests.plots.example_runs import XOR, plotted, prepared
from tests.plots.figure_checks import title_of


def run_with_metrics(directory: Path, accuracy: float = 0.75) -> PlottedRun:
    directory.mkdir(parents=True)
    (directory / "metrics.csv").write_text(f"epoch,loss,accuracy\n1,0.5,{accuracy}\n")
    (directory / "run.json").write_text('{"status": "completed", "kept_epoch": 1}')
    return PlottedRun(RunFiles(directory / "weights.npz", directory))


def test_a_run_has_a_file_for_each_column_and_one_of_all_if_it_exists(tmp_path: Path) -> None:
    run = run_with_metrics(tmp_path / "run")
    assert KIND.parts is not None
    assert [*KIND.parts(run)] == ["loss", "accuracy"]
    (run.directory / "plots").mkdir()
    (run.directory / "plots" / "curves.png").write_text("")
    assert [*KIND.parts(run)] == ["loss", "accuracy", "curves"]
    part, figure = KIND.parts(run)["accuracy"](), KIND.draw(run)
    assert isinstance(part, Figure)
    assert isinstance(figure, Figure)
    assert len(part.axes) == 1
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "accuracy"]
    assert title_of(figure) == "Training loss 0.5000  accuracy 75.0% after 1 epoch\nrun"


def test_runs_of_the_same_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    assert KIND.draw_together is not None
    runs = [run_with_metrics(tmp_path / folder / "run") for folder in ("a", "b")]
    (legend,) = KIND.draw_together(runs).legends
    names = [text.get_text() for text in legend.get_texts()]
    assert len({*names}) == 2


def test_a_weights_file_alone_has_no_curves(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, XOR))
    alone = replace(run, files=RunFiles(tmp_path / "alone.npz", None))
    assert "curves" in [*available_kinds(run)]
    assert "curves" not in [*available_kinds(alone)]
    with pytest.raises(UsageError, match="has no history"):
        draw([alone], "curves")


@pytest.mark.parametrize("loss", ["nan", "inf", ""])
def test_a_loss_that_was_never_finite_is_a_clear_message(loss: str, tmp_path: Path) -> None:
    good, bad = run_with_metrics(tmp_path / "good"), run_with_metrics(tmp_path / "bad")
    (bad.directory / "metrics.csv").write_text(f"epoch,loss,accuracy\n1,{loss},0.5\n")
    for runs in ([bad], [good, bad]):
        with pytest.raises(UsageError, match=r"^bad: no epoch has a finite loss"):
            draw(runs, "curves")
    assert KIND.parts is not None
    assert KIND.parts(bad) == {}
