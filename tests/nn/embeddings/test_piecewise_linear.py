"""Piecewise linear encoding: values worked out by hand, and the edges of an independent search."""

import math
import warnings
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnscratch.nn.embeddings.piecewise_linear import PieceLayer, PiecewiseLinear, find_edges
from nnscratch.nn.inspection.gradcheck import check_gradients
from nnscratch.nn.network import Network
from tests.nn.embeddings.input_gradients import assert_input_gradient

NAME = "piecewise_linear"
# Of column 2 two pieces, of column 0 none, of column 1 one.
EDGES = ((0.0, 1.0, 3.0), (5.0,), (-1.0, 1.0))
PIECES: dict[str, Any] = {"name": NAME, "columns": (2, 0, 1), "edges": EDGES}


def build(dtype: str = "float64", **settings: Any) -> Network:
    return Network(3, [4], 1, numeric_embedding={**PIECES, **settings}, dtype=dtype, seed=1)


def layer_of(edges: Any, dtype: str = "float64", columns: tuple[int, ...] = (0,)) -> PieceLayer:
    spec = {"name": NAME, "columns": columns, "edges": edges}
    layer = Network(len(columns), [2], 1, numeric_embedding=spec, dtype=dtype).layers["embedding"]
    assert isinstance(layer, PieceLayer)
    return layer


def test_the_pieces_of_each_column_are_appended() -> None:
    layer = build().layers["embedding"]
    # Below all, at an edge, in the second piece, above all; column 1 likewise.
    x = np.array([[7.0, -2.0, -5.0], [8.0, 0.0, 1.0], [9.0, 0.5, 2.0], [9.0, 1.0, 30.0]])
    expected = [
        [7.0, -2.0, -5.0, -0.5, -0.5, -0.5],
        [8.0, 0.0, 1.0, 0.5, -0.5, 0.0],
        [9.0, 0.5, 2.0, 0.5, 0.0, 0.25],
        [9.0, 1.0, 30.0, 0.5, 0.5, 0.5],
    ]
    assert layer.forward(x).tolist() == expected
    assert layer.forward(x[1:2]).tolist() == expected[1:2]
    assert build().dense[0].in_features == 6


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_each_piece_is_an_interpolation_and_all_together_are_the_number(dtype: str) -> None:
    rng = np.random.default_rng(3)
    edges = [np.sort(rng.normal(size=count)).astype(dtype) for count in (2, 9, 33)]
    layer = layer_of([each.tolist() for each in edges], dtype, (0, 1, 2))
    x = np.sort(rng.normal(size=(200, 3)) * 1.5, axis=0).astype(dtype)

    pieces = np.split(layer.forward(x)[:, 3:].astype(np.float64), [1, 9], axis=1)

    for column, (own, ends) in enumerate(zip(pieces, edges, strict=True)):
        for k, (low, high) in enumerate(pairwise(ends)):
            expected = np.interp(x[:, column], [low, high], [-0.5, 0.5])
            np.testing.assert_allclose(own[:, k], expected, atol=1e-6)
        assert (np.diff(own, axis=0) >= 0).all()
        passed = (own + 0.5) @ np.diff(ends.astype(np.float64))
        np.testing.assert_allclose(
            passed, x[:, column].clip(ends[0], ends[-1]) - ends[0], atol=1e-5
        )


def test_the_gradient_by_the_inputs_is_that_of_finite_differences() -> None:
    layer, rng = build().layers["embedding"], np.random.default_rng(2)
    x, grad = rng.normal(size=(40, 3)) * 2, rng.normal(size=(40, 6))
    assert_input_gradient(layer, x, grad, least=1e-8)


def test_at_an_edge_the_slope_is_that_of_the_piece_below() -> None:
    layer = layer_of([[0.0, 1.0, 3.0]])
    layer.forward(np.array([[-1.0], [0.0], [1.0], [3.0], [4.0]]))
    # Of x itself 0; of the pieces 1 and 10, over widths of 1 and 2.
    through = layer.backward(np.tile([0.0, 1.0, 10.0], (5, 1)))
    assert through.ravel().tolist() == [0.0, 0.0, 1.0, 5.0, 0.0]


@pytest.mark.parametrize("input_scale", [False, True])
def test_what_follows_has_right_gradients(input_scale: bool) -> None:
    network = Network(
        3, [4], 2, activation="tanh", numeric_embedding=PIECES, input_scale=input_scale,
        dtype="float64",
    )  # fmt: skip
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(9, 3)), rng.normal(size=(9, 2))
    checks = check_gradients(network, x, y)
    assert [check.name for check in checks] == list(network.params)
    assert max(check.error for check in checks) < 1e-5


