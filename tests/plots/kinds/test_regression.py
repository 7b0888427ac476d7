"""Predicted against actual numbers, in the units of the data."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from tests.plots.example_runs import draw_figure, inline, plotted, prepared
from tests.plots.figure_checks import title_of


def test_predicted_numbers_are_in_the_units_of_the_data(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, inline("[[200.5, 1], [100, 2], [400, 3.5], [300, 4]]")))
    actual = run.dataset.splits["train"].targets
    predicted = run.model.predict(run.dataset.splits["train"].inputs)
    for i, axes in enumerate(draw_figure(run, "regression").axes):
        (scatter,) = [c for c in axes.collections if isinstance(c, PathCollection)]
        expected = np.stack([actual[:, i], predicted[:, i]], axis=1)
        assert np.asarray(scatter.get_offsets()) == pytest.approx(expected)


def test_of_very_many_targets_the_first_are_drawn(tmp_path: Path) -> None:
    targets = [[0.5 * row * column + 0.25 for column in range(30)] for row in range(4)]
    figure = draw_figure(plotted(prepared(tmp_path, inline(str(targets)))), "regression")
    assert len([axes for axes in figure.axes if axes.get_visible()]) == 24
    assert title_of(figure).endswith("the first 24 of 30 targets")
