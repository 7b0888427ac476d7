"""Kernels: the weights into each unit, in the shape of the rows."""

from pathlib import Path

import numpy as np

from tests.plots.example_runs import draw_figure, plotted, prepared


def test_a_kernel_is_the_weights_into_a_unit_in_the_shape_of_the_rows(tmp_path: Path) -> None:
    experiment = prepared(tmp_path, "dataset: digits\narchitecture: [3]\n")
    kernel = experiment.model.network.params["dense_1.kernel"]
    kernel[:] = np.arange(64 * 3).reshape(64, 3)
    (image,) = draw_figure(plotted(experiment), "kernels").axes[0].images
    tiles = np.array(image.get_array())
    assert tiles.shape == (8, 3 * 8 + 2 * 2)
    for unit in range(3):
        pixels = tiles[:, 10 * unit : 10 * unit + 8]
        assert pixels[0, 1] == 1 * 3 + unit  # the second pixel of the first line
        assert pixels[2, 5] == (2 * 8 + 5) * 3 + unit
