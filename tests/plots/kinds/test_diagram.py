"""The diagram: the biases and the names that it shows, and the networks that are too large."""

from pathlib import Path

import pytest

from nnscratch.plots.kinds.diagram import KIND
from tests.plots.example_runs import (
    NUMBERS,
    XOR,
    XOR_WEIGHTS,
    draw_figure,
    inline,
    plotted,
    prepared,
    set_weights,
)
from tests.plots.figure_checks import texts_on


def test_inputs_functions_and_outputs_are_named_and_scales_given(tmp_path: Path) -> None:
    run = plotted(set_weights(prepared(tmp_path, XOR), XOR_WEIGHTS))
    texts = texts_on(draw_figure(run, "diagram"))
    assert {"x1", "x2", "input", "p(1)"} <= {*texts}
    assert "lines: weights, the thickest 3; circles: biases, the darkest 0.5" in texts


def test_a_normalized_layer_has_its_beta_as_bias(tmp_path: Path) -> None:
    experiment = set_weights(
        prepared(tmp_path, f"{XOR}batch_norm: true\n"), {"batch_norm_1.beta": 7}
    )
    texts = texts_on(draw_figure(plotted(experiment), "diagram"))
    assert any("darkest 7" in text for text in texts)


def test_a_number_without_a_name_is_a_prediction(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, inline(NUMBERS)))
    assert "prediction" in texts_on(draw_figure(run, "diagram"))


def test_weights_from_scaled_inputs_are_those_that_count(tmp_path: Path) -> None:
    experiment = prepared(tmp_path, f"{XOR}input_scale: true\n")
    weights = {**XOR_WEIGHTS, "input_scale.scale": [7, 0]}
    texts = texts_on(draw_figure(plotted(set_weights(experiment, weights)), "diagram"))
    assert "lines: weights, the thickest 14; circles: biases, the darkest 0.5" in texts


@pytest.mark.parametrize(("given", "has"), [("true", "16 waves"), ("piecewise_linear", "1 piece")])
def test_embeddings_have_no_place_in_a_diagram(tmp_path: Path, given: str, has: str) -> None:
    run = plotted(prepared(tmp_path, f"{XOR}numeric_embedding: {given}\n"))
    assert f"this network also encodes its inputs ({has})" in KIND.unavailable(run)


@pytest.mark.parametrize(
    ("architecture", "numbers"), [("[25]", "25 and 75"), ("[24, 24]", "24 and 648")]
)
def test_a_large_network_says_how_large_it_is(
    tmp_path: Path, architecture: str, numbers: str
) -> None:
    text = f"dataset: xor\narchitecture: {architecture}\n"
    assert KIND.unavailable(plotted(prepared(tmp_path, text))).endswith(f"has {numbers}")
