"""Images side by side: pixels are the numbers given, on one scale for all."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes

from nnscratch.plots.figures.image_grid import draw_captioned_images, draw_kernel_images
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of


def tiles_of(axes: Axes) -> np.ndarray:
    """Returns the tiles as one array, in which what is between them is nan."""
    array = axes.images[0].get_array()
    assert array is not None
    return np.asarray(np.ma.filled(array, np.nan))


@pytest.mark.parametrize("count", [1, 3, 9])
def test_images_are_drawn_with_their_captions(count: int) -> None:
    images = np.random.default_rng(1).integers(0, 17, (count, 8, 8)).astype(np.uint8)
    captions = [f"{k % 10}, not {(k + 1) % 10}\n98%" for k in range(count)]
    figure = draw_captioned_images("run\nmistakes", images, captions, 16)
    (axes,) = figure.axes  # for each image, axes would take longer than all else
    tiles = tiles_of(axes)
    assert axes.images[0].get_clim() == (0, 16)
    assert [text.get_text() for text in axes.texts] == captions
    for image, caption in zip(images, axes.texts, strict=True):
        x, y = caption.get_position()  # the middle of the image's lower edge, in pixels
        left, top = round(x - 3.5), round(y + 0.4) - 8
        assert tiles[top : top + 8, left : left + 8].tolist() == image.tolist()
    assert np.isfinite(tiles).sum() == images.size
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize("count", [1, 3, 16])
def test_long_captions_neither_overlap_nor_run_off_the_page(count: int) -> None:
    captions = ["T-shirt or top, not ankle boot\n98%"] * count
    figure = draw_captioned_images("run", np.zeros((count, 28, 28)), captions, 255)
    assert_nothing_cut_off(figure)
    (axes,) = figure.axes
    boxes = [text.get_window_extent() for text in axes.texts]
    assert all(a.x1 <= b.x0 for a, b in pairwise(boxes[: min(count, 8)]))
    if count > 8:  # nor does it hide the image below
        _, y = axes.texts[0].get_position()
        below = axes.transData.transform((0, round(y + 0.4) + 28 * 0.75))[1]
        assert boxes[0].y0 >= below


def test_captions_are_taken_literally() -> None:
    figure = draw_captioned_images("$run_{", np.zeros((1, 2, 2)), ["$a_{, not _b$"], 1.0)
    assert render(figure, "svg")
    assert {"$run_{", "$a_{, not _b$"} <= {*texts_on(figure)}


@pytest.mark.parametrize("count", [1, 9])
def test_kernels_are_the_weights_on_one_scale_around_zero(count: int) -> None:
    kernels = np.random.default_rng(count).normal(size=(count, 3, 4))
    figure = draw_kernel_images("run\nall units", kernels)
    axes = figure.axes[0]
    (image,) = axes.images
    tiles = tiles_of(axes)
    assert [text.get_text() for text in axes.texts] == [f"{k}" for k in range(1, count + 1)]
    for kernel, number in zip(kernels, axes.texts, strict=True):
        x, y = number.get_position()  # the middle of the kernel's upper edge, in pixels
        left, top = round(x - 1.5), round(y + 0.6)
        assert tiles[top : top + 3, left : left + 4].tolist() == kernel.tolist()
    assert np.isfinite(tiles).sum() == kernels.size  # nothing between them
    low, high = image.get_clim()
    assert low == -high
    assert np.quantile(np.abs(kernels), 0.9) < high <= np.abs(kernels).max()
    assert "weight" in texts_on(figure)
    assert title_of(figure) == "run\nall units"
    assert_nothing_cut_off(figure)


@pytest.mark.parametrize("size", [0.0, 1e-38, 1e37])
def test_zero_tiny_and_huge_kernels_have_a_scale_without_nan(size: float) -> None:
    kernels = (size * np.random.default_rng(1).normal(size=(5, 3, 3))).astype(np.float32)
    figure = draw_kernel_images("run", kernels)
    low, high = figure.axes[0].images[0].get_clim()
    assert np.isfinite([low, high]).all()
    assert low < 0 < high
    assert render(figure).startswith(b"\x89PNG")


def test_a_few_weights_among_zeros_are_not_lost() -> None:
    """As an l1 penalty leaves them."""
    kernels = np.zeros((64, 8, 8))
    kernels[3, 2, 1] = 0.01
    assert draw_kernel_images("run", kernels).axes[0].images[0].get_clim() == (-0.01, 0.01)
