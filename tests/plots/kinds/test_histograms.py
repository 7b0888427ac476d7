"""Histograms: their gradients are those that finite differences give."""

from pathlib import Path

import numpy as np

from tests.plots.example_runs import XOR, draw_figure, plotted, prepared
from tests.plots.figure_checks import texts_on


def test_gradients_are_those_that_differences_give(tmp_path: Path) -> None:
    experiment = prepared(tmp_path, f"{XOR}dtype: float64\n")
    network, split = experiment.model.network, experiment.dataset.splits["train"]
    inputs, targets = split.inputs.astype(np.float64), split.targets[:, np.newaxis].astype(float)
    kernel, squares = network.params["dense_1.kernel"], []
    for place in np.ndindex(kernel.shape):
        losses = []
        for step in (1e-5, -1e-5):
            kernel[place] += step
            losses.append(network.loss(network.logits(inputs), targets)[0])
            kernel[place] -= step
        squares.append(((losses[0] - losses[1]) / 2e-5) ** 2)
    root = (sum(squares) / 4) ** 0.5
    read = texts_on(draw_figure(plotted(experiment), "histograms"))
    assert f"4 numbers, root mean square {root:.2g}" in read
