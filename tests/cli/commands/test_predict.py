"""`nnscratch predict`: a table, CSV and JSON say the same, in the labels of the data."""

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import TRUTH, Command

GATES = {**TRUTH, "not": [1, 0]}


@pytest.mark.parametrize(("gate", "outputs"), GATES.items())
def test_predict_prints_a_gates_truth_table(
    gate: str, outputs: list[int], workplace: Path, nnscratch: Command
) -> None:
    nnscratch("train", f"configs/{gate}.yaml", "--quiet", "--no-plots")
    result = nnscratch("predict", gate, "--format", "table")
    assert result.code == 0
    header, _, *rows = result.out.splitlines()
    assert header.split()[-3:] == ["prediction", "p(0)", "p(1)"]
    table = [row.split() for row in rows]
    assert [int(row[-3]) for row in table] == outputs
    for row, output in zip(table, outputs, strict=True):
        assert float(row[-1]) == pytest.approx(output, abs=0.1)
        assert float(row[-2]) == pytest.approx(1 - output, abs=0.1)


def test_predict_formats_agree(trained: Path, nnscratch: Command) -> None:
    inputs = ["--input", "0,1", "--input", "1,1"]
    records = json.loads(nnscratch("predict", trained, *inputs, "--format", "json").out)
    assert [record["row"] for record in records] == [0, 1]
    assert [record["prediction"] for record in records] == [1, 0]
    assert list(records[0]["probabilities"]) == ["0", "1"]
    rows = list(csv.DictReader(io.StringIO(nnscratch("predict", trained, *inputs).out)))
    assert list(rows[0]) == ["row", "prediction", "p(0)", "p(1)"]
    for row, record in zip(rows, records, strict=True):
        assert float(row["p(1)"]) == record["probabilities"]["1"]


def test_predict_takes_negative_numbers_and_every_way_to_name_a_run(
    trained: Path, nnscratch: Command
) -> None:
    for run in (trained, trained / "weights.npz", trained.name, "xor", "latest"):
        result = nnscratch("predict", run, "--input", "-1,0.5", "--format", "json")
        assert result.code == 0, result.err
        assert len(json.loads(result.out)) == 1


def test_predict_writes_a_file_and_never_over_one(trained: Path, nnscratch: Command) -> None:
    result = nnscratch("predict", trained, "--output", "out.csv")
    assert result == (0, "", "wrote out.csv\n")
    text = Path("out.csv").read_text()
    assert len(text.splitlines()) == 5
    assert nnscratch("predict", trained, "--output", "out.csv").code == 2
    assert Path("out.csv").read_text() == text


def test_predicted_numbers_have_no_probabilities(workplace: Path, nnscratch: Command) -> None:
    nnscratch("train", "configs/four-points.yaml", "--quiet", "--no-plots")
    records = json.loads(nnscratch("predict", "latest", "--format", "json").out)
    assert records[0].keys() == {"row", "target", "prediction"}
    assert [round(record["prediction"]) for record in records] == [1, -1, -1, 1]


def test_a_squared_error_on_classes_still_answers_in_classes(
    workplace: Path, nnscratch: Command
) -> None:
    nnscratch(
        "train", "configs/xor.yaml", "dataset.encoding=bipolar", "loss=mse",
        "output_activation=tanh", "--quiet", "--no-plots",
    )  # fmt: skip
    records = json.loads(nnscratch("predict", "latest", "--format", "json").out)
    assert [record["prediction"] for record in records] == [-1, 1, 1, -1]
    assert records[0].keys() == {"row", "target", "prediction", "outputs"}
    assert json.loads(nnscratch("evaluate", "latest", "--format", "json").out)["accuracy"] == 1.0


def test_text_labels_under_a_squared_error_stay_text(workplace: Path, nnscratch: Command) -> None:
    path = workplace / "words.yaml"
    path.write_text(
        "dataset: {name: inline, inputs: [[0], [1]], targets: [small, large]}\n"
        "loss: mse\nlearning_rate: 0.05\nepochs: 200\n"
    )
    assert nnscratch("train", path, "--quiet", "--no-plots").code == 0
    records = json.loads(nnscratch("predict", "words", "--format", "json").out)
    assert [record["prediction"] for record in records] == ["small", "large"]


