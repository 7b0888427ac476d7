"""Predictions: the same labels and probabilities as columns, CSV and JSON."""

import numpy as np

from nnscratch.model.predictions import (
    Predictions,
    Rows,
    known_targets,
    list_labels,
    name_columns,
    numbered,
)
from tests.model.test_model import THREE, make_model

ROWS = np.array([[1.0, 2], [3, 4], [5, 0.5]])


def test_of_many_classes_the_two_most_probable_are_listed() -> None:
    model = make_model()
    columns = Predictions.of(model, Rows(ROWS)).columns(most=2)
    assert list(columns) == ["prediction", "probability", "next", "its probability"]
    for i, probabilities in enumerate(model.predict_proba(ROWS).tolist()):
        ranked = sorted(zip(probabilities, THREE, strict=True), reverse=True)
        assert (columns["probability"][i], columns["prediction"][i]) == ranked[0]
        assert (columns["its probability"][i], columns["next"][i]) == ranked[1]
    assert "p(a)" in Predictions.of(model, Rows(ROWS)).columns(most=3)


def test_numbers_have_nothing_but_themselves() -> None:
    model = make_model("huber", None)
    assert list(Predictions.of(model, Rows(ROWS)).columns()) == ["prediction_1", "prediction_2"]
    (first, *_) = Predictions.of(model, Rows(ROWS)).records()
    assert first == {"row": 0, "prediction": model.predict(ROWS)[0].tolist()}


def test_the_columns_of_a_target_are_named_or_numbered() -> None:
    encoding = make_model("huber", None).encoding
    assert name_columns("target", encoding) == ("target_1", "target_2")
    assert numbered("target", 1) == ("target",)


def test_labels_are_listed_by_name() -> None:
    assert list_labels(("a", "b", "c"), np.array([[1, 0, 1], [0, 0, 0]])) == ["a, c", "-"]


def beside() -> Rows:
    return Rows(
        ROWS[:2],
        targets={"target": ["a", None]},
        beside={"id": ["007", "x"], "prediction": ["1", "2"], "row": [None, "r"]},
    )


def test_a_name_that_clashes_twice_is_told_apart_too() -> None:
    given = Rows(ROWS[:1], beside={"row": ["a"], "row (input)": ["b"]})
    table = Predictions.of(make_model(), given).table()
    assert table["row (input)"] == ["a"]
    assert table["row (input) (input)"] == ["b"]


def test_rows_are_cut_with_all_that_belongs_to_them() -> None:
    cut = beside()[1:]
    assert len(cut) == 1
    assert (cut.inputs.tolist(), cut.targets, cut.beside["id"]) == (
        [[3, 4]],
        {"target": [None]},
        ["x"],
    )


def test_known_targets_are_classes_or_numbers_by_name() -> None:
    encoding = make_model().encoding
    assert known_targets(encoding, np.array([2, 0])) == {"target": ["c", "a"]}
    encoding = make_model("huber", None).encoding
    expected = {"target_1": [1.0, 3.0], "target_2": [2.0, 4.0]}
    assert known_targets(encoding, np.array([[1.0, 2.0], [3.0, 4.0]])) == expected


def test_several_actual_numbers_are_a_list_in_json() -> None:
    given = Rows(ROWS[:1], {"target_1": [1.0], "target_2": [None]})
    (record,) = Predictions.of(make_model("huber", None), given).records()
    assert record["target"] == [1.0, None]