def test_nothing_is_learned_or_drawn_and_no_gradient_reaches_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, plain = build(), Network(6, [4], 1, dtype="float64", seed=1)
    np.testing.assert_array_equal(network.weights, plain.weights)
    x = np.ones((3, 3))
    _, grad = network.loss(network.forward(x, training=True), np.zeros((3, 1)))
    for layer in (network.layers["embedding"], network.layers["dense_1"]):
        monkeypatch.setattr(layer, "backward", lambda _: pytest.fail("is not needed"))
    network.backward(grad)
    assert np.abs(network.grads["dense_1.kernel"]).max() > 0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_far_away_numbers_and_narrow_pieces_neither_overflow_nor_warn(dtype: str) -> None:
    tiny = float(np.finfo(dtype).smallest_subnormal)
    far = float(np.finfo(dtype).max)
    layer = layer_of([[-tiny, 0.0, tiny, 1.0]], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = layer.forward(np.array([[-far], [0.0], [tiny], [far]], dtype))[:, 1:]
    assert found.tolist() == [[-0.5] * 3, [0.5, -0.5, -0.5], [0.5, 0.5, -0.5], [0.5] * 3]


def test_large_offsets_lose_nothing_in_float32() -> None:
    edges = [1e6, 1e6 + 0.25, 1e6 + 1.5]
    x = np.array([[1e6 + 0.125], [1e6 + 1.0]])
    single, double = (
        layer_of([edges], dtype).forward(x.astype(dtype)) for dtype in ("float32", "float64")
    )
    np.testing.assert_allclose(single[:, 1:], double[:, 1:], atol=1e-7)


def test_a_copy_in_float64_sees_the_numbers_that_the_edges_were_found_in() -> None:
    # 0.1 in float32 is larger than 0.1, so in float64 it would not have reached its own edge.
    value = float(np.float32(0.1))
    before = float(np.nextafter(np.float32(0.1), np.float32(0.0)))
    pieces = {**PIECES, "columns": [0], "edges": [[before, value]]}
    network = Network(1, [2], 1, numeric_embedding=pieces)
    copy = Network(**{**network.describe(), "dtype": "float64"})
    assert copy.layers["embedding"].forward(np.array([[0.1]])).tolist() == [[0.1, 0.5]]


def test_a_copy_in_float64_has_the_means_of_the_network() -> None:
    pieces = {**PIECES, "columns": [0], "edges": [[0.0, 1.0]], "means": [[0.3]]}
    network = Network(1, [2], 1, numeric_embedding=pieces)
    copy = Network(**{**network.describe(), "dtype": "float64"})
    # 0.3 in float32 is 10066330 · 2⁻²⁵.
    expected = 1.0 - 10066330 / 2**25
    assert copy.layers["embedding"].forward(np.array([[2.0]])).tolist() == [[2.0, expected]]


@pytest.mark.parametrize(
    ("settings", "about"),
    [
        ({"edges": ((0.0, 1.0), (5.0,))}, "each of the `columns`"),
        ({"columns": (2, 0, 3)}, "must be below 3"),
        ({"columns": (2, 0, 0)}, "columns"),
        ({"edges": ((0.0, 1.0), (5.0,), ())}, "1 to 257 numbers"),
        ({"edges": ((0.0, 1.0), (5.0,), tuple(range(258)))}, "1 to 257 numbers"),
        ({"edges": ((0.0, 0.0), (5.0,), (0.0, 1.0))}, "ascend"),
        ({"edges": ((1.0, 0.0), (5.0,), (0.0, 1.0))}, "ascend"),
        ({"edges": ((0.0, math.nan), (5.0,), (0.0, 1.0))}, "finite"),
        ({"edges": ((0.0, math.inf), (5.0,), (0.0, 1.0))}, "finite"),
        ({"edges": ((0, 10**400), (5.0,), (0.0, 1.0))}, "finite"),
        ({"edges": (("0", "1"), (5.0,), (0.0, 1.0))}, "finite"),
        ({"edges": (0.0, 1.0, 2.0)}, "does not take these arguments"),
        ({"edges": 3}, "does not take these arguments"),
        ({"means": ((0.5,), (), (0.5,))}, "each piece"),
        ({"means": ((0.5, 1.1), (), (0.5,))}, "from 0 to 1"),
        ({"means": ((0.5, math.nan), (), (0.5,))}, "from 0 to 1"),
        ({"bins": 1}, "bins"),
        ({"bins": 257}, "bins"),
        ({"precision": "float16"}, "precision"),
        ({"precision": 3}, "precision"),
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, Any], about: str) -> None:
    with pytest.raises(ValueError, match=about):
        build(**settings)


@pytest.mark.parametrize(
    "edges", [(1.0, 1.0 + 1e-12), (0.0, 1e39), (-3e38, 3e38), (1e300, 1e301), (0.0, 1e-60)]
)
def test_edges_that_float32_cannot_hold_apart_are_refused(edges: tuple[float, float]) -> None:
    settings: dict[str, Any] = {"columns": (0,), "edges": (edges,)}
    build(**settings)
    with pytest.raises(ValueError, match="in float32"):
        build("float32", **settings)


def reference_edges(x: NDArray[Any], k: int) -> NDArray[Any]:
    """Finds edges as they were found for the figures in docs/tables.md."""
    v, n = np.unique(x, return_counts=True)
    if len(v) <= k + 1:
        return v
    big, left = np.zeros(len(v), np.bool_), k + 1
    while True:
        rest = n[~big].sum()
        new = (n > rest / max(left, 1)) & ~big
        if not new.any() or left <= 0:
            break
        big |= new
        left = k + 1 - int(big.sum())
    q = np.quantile(
        np.repeat(v[~big], n[~big]), np.linspace(0, 1, max(left, 2)), method="inverted_cdf"
    )
    found: NDArray[Any] = np.unique(np.concatenate([v[big], q, [v[0], v[-1]]]))
    return found


def test_edges_are_those_of_the_reference() -> None:
    rng = np.random.default_rng(5)
    kinds: tuple[Any, ...] = (
        lambda rows: rng.normal(size=rows),
        lambda rows: rng.integers(0, 60, rows) / 7,
        lambda rows: np.where(rng.random(rows) < 0.6, 0.0, rng.normal(size=rows)),
        lambda rows: 2.0 ** rng.normal(scale=6, size=rows),
        lambda rows: rng.geometric(0.1 + 0.4 * rng.random(), rows),
    )
    fewer = 0
    for number in range(1500):
        dtype = ("float32", "float64")[number % 2]
        column = kinds[number % 5](int(rng.integers(1, 400))).astype(dtype)
        bins = int(rng.integers(2, 40))
        expected, found = reference_edges(column, bins), find_edges(column, bins)
        assert found.dtype == column.dtype
        if len(expected) > bins + 1:  # one more than there may be
            assert len(found) == bins + 1
            assert set(found.tolist()) < set(expected.tolist())
            assert (found[0], found[-1]) == (column.min(), column.max())
            fewer += 1
        else:
            np.testing.assert_array_equal(found, expected)
    assert 0 < fewer < 50


def test_edges_worked_out_by_hand() -> None:
    assert find_edges(np.array([7.0, 7.0]), 4).tolist() == [7.0]
    assert find_edges(np.array([2.0, 1.0, 2.0, 9.0]), 2).tolist() == [1.0, 2.0, 9.0]
    # Ten values, as many of each: the quantiles at 0, 1/4, 1/2, 3/4 and 1.
    assert find_edges(np.arange(10.0), 4).tolist() == [0.0, 2.0, 4.0, 7.0, 9.0]
    # Half of the rows are 3, which has an edge; three are left for the ends and the middle of 0 to
    # 9 without it: 0, 1, 2, 4, 5, …, of which 5 is the fifth.
    column = np.array([3.0] * 9 + [0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
    assert find_edges(column, 3).tolist() == [0.0, 3.0, 5.0, 9.0]
    # 1 and 2 are frequent, and the one edge left becomes the two ends: of both, 2 is the rarer.
    column = np.array([1.0] * 50 + [2.0] * 40 + [0.0, 5.0])
    assert find_edges(column, 2).tolist() == [0.0, 1.0, 5.0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_each_piece_of_the_training_rows_is_0_on_average(dtype: str) -> None:
    rng = np.random.default_rng(8)
    rare = np.where(rng.random(900) < 0.95, 0.0, rng.exponential(size=900))
    x = np.column_stack([rng.normal(size=900), rare, np.full(900, 2.0)]).astype(dtype)

    fitted = PiecewiseLinear(bins=16).fit((0, 1, 2), x.T, dtype)
    network = Network(3, [4], 1, numeric_embedding=fitted, dtype=dtype)

    pieces = network.layers["embedding"].forward(x)[:, 3:]
    assert np.abs(pieces.mean(axis=0, dtype=np.float64)).max() < 1e-6
    # Pieces above 0, which one row in twenty has reached.
    assert max(fitted.means[1]) < 0.07
    shares = [np.interp(x[:, 0], ends, [0, 1]).mean() for ends in pairwise(fitted.edges[0])]
    np.testing.assert_allclose(fitted.means[0], shares, atol=1e-6)


def test_a_fit_has_the_edges_of_each_column() -> None:
    columns = [np.array(each, np.float32) for each in ([3, 1, 2], [4, 4, 4])]
    fitted = PiecewiseLinear(bins=8).fit((1, 2), iter(columns), "float32")
    assert fitted.edges == ((1.0, 2.0, 3.0), (4.0,))
    # Of 3, 1 and 2 two have passed the first piece, and one the second.
    assert [list(each) for each in fitted.means] == [pytest.approx([2 / 3, 1 / 3]), []]
    assert (fitted.pieces, fitted.appended, fitted.precision) == ((2, 0), 2, "float32")
    assert fitted.summary == "up to 2 pieces"
    alone = PiecewiseLinear().fit((0,), [columns[0]], "float32")
    assert alone.summary == "2 pieces"
    assert isinstance(alone.edges[0][0], float)