def test_labels_are_shown_as_they_were_given(workplace: Path, nnscratch: Command) -> None:
    for targets, shown in (("[2023, 2024]", "2024"), ("[false, true]", "true")):
        path = workplace / "labels.yaml"
        path.write_text(
            f"dataset: {{name: inline, inputs: [[0], [1]], targets: {targets}, task: classes}}\n"
            "learning_rate: 0.05\nepochs: 200\n"
        )
        nnscratch("train", path, "--quiet", "--no-plots")
        header, _, _, row = nnscratch("predict", "labels", "--format", "table").out.splitlines()
        assert f"p({shown})" in header
        assert row.split()[2:4] == [shown, shown]
        (_, record) = json.loads(nnscratch("predict", "labels", "--format", "json").out)
        assert str(record["prediction"]).lower() == shown
        assert record["probabilities"][shown] > 0.9


def test_the_format_follows_the_files_name(trained: Path, nnscratch: Command) -> None:
    assert nnscratch("predict", trained, "--output", "out.json").code == 0
    assert json.loads(Path("out.json").read_text())[0]["prediction"] == 0


def test_labels_that_are_formulas_are_exact_for_programs_and_harmless_in_a_spreadsheet(
    workplace: Path, nnscratch: Command
) -> None:
    labels = ["=HYPERLINK(A1)", "+a", "-b", "@c", "\td", "-5", "plain"]
    rows = [[str(10 * i), label] for i, label in enumerate(labels) for _ in range(4)]
    with (workplace / "rows.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["x", "kind"], *rows])
    (workplace / "kinds.yaml").write_text(
        "dataset: {name: csv, path: rows.csv, target: kind, task: classification, test: 0}\n"
        "architecture: [64]\nlearning_rate: 0.02\nepochs: 300\n"
    )
    assert nnscratch("train", "kinds.yaml", "--quiet", "--no-plots").code == 0

    def predicted(*options: str) -> list[dict[str, str]]:
        result = nnscratch("predict", "kinds", "--format", "csv", *options)
        assert result.code == 0
        return list(csv.DictReader(io.StringIO(result.out, newline="")))

    exact, escaped = predicted(), predicted("--spreadsheet")
    found = {row["prediction"] for row in exact}
    assert {"=HYPERLINK(A1)", "plain"} <= found <= {*labels, "d"}
    for row, same in zip(exact, escaped, strict=True):
        label = row["prediction"]
        assert same["prediction"] == (label if label in ("-5", "plain", "d") else f"'{label}")
        assert float(same["p(plain)"]) == float(row["p(plain)"])
    result = nnscratch("predict", "kinds", "--format", "json", "--spreadsheet")
    assert (result.code, result.err) == (
        2,
        "error: --spreadsheet is for CSV; got --format json\n",
    )


def test_the_targets_stand_in_the_file_as_on_the_terminal(
    trained: Path, nnscratch: Command
) -> None:
    (first, *rows) = csv.reader(io.StringIO(nnscratch("predict", trained, "--split", "train").out))
    assert first == ["row", "target", "prediction", "p(0)", "p(1)"]
    assert [row[1] for row in rows] == ["0", "1", "1", "0"]
    (first, *rows) = csv.reader(io.StringIO(nnscratch("predict", trained, "--all-columns").out))
    assert first[:5] == ["row", "x1", "x2", "target", "prediction"]
    assert [row[1:3] for row in rows] == [
        ["0.0", "0.0"],
        ["0.0", "1.0"],
        ["1.0", "0.0"],
        ["1.0", "1.0"],
    ]


def test_columns_of_the_table_stand_beside_its_predictions(
    trained: Path, nnscratch: Command
) -> None:
    Path("new.csv").write_text('name,x2,prediction,x1\n"a, b",1,?,0\n007,0,,1\n')
    predict = partial(nnscratch, "predict", trained, "--csv", "new.csv")
    table = predict("--id", "name", "--id", "x1").out
    first, *rows = csv.reader(io.StringIO(table))
    assert first == ["row", "name", "x1", "prediction", "p(0)", "p(1)"]
    assert [row[:4] for row in rows] == [["0", "a, b", "0", "1"], ["1", "007", "1", "1"]]
    table = predict("--all-columns").out
    first, *rows = csv.reader(io.StringIO(table))
    assert first[:6] == ["row", "name", "x2", "prediction (input)", "x1", "prediction"]
    assert rows[1][:6] == ["1", "007", "0", "", "1", "1"]
    text = nnscratch("predict", trained, "--csv", "new.csv", "--id", "name", "--format", "json").out
    assert [record["columns"] for record in json.loads(text)] == [{"name": "a, b"}, {"name": "007"}]
    shown = nnscratch(
        "predict", trained, "--csv", "new.csv", "--id", "name", "--format", "table"
    ).out
    assert shown.splitlines()[0].split() == [
        "row",
        "name",
        "x1",
        "x2",
        "prediction",
        "p(0)",
        "p(1)",
    ]


def test_a_column_that_there_is_not_is_refused_before_anything_is_written(
    trained: Path, nnscratch: Command
) -> None:
    Path("new.csv").write_text("x2,x1\n1,0\n")
    for source in (["--csv", "new.csv"], ["--input", "0,1"], []):
        result = nnscratch("predict", trained, *source, "--id", "name", "--output", "out.csv")
        assert (result.code, result.out) == (2, "")
        assert "--id: " in result.err
        assert "has no column name; it has x" in result.err
    assert not Path("out.csv").exists()


def test_a_table_is_predicted_although_the_config_of_its_run_is_gone_or_broken(
    trained: Path, nnscratch: Command
) -> None:
    Path("new.csv").write_text("x2,x1,y\n1,0,1\n")
    expected = nnscratch("predict", trained, "--csv", "new.csv").out
    (trained / "config.yaml").write_text("dataset: nothing\n")
    result = nnscratch("predict", trained, "--csv", "new.csv")
    assert (result.code, result.out) == (0, expected)


def test_inputs_are_repeated_beside_the_predictions_when_asked(
    workplace: Path, nnscratch: Command
) -> None:
    Path("t.csv").write_text("".join(f"{i},{i % 3},{i * 0.5},n{i}\n" for i in range(1, 20)))
    Path("t.csv").write_text("a,b,y,who\n" + Path("t.csv").read_text())
    Path("mine.yaml").write_text(
        "dataset: {name: csv, path: t.csv, target: y, ignore: [who]}\nepochs: 1\n"
    )
    assert nnscratch("train", "mine.yaml", "--quiet", "--no-plots").code == 0
    for options, expected in (
        (["--csv", "t.csv", "--with-inputs"], ["row", "a", "b", "target", "prediction"]),
        (
            ["--csv", "t.csv", "--id", "who", "--with-inputs"],
            ["row", "who", "a", "b", "target", "prediction"],
        ),
        (["--with-inputs"], ["row", "a", "b", "target", "prediction"]),
        (["--input", "4,1", "--with-inputs"], ["row", "a", "b", "prediction"]),
        (["--csv", "t.csv"], ["row", "target", "prediction"]),
    ):
        result = nnscratch("predict", "mine", *options)
        assert result.code == 0, result.err
        rows = list(csv.DictReader(io.StringIO(result.out)))
        assert list(rows[0]) == expected
        if "--csv" in options and "--with-inputs" in options:
            assert [(row["a"], row["b"]) for row in rows][:2] == [("1", "1"), ("2", "2")]


def test_tables_have_six_digits_and_files_all(workplace: Path, nnscratch: Command) -> None:
    rows = ", ".join(f"[{i}]" for i in range(8))
    targets = ", ".join(str(1000 / (i + 3)) for i in range(8))
    Path("mine.yaml").write_text(
        f"dataset: {{name: inline, inputs: [{rows}], targets: [{targets}]}}\nepochs: 1\n"
    )
    assert nnscratch("train", "mine.yaml", "--quiet", "--no-plots").code == 0
    table = nnscratch("predict", "mine", "--format", "table").out.splitlines()[2:]
    exact = list(csv.DictReader(io.StringIO(nnscratch("predict", "mine").out)))
    records = json.loads(nnscratch("predict", "mine", "--format", "json").out)
    assert table[0].split()[-2] == "333.333"
    for line, row, record in zip(table, exact, records, strict=True):
        assert float(row["prediction"]) == record["prediction"]
        assert row["target"] == repr(record["target"])
        assert line.split()[-1] == f"{record['prediction']:.6g}"
