"""What networks predict, alone or side by side: the runs, their labels and their results."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from nnscratch.errors import UsageError
from nnscratch.plots.drawing import draw
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.plots.response_kind import kind_of_plot
from nnscratch.runs import RunFiles
from tests.plots.example_runs import CLASSES, TWO_COLUMNS, XOR, inline, plotted, prepared
from tests.plots.figure_checks import texts_on, title_of


def run_in(folder: Path, settings: str, text: str = XOR) -> PlottedRun:
    """Returns a run whose directory has a config, as if it had just been trained."""
    folder.mkdir()
    run = plotted(prepared(folder, f"{text}{settings}\n"))
    (folder / "config.yaml").write_text(f"{text}{settings}\n")
    (folder / "run.json").write_text("{}")
    return replace(run, files=RunFiles(folder / "weights.npz", folder))


def test_several_runs_are_drawn_side_by_side_each_with_its_own_network(tmp_path: Path) -> None:
    runs = [run_in(tmp_path / f"{seed}", f"seed: {seed}") for seed in (1, 2)]
    figure = draw(runs, "boundary")
    assert isinstance(figure, Figure)
    one, two = figure.axes
    assert not np.array_equal(one.images[0].get_array(), two.images[0].get_array())  # type: ignore[arg-type]
    assert [axes.get_title().splitlines()[0] for axes in figure.axes] == ["seed 1", "seed 2"]
    for axes, run in zip(figure.axes, runs, strict=True):
        assert axes.get_title().splitlines()[1] == run.result
    assert title_of(figure) == "Decision boundary"
    assert len(figure.legends) == 1
    assert {"0", "1", "x1", "x2"} <= {*texts_on(figure)}


def test_one_run_that_has_no_plane_is_named(tmp_path: Path) -> None:
    good = run_in(tmp_path / "good", "seed: 1")
    bad = run_in(tmp_path / "bad", "seed: 1", inline(CLASSES))
    with pytest.raises(UsageError, match=r"^bad: a plane has two columns"):
        draw([good, bad], "boundary")


def test_numbers_of_several_runs_have_one_scale_of_colours(tmp_path: Path) -> None:
    runs = [
        run_in(tmp_path / f"{i}", f"seed: {i}", inline(f"[1.5, 2, 3, {top}.5]", TWO_COLUMNS))
        for i, top in enumerate((5, 9))
    ]
    figure = draw(runs, "boundary")
    assert isinstance(figure, Figure)
    assert {axes.images[0].get_clim() for axes in figure.axes if axes.images} == {(1.5, 9.5)}


def test_a_member_that_there_is_not_is_a_clear_message(tmp_path: Path) -> None:
    run = replace(plotted(prepared(tmp_path, XOR)), member=2)
    with pytest.raises(UsageError, match="my-run: has 1 network, so no member 2"):
        draw([run], "boundary")


def test_more_runs_than_can_be_seen_are_refused() -> None:
    together = kind_of_plot(2).draw_together
    assert together
    run = PlottedRun(RunFiles(Path("weights.npz"), None))
    with pytest.raises(UsageError, match=r"at most 24 runs .*; got 25"):
        together([run] * 25)
