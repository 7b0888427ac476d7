"""From a run to its pictures: which it has, and that they show what the network computes."""

from itertools import product
from math import exp, tanh
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from nnscratch.cli.commands.plot import Kind
from nnscratch.data.dataset import ImageFormat
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.model.model import Model
from nnscratch.plots import KINDS, Subject, draw
from nnscratch.plots.figures.line import Line
from nnscratch.plots.figures.plane import Plane
from nnscratch.plots.pictures import applicable
from nnscratch.plots.slice import Slice
from tests.picturing import give, pictured, prepared, render, title_of, words_on

XOR = "dataset: xor\narchitecture: [2]\nactivation: tanh\n"
WEIGHTS = {
    "dense_1.kernel": [[1.0, -2.0], [0.5, 1.0]],
    "dense_1.bias": [0.25, -0.5],
    "dense_2.kernel": [[3.0], [-1.0]],
    "dense_2.bias": [0.5],
}
ROWS = "[[0, 1, 7], [1, 0, 7], [2, 4, 7], [8, 3, 7]]"


def inline(targets: str, inputs: str = ROWS) -> str:
    return f"dataset: {{name: inline, inputs: {inputs}, targets: {targets}}}\n"


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def has(subject: Subject) -> list[str]:
    return [*applicable(subject)]


def test_every_kind_of_the_command_line_is_known_here() -> None:
    assert {str(kind) for kind in Kind} == {*KINDS, "all", "training", "schedule"}


def test_answers_and_hidden_units_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    subject = pictured(give(prepared(tmp_path, XOR), WEIGHTS))
    cut, plane = Slice(subject, 2), Slice(subject, 2).span(7)
    assert isinstance(plane, Plane)
    assert plane.names == ("x1", "x2")
    assert plane.x == pytest.approx(np.linspace(-0.15, 1.15, 7))  # 15 % outside the data
    shares = cut.answers(subject.model, plane.places)
    assert shares.classes == ("0", "1")
    for (j, y), (i, x) in product(enumerate(plane.y), enumerate(plane.x)):
        first, second = tanh(x + 0.5 * y + 0.25), tanh(-2 * x + y - 0.5)
        p = sigmoid(3 * first - second + 0.5)
        assert shares.values[j, i] == pytest.approx([1 - p, p], abs=1e-6)
    units = cut.units(subject.model, cut.places(9))
    assert list(units) == ["dense_1"]
    (height, width, count), ends = units["dense_1"].shape, (plane.x[0], plane.x[-1])
    assert count == 2
    for (j, y), (i, x) in product(
        enumerate(np.linspace(*ends, height)), enumerate(np.linspace(*ends, width))
    ):
        expected = [tanh(x + 0.5 * y + 0.25), tanh(-2 * x + y - 0.5)]
        assert units["dense_1"][j, i] == pytest.approx(expected, abs=1e-5)


def test_hidden_units_are_normalized_and_nothing_is_dropped_out(tmp_path: Path) -> None:
    extra = "batch_norm: {epsilon: 0.5}\ndropout: 0.9\ndtype: float64\n"
    experiment = give(
        prepared(tmp_path, XOR + extra),
        {"dense_1.kernel": [[1.0, 0], [0, 1]], "batch_norm_1.gamma": 2, "batch_norm_1.beta": 0.25},
    )
    experiment.model.network.statistics["batch_norm_1.moving_mean"][:] = 0.5
    experiment.model.network.statistics["batch_norm_1.moving_variance"][:] = 1.75
    cut = Slice(pictured(experiment), 2)
    units = cut.units(experiment.model, cut.places(9))["dense_1"]
    corner = tanh(2 * (-0.15 - 0.5) / (1.75 + 0.5) ** 0.5 + 0.25)
    assert units[0, 0] == pytest.approx([corner, corner])
    assert units[-1, 0, 1] == pytest.approx(tanh(2 * (1.15 - 0.5) / 1.5 + 0.25))


def test_other_columns_are_held_at_their_median_and_answers_are_those_of_predict(
    tmp_path: Path,
) -> None:
    text = inline("[2.0, 4.5, 9.0, 1.0]", "[[0, 1, 7], [1, 0, 9], [2, 4, 100], [8, 3, 8]]")
    subject = pictured(prepared(tmp_path, f"{text}architecture: [5]\n"), ["x2", "x1"])
    cut = Slice(subject, 2)
    plane = cut.span(5)
    assert isinstance(plane, Plane)
    assert plane.names == ("x2", "x1")
    assert plane.extent == pytest.approx((-0.6, 4.6, -1.2, 9.2))
    assert "median" in plane.note
    answers = cut.answers(subject.model, plane.places)
    assert answers.limits == (1.0, 9.0)
    for j, i in product(range(5), range(5)):
        row = [[plane.y[j], plane.x[i], 8.5]]  # the median of 7, 9, 100, 8
        assert answers.values[j, i] == pytest.approx(subject.model.predict(row)[0, 0], rel=1e-5)


