"""The band of many learning curves: the median is a line, and eight of ten runs are within."""

from typing import Any

import numpy as np
import pytest

from nnscratch.plots.figures.curve_band import draw_curve_band
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on


def histories(runs: int = 11) -> list[dict[str, list[float]]]:
    """Runs whose loss in the last epoch is 0, 1, 2 and so on, in no order."""
    ends = np.random.default_rng(0).permutation(runs).tolist()
    return [
        {
            "epoch": [1.0, 2.0], "loss": [20.0, float(end)], "val_loss": [21.0, end + 1.0],
            "learning_rate": [0.1, 0.1], "seconds": [0.1, 0.1],
        }
        for end in ends
    ]  # fmt: skip


def outline(figure: Any, index: int) -> Any:
    return figure.axes[0].collections[index].get_paths()[0].vertices


def band_at_the_end(figure: Any, index: int) -> tuple[float, float]:
    vertices = outline(figure, index)
    last = vertices[vertices[:, 0] == 2][:, 1]
    return float(last.min()), float(last.max())


def test_the_median_and_the_band_by_hand() -> None:
    figure = draw_curve_band("gates", histories(), ["loss"])
    (axes,) = figure.axes
    assert [float(np.asarray(line.get_ydata())[-1]) for line in axes.lines] == [5, 6]
    assert band_at_the_end(figure, 0) == pytest.approx((1, 9))
    assert band_at_the_end(figure, 1) == pytest.approx((2, 10))
    texts = " ".join(texts_on(figure))
    assert "gates: the median of 11 runs, and a band that 80% of them are in" in texts
    assert_nothing_cut_off(figure)
    assert render(figure)


def test_a_long_curve_is_thinned() -> None:
    epochs = 50_000
    column = np.linspace(9, 1, epochs).tolist()
    run = {"epoch": list(range(1, epochs + 1)), "loss": column}
    figure = draw_curve_band("long", [run, run], ["loss"])
    assert len(outline(figure, 0)) < 20_000
