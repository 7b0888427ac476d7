"""Predicted against actual numbers, in the units of the data."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from tests.plots.example_runs import draw_figure, inline, plotted, prepared


def test_predicted_numbers_are_in_the_units_of_the_data(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, inline("[[200.5, 1], [100, 2], [400, 3.5], [300, 4]]")))
    actual = run.dataset.splits["train"].targets
    predicted = run.model.predict(run.dataset.splits["train"].inputs)
    for i, axes in enumerate(draw_figure(run, "regression").axes):
        (scatter,) = [c for c in axes.collections if isinstance(c, PathCollection)]
        expected = np.stack([actual[:, i], predicted[:, i]], axis=1)
        assert np.asarray(scatter.get_offsets()) == pytest.approx(expected)