def test_along_one_column_answers_are_those_of_predict_and_units_those_worked_out_by_hand(
    tmp_path: Path,
) -> None:
    text = inline("[2.0, 4.5, 9.0]", "[[0], [1], [4]]") + "architecture: [2]\nactivation: tanh\n"
    experiment = give(prepared(tmp_path, text), {"dense_1.kernel": [[1, -2]], "dense_1.bias": 0.5})
    subject = pictured(experiment)
    cut = Slice(subject, 1)
    line = cut.span(5)
    assert isinstance(line, Line)
    assert (line.name, line.note) == ("x1", "")
    assert line.x == pytest.approx(np.linspace(-0.6, 4.6, 5))  # 15 % outside the data
    predicted = subject.model.predict(line.x[:, np.newaxis])[:, 0]
    answers = cut.answers(subject.model, [line.x])
    assert answers.values == pytest.approx(predicted)
    assert (answers.name, answers.limits) == ("target", (2.0, 9.0))
    units = cut.units(subject.model, [line.x])["dense_1"]
    for x, found in zip(line.x, units, strict=True):
        assert found == pytest.approx([tanh(x + 0.5), tanh(-2 * x + 0.5)], abs=1e-6)
    (rows,) = cut.points()
    assert (rows.places.tolist(), rows.targets.tolist()) == ([[0, 1, 4]], [2, 4.5, 9])


@pytest.mark.parametrize(
    ("classes", "loss", "target"),
    [
        ("[a, b, a, b]", "binary_cross_entropy", "p(b)"),
        ("[a, b, c, a]", "cross_entropy", "probability"),
        ("[a, b, a, b]", "hinge", "class"),
    ],
)
def test_an_axis_says_what_is_answered(
    tmp_path: Path, classes: str, loss: str, target: str
) -> None:
    text = f"{inline(classes, FLAT)}loss: {loss}\narchitecture: []\n"
    subject = pictured(prepared(tmp_path, text), ["x2"])
    cut = Slice(subject, 1)
    line = cut.span(3)
    assert isinstance(line, Line)
    assert line.name == "x2"
    assert "x1 1.5" in line.note  # the median of 0, 1, 2, 8
    assert cut.answers(subject.model, line.places).name == target


