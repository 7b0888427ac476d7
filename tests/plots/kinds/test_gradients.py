"""Gradients of the layers: their norms are those that the formula gives."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.plots.figures.gradient_norms import AFTER, BEFORE
from tests.plots.example_runs import draw_figure, inline, plotted, prepared, set_weights
from tests.plots.figure_checks import bar_ends, texts_on


def test_norms_are_those_worked_out_by_hand_before_and_after(tmp_path: Path) -> None:
    text = inline("[a, b]", "[[3, 4], [0, 0]]") + "architecture: []\nloss: binary_cross_entropy\n"
    first = prepared(tmp_path, text)
    w = first.model.network.params["dense_1.kernel"][:, 0].copy()
    run = plotted(set_weights(prepared(tmp_path, text), {}))
    figure = draw_figure(run, "gradients")
    # Of the first row alone: (p - 0) x / 2 rows, whose length is 5 p / 2.
    p = 1 / (1 + np.exp(-(3 * w[0] + 4 * w[1])))
    before, after = bar_ends(figure.axes[0])
    assert before == pytest.approx(2.5 * p, rel=1e-5)
    assert after == pytest.approx(1.25)  # of weights that are 0, p is a half
    assert {BEFORE, AFTER} <= {*texts_on(figure)}
