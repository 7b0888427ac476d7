"""Cross sections: their predictions, hidden units and rows, against arithmetic done by hand."""

from itertools import product
from math import tanh
from pathlib import Path

import numpy as np
import pytest

from nnscratch.errors import UsageError
from nnscratch.plots.cross_section import CrossSection
from nnscratch.plots.drawing import available_kinds
from nnscratch.plots.figures.varied_inputs import InputLine, InputPlane
from tests.plots.example_runs import (
    CLASSES,
    TWO_COLUMNS,
    XOR,
    XOR_WEIGHTS,
    draw_figure,
    inline,
    plotted,
    prepared,
    set_weights,
    sigmoid,
)
from tests.plots.figure_checks import render, texts_on


def test_answers_and_hidden_units_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    run = plotted(set_weights(prepared(tmp_path, XOR), XOR_WEIGHTS))
    section, plane = CrossSection(run, 2), CrossSection(run, 2).inputs(7)
    assert isinstance(plane, InputPlane)
    assert plane.names == ("x1", "x2")
    assert plane.x == pytest.approx(np.linspace(-0.1, 1.1, 7))  # 10 % outside the data
    shares = section.response(run.model, 7)
    assert shares.classes == ("0", "1")
    for (j, y), (i, x) in product(enumerate(plane.y), enumerate(plane.x)):
        first, second = tanh(x + 0.5 * y + 0.25), tanh(-2 * x + y - 0.5)
        p = sigmoid(3 * first - second + 0.5)
        assert shares.values[j, i] == pytest.approx([1 - p, p], abs=1e-6)
    units = section.units(run.model, 9)
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
    experiment = set_weights(
        prepared(tmp_path, XOR + extra),
        {"dense_1.kernel": [[1.0, 0], [0, 1]], "batch_norm_1.gamma": 2, "batch_norm_1.beta": 0.25},
    )
    experiment.model.network.statistics["batch_norm_1.moving_mean"][:] = 0.5
    experiment.model.network.statistics["batch_norm_1.moving_variance"][:] = 1.75
    section = CrossSection(plotted(experiment), 2)
    units = section.units(experiment.model, 9)["dense_1"]
    corner = tanh(2 * (-0.1 - 0.5) / (1.75 + 0.5) ** 0.5 + 0.25)
    assert units[0, 0] == pytest.approx([corner, corner])
    assert units[-1, 0, 1] == pytest.approx(tanh(2 * (1.1 - 0.5) / 1.5 + 0.25))


def test_other_columns_are_held_at_their_median_and_answers_are_those_of_predict(
    tmp_path: Path,
) -> None:
    text = inline("[2.0, 4.5, 9.0, 1.0]", "[[0, 1, 7], [1, 0, 9], [2, 4, 100], [8, 3, 8]]")
    run = plotted(prepared(tmp_path, f"{text}architecture: [5]\n"), ["x2", "x1"])
    section = CrossSection(run, 2)
    plane = section.inputs(5)
    assert isinstance(plane, InputPlane)
    assert plane.names == ("x2", "x1")
    assert plane.extent == pytest.approx((-0.4, 4.4, -0.8, 8.8))
    assert "median" in plane.note
    answers = section.response(run.model, 5)
    assert answers.limits == (1.0, 9.0)
    for j, i in product(range(5), range(5)):
        row = [[plane.y[j], plane.x[i], 8.5]]  # the median of 7, 9, 100, 8
        assert answers.values[j, i] == pytest.approx(
            run.model.predict(row)[0, 0], rel=1e-5, abs=1e-5
        )


def test_along_one_column_answers_are_those_of_predict_and_units_those_worked_out_by_hand(
    tmp_path: Path,
) -> None:
    text = inline("[2.0, 4.5, 9.0]", "[[0], [1], [4]]") + "architecture: [2]\nactivation: tanh\n"
    experiment = set_weights(
        prepared(tmp_path, text), {"dense_1.kernel": [[1, -2]], "dense_1.bias": 0.5}
    )
    run = plotted(experiment)
    section = CrossSection(run, 1)
    line = section.inputs(5)
    assert isinstance(line, InputLine)
    assert (line.name, line.note) == ("x1", "")
    assert line.x == pytest.approx(np.linspace(-0.4, 4.4, 5))  # 10 % outside the data
    predicted = run.model.predict(line.x[:, np.newaxis])[:, 0]
    answers = section.response(run.model, 5)
    assert answers.values == pytest.approx(predicted)
    assert (answers.name, answers.limits) == ("target", (2.0, 9.0))
    units = section.units(run.model, 5)["dense_1"]
    for x, found in zip(line.x, units, strict=True):
        assert found == pytest.approx([tanh(x + 0.5), tanh(-2 * x + 0.5)], abs=1e-6)
    (rows,) = section.points()
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
    text = f"{inline(classes, TWO_COLUMNS)}loss: {loss}\narchitecture: []\n"
    run = plotted(prepared(tmp_path, text), ["x2"])
    section = CrossSection(run, 1)
    line = section.inputs(3)
    assert isinstance(line, InputLine)
    assert line.name == "x2"
    assert "x1 1.5" in line.note  # the median of 0, 1, 2, 8
    assert section.response(run.model, 3).name == target


