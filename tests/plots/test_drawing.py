"""Which kinds of plots a run has, and that those are drawn and others say why not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnscratch.errors import NNScratchError, RunError, UsageError
from nnscratch.plots.drawing import (
    available_kinds,
    draw,
    draw_into_run,
    plots_to_draw,
    remove_old_plots,
    save_plot,
)
from nnscratch.plots.kinds import kind_names
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs import RunFiles
from tests.plots.example_runs import (
    CLASSES,
    LABELS,
    NUMBERS,
    TWO_COLUMNS,
    XOR,
    draw_figure,
    inline,
    plotted,
    prepared,
)
from tests.plots.figure_checks import render, texts_on, title_of


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (XOR, {"boundary", "diagram", "confusion"}),
        ("dataset: not\n", {"function", "diagram", "confusion"}),
        (inline(NUMBERS), {"diagram", "regression"}),
        (
            inline(NUMBERS, TWO_COLUMNS) + "architecture: [3]\n",
            {"boundary", "diagram", "regression"},
        ),
        (
            inline(NUMBERS, TWO_COLUMNS) + "architecture: []\n",
            {"boundary", "diagram", "regression"},
        ),
        (inline(LABELS, TWO_COLUMNS) + "loss: bce\n", {"diagram"}),
        (inline("[[0.5, 1], [1, 0], [1, 1], [0, 0]]", TWO_COLUMNS), {"diagram", "regression"}),
        (inline(CLASSES, TWO_COLUMNS) + "architecture: [25, 2]\n", {"boundary", "confusion"}),
        ("dataset: digits\narchitecture: [8]\n", {"confusion", "kernels", "mistakes"}),
    ],
)
def test_kinds_that_apply_are_drawn_and_others_say_why(
    tmp_path: Path, text: str, kinds: set[str]
) -> None:
    run = plotted(prepared(tmp_path, text))
    assert {*available_kinds(run)} == {*kinds, "curves", "gradients", "histograms"}
    for kind in kind_names():
        if kind in {*kinds, "gradients", "histograms"}:
            figure = draw_figure(run, kind)
            assert texts_on(figure)
            assert title_of(figure).splitlines()[1] == "my-run"
        elif kind not in ("curves", "schedule"):
            with pytest.raises(UsageError) as caught:
                draw([run], kind)
            why, what = str(caught.value).splitlines()
            assert why.startswith("my-run: ")
            assert what == f"it has the plots {', '.join(available_kinds(run))}"


@pytest.mark.parametrize("scale", [0.0, 1e-38, 1e30])
def test_dead_tiny_and_diverged_networks_are_drawn_or_say_why(tmp_path: Path, scale: float) -> None:
    experiment = prepared(tmp_path, inline(CLASSES, TWO_COLUMNS) + "architecture: [3]\n")
    experiment.model.network.params.flat[:] *= np.float32(scale)
    run = plotted(experiment)
    for kind in available_kinds(run):
        if kind != "curves":
            try:
                assert render(draw_figure(run, kind)).startswith(b"\x89PNG")
            except NNScratchError as error:
                assert scale > 1
                assert "overflow" in str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize("targets", ["[3.5, 3.5]", "[3.5, 4.5]", "[a, b]"])
def test_one_row_on_each_side_and_a_constant_column(tmp_path: Path, targets: str) -> None:
    network = "architecture: [2]\nbatch_norm: true\ndropout: 0.5\nuse_bias: false\ndtype: float64\n"
    text = inline(targets, "[[1, 5], [2, 5]]") + network
    run = plotted(prepared(tmp_path, text))
    for kind in available_kinds(run):
        if kind != "curves":
            assert texts_on(draw_figure(run, kind))


def test_what_is_drawn_into_a_run_needs_no_animation(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, XOR))
    with pytest.raises(RunError):
        plots_to_draw(run)  # its curves are in a metrics.csv that is not there
    (tmp_path / "metrics.csv").write_text("epoch,loss,accuracy\n1,0.5,0.75\n")
    (tmp_path / "run.json").write_text("{}")
    run = replace(run, files=RunFiles(tmp_path / "weights.npz", tmp_path))
    plots = plots_to_draw(run)
    assert [*plots] == [
        "boundary",
        "confusion",
        "loss",
        "accuracy",
        "diagram",
        "gradients",
        "histograms",
    ]
    path = draw_into_run(run, "loss", plots["loss"])
    assert path == tmp_path / "plots" / "loss.png"
    assert path.read_bytes().startswith(b"\x89PNG")


def test_old_plots_are_removed_and_other_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "plots"
    folder.mkdir()
    for name in ("mistakes.png", "training.gif", "mine.png"):
        (folder / name).write_text("")
    remove_old_plots(PlottedRun(RunFiles(tmp_path / "weights.npz", tmp_path)))
    assert [path.name for path in folder.iterdir()] == ["mine.png"]


@pytest.mark.parametrize(("kind", "wrong"), [("diagram", "a.gif"), ("training", "a.png")])
def test_a_kind_is_saved_in_its_own_formats(tmp_path: Path, kind: str, wrong: str) -> None:
    run = plotted(prepared(tmp_path, XOR))
    with pytest.raises(UsageError, match="must end in"):
        save_plot([run], kind, tmp_path / wrong)
    assert not (tmp_path / wrong).exists()


def test_a_plot_is_saved_into_its_run_again_and_elsewhere_only_once(tmp_path: Path) -> None:
    files = RunFiles(tmp_path / "weights.npz", tmp_path)
    run = replace(plotted(prepared(tmp_path, XOR)), files=files)
    own = tmp_path / "plots" / "diagram.png"
    assert save_plot([run], "diagram") == save_plot([run], "diagram", own) == own
    other = tmp_path / "mine.SVG"
    assert save_plot([run], "diagram", other) == other
    with pytest.raises(FileExistsError):
        save_plot([run], "diagram", other)
