"""Predictions: the same labels and probabilities as columns, CSV and JSON."""

import csv
import io
import json
from typing import Any

import numpy as np
import pytest

from nnscratch.model.model import Model
from nnscratch.model.predictions import (
    Predictions,
    Rows,
    csv_lines,
    json_lines,
    known_targets,
    list_labels,
    name_columns,
    numbered,
    predict_pieces,
)
from tests.model.test_model import THREE, TWO, make_model

ROWS = np.array([[1.0, 2], [3, 4], [5, 0.5]])


def pieces(model: Model) -> Any:
    return predict_pieces(model, [Rows(ROWS[:2]), Rows(ROWS[2:])])


@pytest.mark.parametrize(
    ("loss", "classes"),
    [("cross_entropy", THREE), ("binary_cross_entropy", TWO), ("mean_squared_error", (0, 1))],
)
def test_csv_and_json_say_what_the_model_predicts(loss: str, classes: tuple[Any, ...]) -> None:
    model = make_model(loss, classes)
    expected = model.predict(ROWS).tolist()
    table = list(csv.DictReader(io.StringIO("".join(csv_lines(pieces(model))))))
    records = json.loads("".join(json_lines(pieces(model))))
    assert [row["prediction"] for row in table] == [str(label) for label in expected]
    assert [record["prediction"] for record in records] == expected
    assert [int(row["row"]) for row in table] == [record["row"] for record in records] == [0, 1, 2]
    if loss == "mean_squared_error":
        assert all(len(record["outputs"]) == 1 for record in records)
        return
    for row, record, probabilities in zip(table, records, model.predict_proba(ROWS), strict=True):
        assert list(record["probabilities"]) == list(classes)
        assert list(record["probabilities"].values()) == pytest.approx(probabilities.tolist())
        assert [float(row[f"p({label})"]) for label in classes] == pytest.approx(
            probabilities.tolist()
        )


def test_no_rows_are_an_empty_list() -> None:
    assert "".join(json_lines([])) == "[]\n"
    assert "".join(csv_lines([])) == ""


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


def test_text_that_could_be_a_formula_gets_an_apostrophe_for_a_spreadsheet_and_a_number_none() -> (
    None
):
    model = make_model("cross_entropy", ("=1+1", "-2.5e3", "a=b"))
    texts = "".join(csv_lines([Predictions.of(model, Rows(ROWS))], for_spreadsheet=True))
    cells = [cell for row in csv.reader(io.StringIO(texts)) for cell in row]
    assert cells[:5] == ["row", "prediction", "p(=1+1)", "p(-2.5e3)", "p(a=b)"]
    assert {*cells[6::5]} <= {"'=1+1", "-2.5e3", "a=b"}
    assert not any(cell.startswith("=") for cell in cells)


def beside() -> Rows:
    return Rows(
        ROWS[:2],
        targets={"target": ["a", None]},
        beside={"id": ["007", "x"], "prediction": ["1", "2"], "row": [None, "r"]},
    )


def test_columns_and_targets_stand_between_the_row_and_its_prediction() -> None:
    model = make_model()
    table = list(csv.reader("".join(csv_lines(predict_pieces(model, [beside()]))).splitlines()))
    header, first, second = table
    names = ["row", "id", "prediction (input)", "row (input)", "target", "prediction"]
    assert header[:6] == names
    labels = model.predict(ROWS[:2]).tolist()
    assert first[:6] == ["0", "007", "1", "", "a", labels[0]]
    assert second[:6] == ["1", "x", "2", "r", "", labels[1]]


def test_json_keeps_columns_apart_so_that_no_name_clashes() -> None:
    model = make_model()
    first, second = json.loads("".join(json_lines(predict_pieces(model, [beside()]))))
    assert list(first) == ["row", "columns", "target", "prediction", "probabilities"]
    assert first["columns"] == {"id": "007", "prediction": "1", "row": None}
    assert (first["row"], first["target"], second["target"]) == (0, "a", None)


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