@pytest.mark.parametrize("loss", ["hinge", "mean_squared_error"])
@pytest.mark.parametrize("classes", [2, 12])
def test_plain_numbers_say_which_class_but_not_how_surely(
    tmp_path: Path, loss: str, classes: int
) -> None:
    inputs = str([[k % 4, k // 4] for k in range(classes)])
    targets = str([f"class {k}" for k in range(classes)])
    text = f"{inline(targets, inputs)}loss: {loss}\narchitecture: [2]\n"
    subject = pictured(prepared(tmp_path, text))
    cut = Slice(subject, 2)
    plane = cut.span(6)
    assert isinstance(plane, Plane)
    answers = cut.answers(subject.model, plane.places)
    assert answers.values.shape == (6, 6, classes)
    assert {*np.unique(answers.values).tolist()} <= {0.0, 1.0}
    for j, i in product(range(6), range(6)):
        (label,) = subject.model.predict([[plane.x[i], plane.y[j]]])
        assert answers.classes[int(answers.values[j, i].argmax())] == label
    for kind in has(subject):
        if kind != "curves":
            assert words_on(draw(subject, kind))


def test_points_are_the_rows_trained_on_and_those_it_is_judged_by(tmp_path: Path) -> None:
    text = "dataset: {name: blobs, samples: 50, test: 10, validation: 5}\n"
    subject = pictured(prepared(tmp_path, text))
    train, test = Slice(subject, 2).points()
    assert (train.name, test.name) == ("training rows", "test rows")
    for points, split in ((train, "train"), (test, "test")):
        rows = subject.dataset.splits[split]
        assert pytest.approx(rows.inputs) == points.places.T
        assert points.targets.tolist() == rows.targets.tolist()
    assert [len(points.targets) for points in (train, test)] == [35, 10]


def test_of_very_many_rows_some_are_shown_and_that_is_said(tmp_path: Path) -> None:
    subject = pictured(prepared(tmp_path, "dataset: {name: blobs, samples: 1300, test: 100}\n"))
    train, test = Slice(subject, 2).points()
    assert (train.name, test.name) == ("1,000 of 1,200 training rows", "test rows")
    rows = {tuple(row) for row in subject.dataset.splits["train"].inputs.tolist()}
    shown = [tuple(place) for place in train.places.T.tolist()]
    assert len(set(shown)) == 1000
    assert set(shown) <= rows


NUMBERS, WORDS = "[0.5, 1.5, 2.5, 7.25]", "[a, b, a, b]"
LABELS = "[[0, 1], [1, 0], [1, 1], [0, 0]]"
FLAT = "[[0, 1], [1, 0], [2, 4], [8, 3]]"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (XOR, {"boundary", "diagram", "confusion"}),
        ("dataset: not\n", {"function", "diagram", "confusion"}),
        (inline(NUMBERS), {"diagram", "regression"}),
        (inline(NUMBERS, FLAT) + "architecture: [3]\n", {"boundary", "diagram", "regression"}),
        (inline(NUMBERS, FLAT) + "architecture: []\n", {"boundary", "diagram", "regression"}),
        (inline(LABELS, FLAT) + "loss: bce\n", {"diagram"}),
        (inline("[[0.5, 1], [1, 0], [1, 1], [0, 0]]", FLAT), {"diagram", "regression"}),
        (inline(WORDS, FLAT) + "architecture: [25, 2]\n", {"boundary", "confusion"}),
        ("dataset: digits\narchitecture: [8]\n", {"confusion", "kernels", "mistakes"}),
    ],
)
def test_kinds_that_apply_are_drawn_and_others_say_why(
    tmp_path: Path, text: str, kinds: set[str]
) -> None:
    subject = pictured(prepared(tmp_path, text))
    assert {*has(subject)} == {*kinds, "curves", "histograms"}
    for kind in KINDS:
        if kind in {*kinds, "histograms"}:
            figure = draw(subject, kind)
            assert words_on(figure)
            assert title_of(figure).startswith("my-run\n")
        elif kind != "curves":
            with pytest.raises(UsageError) as caught:
                draw(subject, kind)
            why, what = str(caught.value).splitlines()
            assert why.startswith("my-run: ")
            assert what == f"it has {', '.join(has(subject))}"


@pytest.mark.parametrize(
    ("columns", "fragment"),
    [
        ([], "choose two"),
        (["x1"], "x1"),
        (["x1", "x2", "x3"], "x1,x2,x3"),
        (["x1", "x1"], "two columns"),
        (["x1", "x9"], "no column x9; there are x1, x2, x3"),
        (["", "x1"], "no column (no name)"),
    ],
)
def test_a_plane_has_two_columns_that_there_are(
    tmp_path: Path, columns: list[str], fragment: str
) -> None:
    with pytest.raises(UsageError, match="my-run") as caught:
        draw(pictured(prepared(tmp_path, inline(WORDS)), columns), "boundary")
    assert fragment in str(caught.value)


TINY_PICTURES = ImageFormat(1, 2, 1.0)


def as_pictures(experiment: Any) -> Subject:
    """Returns a subject whose two columns are two pixels."""
    old = experiment.model
    model = Model(old.network, old.encoding, old.preprocessing, TINY_PICTURES)
    return pictured(type(experiment)(experiment.config, experiment.dataset, model))


@pytest.mark.parametrize(("loss", "shares"), [("binary_cross_entropy", True), ("hinge", False)])
def test_the_surest_mistake_comes_first(tmp_path: Path, loss: str, shares: bool) -> None:
    # The logits are the first column; b is above zero, so all rows but the last are wrong.
    text = inline("[b, a, a, b]", "[[-2, 0], [0.5, 0], [2.5, 0], [5, 0]]") + f"loss: {loss}\n"
    experiment = give(
        prepared(tmp_path, f"{text}architecture: []\n"), {"dense_1.kernel": [[1.0], [0.0]]}
    )
    figure = draw(as_pictures(experiment), "mistakes")
    shown = [axes for axes in figure.axes if axes.get_visible()]
    pixels = [float(np.array(axes.images[0].get_array())[0, 0]) for axes in shown]
    assert pixels == [2.5, -2, 0.5]
    captions = [axes.get_xlabel().splitlines() for axes in shown]
    assert [caption[0] for caption in captions] == ["b, not a", "a, not b", "b, not a"]
    if shares:
        expected = [f"{sigmoid(z):.0%}" for z in (2.5, 2, 0.5)]
        assert [caption[1] for caption in captions] == expected
    assert "3 mistakes in 4 training rows" in title_of(figure)


def test_a_kernel_is_the_weights_into_a_unit_in_the_shape_of_the_rows(tmp_path: Path) -> None:
    experiment = prepared(tmp_path, "dataset: digits\narchitecture: [3]\n")
    kernel = experiment.model.network.params["dense_1.kernel"]
    kernel[:] = np.arange(64 * 3).reshape(64, 3)
    images = [axes.images[0] for axes in draw(pictured(experiment), "kernels").axes if axes.images]
    for unit, image in enumerate(images[:3]):
        pixels = np.array(image.get_array())
        assert pixels.shape == (8, 8)
        assert pixels[0, 1] == 1 * 3 + unit  # the second pixel of the first line
        assert pixels[2, 5] == (2 * 8 + 5) * 3 + unit


def test_counts_of_the_confusion_matrix_are_those_counted_by_hand(tmp_path: Path) -> None:
    text = inline("[b, a, a, b]", "[[-4, 0], [0.5, 0], [3, 0], [5, 0]]")
    experiment = prepared(tmp_path, f"{text}architecture: []\n")
    figure = draw(pictured(give(experiment, {"dense_1.kernel": [[1.0], [0.0]]})), "confusion")
    counts = {text.get_position(): text.get_text() for text in figure.axes[0].texts}
    assert counts == {(0, 0): "0", (1, 0): "2", (0, 1): "1", (1, 1): "1"}
    assert title_of(figure) == "my-run\ntraining accuracy 25.0%"


def test_predicted_numbers_are_in_the_units_of_the_data(tmp_path: Path) -> None:
    subject = pictured(prepared(tmp_path, inline("[[200.5, 1], [100, 2], [400, 3.5], [300, 4]]")))
    actual = subject.dataset.splits["train"].targets
    predicted = subject.model.predict(subject.dataset.splits["train"].inputs)
    for i, axes in enumerate(draw(subject, "regression").axes):
        (scatter,) = [c for c in axes.collections if isinstance(c, PathCollection)]
        expected = np.stack([actual[:, i], predicted[:, i]], axis=1)
        assert np.asarray(scatter.get_offsets()) == pytest.approx(expected)


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
    assert f"root mean square {root:.2g}" in words_on(draw(pictured(experiment), "histograms"))


@pytest.mark.parametrize("scale", [0.0, 1e-38, 1e30])
def test_dead_tiny_and_diverged_networks_are_drawn_or_say_why(tmp_path: Path, scale: float) -> None:
    experiment = prepared(tmp_path, inline(WORDS, FLAT) + "architecture: [3]\n")
    experiment.model.network.params.flat[:] *= np.float32(scale)
    subject = pictured(experiment)
    for kind in has(subject):
        if kind != "curves":
            try:
                assert render(draw(subject, kind)).startswith(b"\x89PNG")
            except NNScratchError as error:
                assert scale > 1
                assert "overflow" in str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize("targets", ["[3.5, 3.5]", "[3.5, 4.5]", "[a, b]"])
def test_one_row_on_each_side_and_a_constant_column(tmp_path: Path, targets: str) -> None:
    network = "architecture: [2]\nbatch_norm: true\ndropout: 0.5\nuse_bias: false\ndtype: float64\n"
    text = inline(targets, "[[1, 5], [2, 5]]") + network
    subject = pictured(prepared(tmp_path, text))
    for kind in has(subject):
        if kind != "curves":
            assert words_on(draw(subject, kind))


def test_holes_in_the_rows_leave_no_hole_in_the_answers(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,,p\n,2,q\n3,4,p\n5,6,q\n")
    text = "dataset: {name: csv, path: t.csv, target: y, missing: impute, test: 0}\n"
    subject = pictured(prepared(tmp_path, text))
    cut = Slice(subject, 2)
    plane = cut.span(4)
    assert isinstance(plane, Plane)
    assert plane.extent == pytest.approx((0.4, 5.6, 1.4, 6.6))
    assert np.isfinite(cut.answers(subject.model, plane.places).values).all()
    assert render(draw(subject, "boundary")).startswith(b"\x89PNG")
