"""Mistakes: those that the network is surest of come first."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import ImageFormat
from nnscratch.model.model import Model
from nnscratch.plots.plotted_run import PlottedRun
from tests.plots.example_runs import draw_figure, inline, plotted, prepared, set_weights, sigmoid
from tests.plots.figure_checks import title_of

TINY_IMAGES = ImageFormat(1, 2, 1.0)


def as_images(experiment: Any) -> PlottedRun:
    """Returns a run whose two columns are two pixels."""
    old = experiment.model
    model = Model(old.network, old.encoding, old.preprocessing, TINY_IMAGES)
    return plotted(type(experiment)(experiment.config, experiment.dataset, model))


@pytest.mark.parametrize(("loss", "shares"), [("binary_cross_entropy", True), ("hinge", False)])
def test_the_surest_mistake_comes_first(tmp_path: Path, loss: str, shares: bool) -> None:
    # The logits are the first column; b is above zero, so all rows but the last are wrong.
    text = inline("[b, a, a, b]", "[[-2, 0], [0.5, 0], [2.5, 0], [5, 0]]") + f"loss: {loss}\n"
    experiment = set_weights(
        prepared(tmp_path, f"{text}architecture: []\n"), {"dense_1.kernel": [[1.0], [0.0]]}
    )
    figure = draw_figure(as_images(experiment), "mistakes")
    (axes,) = figure.axes
    array = axes.images[0].get_array()
    assert array is not None
    pixels = np.asarray(np.ma.filled(array, np.nan))
    assert pixels[np.isfinite(pixels)][::2].tolist() == [2.5, -2, 0.5]
    captions = [text.get_text().splitlines() for text in axes.texts]
    assert [caption[0] for caption in captions] == ["b, not a", "a, not b", "b, not a"]
    if shares:
        expected = [f"{sigmoid(z):.0%}" for z in (2.5, 2, 0.5)]
        assert [caption[1] for caption in captions] == expected
    assert "3 mistakes in 4 training rows" in title_of(figure)
