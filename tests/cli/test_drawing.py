"""Plots after training: all of a run or only its history, and a failure is a warning."""

from pathlib import Path

import pytest

from nnscratch.cli.drawing import draw_plots
from nnscratch.plots import drawing


def test_a_run_is_drawn_from_its_files(trained: Path) -> None:
    assert draw_plots(trained, quiet=True)
    drawn = {path.stem for path in (trained / "plots").iterdir()}
    assert {"loss", "accuracy", "boundary"} <= drawn


def test_only_its_history_if_so_asked(trained: Path) -> None:
    assert draw_plots(trained, quiet=True, of_history=True)
    assert {path.stem for path in (trained / "plots").iterdir()} == {"loss", "accuracy"}


def test_a_plot_that_fails_is_a_warning(
    trained: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no ink")

    monkeypatch.setattr(drawing, "draw_for_run", fail)
    assert draw_plots(trained, quiet=True, of_history=True)
    assert capsys.readouterr().err.splitlines() == [
        "warning: loss is not drawn: no ink",
        "warning: accuracy is not drawn: no ink",
    ]
