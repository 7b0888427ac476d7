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
    csv_lines,
    json_lines,
    list_labels,
    name_columns,
    numbered,
    predict_pieces,
)
from tests.model.test_model import THREE, TWO, make_model

ROWS = np.array([[1.0, 2], [3, 4], [5, 0.5]])


def pieces(model: Model) -> Any:
    return predict_pieces(model, [ROWS[:2], ROWS[2:]])


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
    columns = Predictions.of(model, ROWS).columns(most=2)
    assert list(columns) == ["prediction", "probability", "next", "its probability"]
    for i, probabilities in enumerate(model.predict_proba(ROWS).tolist()):
        ranked = sorted(zip(probabilities, THREE, strict=True), reverse=True)
        assert (columns["probability"][i], columns["prediction"][i]) == ranked[0]
        assert (columns["its probability"][i], columns["next"][i]) == ranked[1]
    assert "p(a)" in Predictions.of(model, ROWS).columns(most=3)


def test_numbers_have_nothing_but_themselves() -> None:
    model = make_model("huber", None)
    assert list(Predictions.of(model, ROWS).columns()) == ["prediction_1", "prediction_2"]
    (first, *_) = Predictions.of(model, ROWS).records()
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
    texts = "".join(csv_lines([Predictions.of(model, ROWS)], for_spreadsheet=True))
    cells = [cell for row in csv.reader(io.StringIO(texts)) for cell in row]
    assert cells[:5] == ["row", "prediction", "p(=1+1)", "p(-2.5e3)", "p(a=b)"]
    assert {*cells[6::5]} <= {"'=1+1", "-2.5e3", "a=b"}
    assert not any(cell.startswith("=") for cell in cells)
