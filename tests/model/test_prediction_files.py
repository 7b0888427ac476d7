"""Predictions as files: CSV and JSON say the same, whatever the names and values are."""

import csv
import io
import json
from typing import Any

import pytest

from nnscratch.model.model import Model
from nnscratch.model.prediction_files import csv_lines, json_lines
from nnscratch.model.predictions import Predictions, Rows, predict_pieces
from tests.model.test_model import THREE, TWO, make_model
from tests.model.test_predictions import ROWS, beside


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


def test_text_that_could_be_a_formula_gets_an_apostrophe_for_a_spreadsheet_and_a_number_none() -> (
    None
):
    model = make_model("cross_entropy", ("=1+1", "-2.5e3", "a=b"))
    texts = "".join(csv_lines([Predictions.of(model, Rows(ROWS))], for_spreadsheet=True))
    cells = [cell for row in csv.reader(io.StringIO(texts)) for cell in row]
    assert cells[:5] == ["row", "prediction", "p(=1+1)", "p(-2.5e3)", "p(a=b)"]
    assert {*cells[6::5]} <= {"'=1+1", "-2.5e3", "a=b"}
    assert not any(cell.startswith("=") for cell in cells)


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
