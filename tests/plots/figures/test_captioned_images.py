"""Images with captions: pixels are the numbers given, on one scale for all."""

from itertools import pairwise

import numpy as np
import pytest

from nnscratch.plots.figures.captioned_images import draw_captioned_images
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on


@pytest.mark.parametrize("count", [1, 3, 9])
def test_images_are_drawn_with_their_captions(count: int) -> None:
    images = np.random.default_rng(1).integers(0, 17, (count, 8, 8)).astype(np.uint8)
    captions = [f"{k % 10}, not {(k + 1) % 10}\n98%" for k in range(count)]
    figure = draw_captioned_images("run\nmistakes", images, captions, 16)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert [np.array(axes.images[0].get_array()).tolist() for axes in shown] == images.tolist()
    assert [axes.get_xlabel() for axes in shown] == captions
    assert {axes.images[0].get_clim() for axes in shown} == {(0, 16)}
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize("count", [1, 3, 16])
def test_long_captions_neither_overlap_nor_run_off_the_page(count: int) -> None:
    captions = ["T-shirt or top, not ankle boot\n98%"] * count
    figure = draw_captioned_images("run", np.zeros((count, 28, 28)), captions, 255)
    assert_nothing_cut_off(figure)
    boxes = [axes.xaxis.label.get_window_extent() for axes in figure.axes[: min(count, 8)]]
    assert all(a.x1 <= b.x0 for a, b in pairwise(boxes))


def test_captions_are_taken_literally() -> None:
    figure = draw_captioned_images("$run_{", np.zeros((1, 2, 2)), ["$a_{, not _b$"], 1.0)
    assert render(figure, "svg")
    assert {"$run_{", "$a_{, not _b$"} <= {*texts_on(figure)}
