"""The network as a diagram: a line for each weight, its colour the sign, its thickness the size."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from nnscratch.plots.figures.network_diagram import draw_network_diagram
from nnscratch.plots.figures.style import NEGATIVE, POSITIVE
from tests.plots.figure_checks import assert_nothing_cut_off, render, texts_on, title_of

# Two inputs, three hidden units, one output.
FIRST = np.array([[4.0, -2.0, 1.0], [-4.0, 0.5, 2.0]])
SECOND = np.array([[-3.0], [1.0], [2.0]])
BIASES = [np.array([0.0, 2.0, -1.0]), np.array([-2.0])]


def draw(
    kernels: Any = (FIRST, SECOND), biases: Any = BIASES, inputs: Any = ("x1", "x2"), **changed: Any
) -> Figure:
    outputs = changed.get("outputs", ("p(1)",))
    columns = changed.get("columns", ("input", "tanh", "sigmoid"))
    return draw_network_diagram("run\nresult", kernels, biases, columns, inputs, outputs)


def circles(figure: Figure) -> list[np.ndarray]:
    """The centres of each layer's circles."""
    found = [c for c in figure.axes[0].collections if isinstance(c, PathCollection)]
    return [np.asarray(c.get_offsets()) for c in found]


def weights(figure: Figure) -> dict[tuple[Any, ...], tuple[Any, float]]:
    """The colour and thickness of each line, by its ends."""
    lines: dict[tuple[Any, ...], tuple[Any, float]] = {}
    for found in figure.axes[0].collections:
        if isinstance(found, LineCollection):
            drawn: Any = found  # matplotlib has not typed all of it
            looks = zip(drawn.get_colors(), drawn.get_linewidths(), strict=True)
            for ends, (color, width) in zip(drawn.get_segments(), looks, strict=True):
                lines[tuple(np.asarray(ends).round(6).ravel().tolist())] = color[:3], float(width)
    return lines


def line(figure: Figure, layer: int, i: int, j: int) -> tuple[Any, float]:
    before, after = circles(figure)[layer : layer + 2]
    return weights(figure)[tuple(np.concatenate([before[i], after[j]]).round(6).tolist())]


def test_each_layer_is_a_column_of_its_units_the_first_on_top() -> None:
    found = circles(draw())
    assert [len(layer) for layer in found] == [2, 3, 1]
    assert [{*layer[:, 0]} for layer in found] == [{0.0}, {1.0}, {2.0}]
    for layer in found:
        assert (np.diff(layer[:, 1]) < 0).all()
        assert layer[:, 1].mean() == pytest.approx(0.0)


def test_each_weight_is_a_line_in_the_colour_of_its_sign_and_as_thick_as_it_is_large() -> None:
    figure = draw()
    assert len(weights(figure)) == 2 * 3 + 3 * 1
    sizes = []
    for layer, kernel in enumerate((FIRST, SECOND)):
        for (i, j), weight in np.ndenumerate(kernel):
            color, width = line(figure, layer, i, j)
            assert tuple(color) == pytest.approx(to_rgb(POSITIVE if weight > 0 else NEGATIVE))
            sizes.append((abs(weight), width))
    # One scale for all layers: the thickness is a straight line in |w|, 5 points for the largest.
    slope, least = np.polyfit([w for w, _ in sizes], [width for _, width in sizes], 1)
    assert slope * 4 + least == pytest.approx(5.0)
    assert [width for _, width in sizes] == pytest.approx([slope * w + least for w, _ in sizes])
    assert 0 <= least < 0.3


def test_a_weight_of_zero_has_no_sign() -> None:
    figure = draw(kernels=(np.array([[1.0, 0.0, -1.0], [0.0, 0.0, 2.0]]), SECOND))
    before, after = circles(figure)[:2]
    ends = tuple(np.concatenate([before[0], after[1]]).round(6).tolist())
    color, width = weights(figure).get(ends, ((), 0.0))
    assert not width or tuple(color) not in {to_rgb(POSITIVE), to_rgb(NEGATIVE)}


def test_circles_are_filled_by_their_biases_on_one_scale() -> None:
    found = [c for c in draw().axes[0].collections if isinstance(c, PathCollection)]
    shares = [np.asarray(c.get_array()).tolist() for c in found]
    assert shares == [[0, 0], [0, 1, -0.5], [-1]]  # of 2, the largest; inputs have none
    assert {c.get_clim() for c in found} == {(-1, 1)}


def test_hidden_units_have_their_numbers_in_ink_that_can_be_read() -> None:
    texts = {text.get_text(): text for text in draw().axes[0].texts}
    places = np.array([texts[unit].get_position() for unit in "123"])
    assert places == pytest.approx(np.array([(1, 1), (1, 0), (1, -1)]))
    # The second has the largest bias, and so the darkest circle.
    assert [texts[unit].get_color() for unit in "123"] == ["black", "white", "black"]
    assert "4" not in texts  # the output has its name


def test_a_newcomer_finds_names_functions_and_scales() -> None:
    figure = draw()
    read = texts_on(figure)
    assert {"x1", "x2", "p(1)", "input", "tanh", "sigmoid", "positive", "negative"} <= {*read}
    (scale,) = [text for text in read if "thickest" in text]
    assert "thickest 4" in scale
    assert "darkest 2" in scale
    assert title_of(figure) == "run\nresult"


@pytest.mark.parametrize("size", [0.0, 1e-40, 1e30])
def test_no_weights_tiny_and_huge_ones_are_drawn_without_a_warning(size: float) -> None:
    kernels = [(size * kernel).astype(np.float32) for kernel in (FIRST, SECOND)]
    biases = [(size * bias).astype(np.float32) for bias in BIASES]
    assert render(draw(kernels=kernels, biases=biases)).startswith(b"\x89PNG")


def test_without_hidden_layer_and_without_biases() -> None:
    figure = draw(
        [np.array([[-2.0]])], [None], ["x1"], outputs=["p(1)"], columns=["input", "sigmoid"]
    )
    assert [len(layer) for layer in circles(figure)] == [1, 1]
    assert tuple(line(figure, 0, 0, 0)[0]) == pytest.approx(to_rgb(NEGATIVE))
    assert not any("circles" in text for text in texts_on(figure)), "there are no biases"


@pytest.mark.parametrize("width", [1, 24])
def test_nothing_overlaps_or_runs_off_the_page(width: int) -> None:
    rng = np.random.default_rng(1)
    kernels = [rng.normal(size=(width, 4)), rng.normal(size=(4, width))]
    figure = draw(
        kernels,
        [None, None],
        [f"column number {i} (cm)" for i in range(width)],
        outputs=[f"p(the class called {i})" for i in range(width)],
    )
    assert_nothing_cut_off(figure)
    inputs = [t for t in figure.axes[0].texts if t.get_text().startswith("column")]
    edges = [t.get_window_extent() for t in inputs]
    assert all(a.y0 >= b.y1 for a, b in pairwise(edges))


@pytest.mark.parametrize("length", [40, 150])
def test_long_names_do_not_run_off_the_page(length: int) -> None:
    figure = draw(inputs=("a" * length, "b" * length), outputs=("p(" + "c" * length + ")",))
    assert_nothing_cut_off(figure)
    assert render(figure).startswith(b"\x89PNG")


def test_names_are_taken_literally() -> None:
    figure = draw(inputs=("$x_{1", "_x$"), outputs=("p($\\alpha)",))
    assert render(figure, "pdf").startswith(b"%PDF")
    assert {"$x_{1", "_x$", "p($\\alpha)"} <= {*texts_on(figure)}
