"""Weights as images: pixels are the weights, on one scale for all."""

import numpy as np
import pytest

from nnscratch.plots.figures.kernel_images import draw_kernel_images
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of


@pytest.mark.parametrize("count", [1, 9])
def test_kernels_are_the_weights_on_one_scale_around_zero(count: int) -> None:
    kernels = np.random.default_rng(count).normal(size=(count, 3, 4))
    figure = draw_kernel_images("run\nall units", kernels)
    images = [axes.images[0] for axes in figure.axes if axes.images and axes.get_visible()][:count]
    assert len(images) == count
    for image, kernel in zip(images, kernels, strict=True):
        assert np.array(image.get_array()).tolist() == kernel.tolist()
        low, high = image.get_clim()
        assert low == -high
        assert np.quantile(np.abs(kernels), 0.9) < high <= np.abs(kernels).max()
    assert len({image.get_clim() for image in images}) == 1
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
