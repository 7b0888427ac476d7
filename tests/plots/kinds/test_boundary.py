"""The boundary: for two columns of numbers and one prediction."""

from pathlib import Path

import pytest

from nnscratch.plots.kinds.boundary import KIND
from tests.plots.example_runs import (
    CLASSES,
    LABELS,
    TWO_COLUMNS,
    XOR,
    draw_figure,
    inline,
    plotted,
    prepared,
)
from tests.plots.figure_checks import title_of


def test_a_plane_of_both_columns_with_the_hidden_units_beside_it(tmp_path: Path) -> None:
    figure = draw_figure(plotted(prepared(tmp_path, XOR)), "boundary")
    plane, units = figure.axes
    assert (len(plane.images), len(units.images)) == (1, 2)
    assert figure.axes[0].get_xlabel() == "x1"
    assert title_of(figure).startswith("Decision boundary, training accuracy ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (inline(CLASSES), "a plane has two columns; these rows have 3"),
        ("dataset: not\n", "a plane has two columns; these rows have 1"),
        (inline(LABELS, TWO_COLUMNS) + "loss: bce\n", "a plane shows one prediction"),
    ],
)
def test_what_has_no_plane_says_why(tmp_path: Path, text: str, reason: str) -> None:
    assert KIND.unavailable(plotted(prepared(tmp_path, text))).startswith(reason)


def test_columns_are_suggested_where_some_must_be_chosen(tmp_path: Path) -> None:
    assert KIND.suggest_columns is not None
    run = plotted(prepared(tmp_path, inline(CLASSES)))
    assert KIND.suggest_columns(run) == ["x1", "x2"]
    assert KIND.suggest_columns(plotted(prepared(tmp_path, "dataset: not\n"))) == []