@pytest.mark.parametrize("loss", ["hinge", "mean_squared_error"])
@pytest.mark.parametrize("classes", [2, 12])
def test_plain_numbers_say_which_class_but_not_how_surely(
    tmp_path: Path, loss: str, classes: int
) -> None:
    inputs = str([[k % 4, k // 4] for k in range(classes)])
    targets = str([f"class {k}" for k in range(classes)])
    text = f"{inline(targets, inputs)}loss: {loss}\narchitecture: [2]\n"
    run = plotted(prepared(tmp_path, text))
    section = CrossSection(run, 2)
    plane = section.inputs(6)
    assert isinstance(plane, InputPlane)
    answers = section.response(run.model, 6)
    assert answers.values.shape == (6, 6, classes)
    assert {*np.unique(answers.values).tolist()} <= {0.0, 1.0}
    for j, i in product(range(6), range(6)):
        (label,) = run.model.predict([[plane.x[i], plane.y[j]]])
        assert answers.classes[int(answers.values[j, i].argmax())] == label
    for kind in available_kinds(run):
        if kind != "curves":
            assert texts_on(draw_figure(run, kind))


def test_points_are_the_rows_of_every_part_of_the_data(tmp_path: Path) -> None:
    text = "dataset: {name: blobs, samples: 50, test: 10, validation: 5}\n"
    run = plotted(prepared(tmp_path, text))
    found = CrossSection(run, 2).points()
    assert [points.name for points in found] == ["training rows", "validation rows", "test rows"]
    assert [points.part for points in found] == ["training", "validation", "test"]
    for points, split in zip(found, ("train", "validation", "test"), strict=True):
        rows = run.dataset.splits[split]
        assert pytest.approx(rows.inputs) == points.places.T
        assert points.targets.tolist() == rows.targets.tolist()
    assert [len(points.targets) for points in found] == [35, 5, 10]


def test_of_very_many_rows_some_are_shown_and_the_legend_says_so(tmp_path: Path) -> None:
    run = plotted(prepared(tmp_path, "dataset: {name: blobs, samples: 1300, test: 100}\n"))
    train, test = CrossSection(run, 2).points()
    assert (train.name, test.name) == ("1,000 of 1,200 training rows", "test rows")
    rows = {tuple(row) for row in run.dataset.splits["train"].inputs.tolist()}
    shown = [tuple(place) for place in train.places.T.tolist()]
    assert len(set(shown)) == 1000
    assert set(shown) <= rows


@pytest.mark.parametrize(
    ("columns", "fragment"),
    [
        ([], "a plane has two columns; these rows have 3"),
        (["x1"], "x1"),
        (["x1", "x2", "x3"], "x1,x2,x3"),
        (["x1", "x1"], "two columns"),
        (["x1", "x9"], "has no column x9; it has x1, x2, x3"),
        (["", "x1"], "no column (no name)"),
    ],
)
def test_a_plane_has_two_columns_that_there_are(
    tmp_path: Path, columns: list[str], fragment: str
) -> None:
    with pytest.raises(UsageError, match="my-run") as caught:
        draw_figure(plotted(prepared(tmp_path, inline(CLASSES)), columns), "boundary")
    assert fragment in str(caught.value)


def test_missing_values_in_the_rows_leave_none_in_the_response(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,,p\n,2,q\n3,4,p\n5,6,q\n")
    text = "dataset: {name: csv, path: t.csv, target: y, missing: impute, test: 0}\n"
    run = plotted(prepared(tmp_path, text))
    section = CrossSection(run, 2)
    plane = section.inputs(4)
    assert isinstance(plane, InputPlane)
    assert plane.extent == pytest.approx((0.6, 5.4, 1.6, 6.4))
    assert np.isfinite(section.response(run.model, 4).values).all()
    assert render(draw_figure(run, "boundary")).startswith(b"\x89PNG")


def test_many_columns_are_asked_some_points_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = plotted(
        prepared(tmp_path, inline("[2.0, 4.5, 9.0, 1.0]") + "architecture: [5]\n"), ["x2", "x1"]
    )
    section = CrossSection(run, 2)
    at_once, units = section.response(run.model, 11).values, section.units(run.model, 11)
    monkeypatch.setattr("nnscratch.plots.cross_section._NUMBERS_AT_ONCE", 3 * 7)
    assert section.response(run.model, 11).values == pytest.approx(at_once, abs=1e-5)
    assert section.units(run.model, 11)["dense_1"] == pytest.approx(units["dense_1"], abs=1e-5)


def test_more_classes_than_points_are_refused(tmp_path: Path) -> None:
    rows = range(10_001)
    path = tmp_path / "rows.npz"
    np.savez(path, x=np.stack([rows, rows], axis=1), y=np.array(rows))
    text = f"dataset: {{name: npz, path: {path}, task: classification}}\narchitecture: [2]\n"
    run = plotted(prepared(tmp_path, text))
    with pytest.raises(UsageError, match="at most 10,000 classes; this network has 10,001"):
        CrossSection(run, 2)
