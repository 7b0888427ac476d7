"""`nnscratch predict` on tables gives the answers of training's own rows, or one clear line."""

import csv
import io
import json
import random
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import datasets

from nnscratch import Model
from nnscratch.errors import UsageError
from tests.conftest import Command, Result

Table = list[list[Any]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, rows: Sequence[Sequence[object]], separator: str = ",") -> str:
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return name


def train(nnscratch: Command, rows: Table, *changes: str) -> Path:
    """Trains on all of a table, whose last column is the target, called `kind`."""
    write("mine.csv", rows)
    Path("mine.yaml").write_text("dataset: {name: csv, path: mine.csv, target: kind, test: 0}\n")
    result = nnscratch("train", "mine.yaml", *changes, "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return Path(result.out.strip())


def read(result: Result) -> list[dict[str, str]]:
    assert result.code == 0, result.err
    return list(csv.DictReader(io.StringIO(result.out)))


def without_targets(answers: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    names = [name for name in answers[0] if name != "target"]
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(answers)
    return text.getvalue()


def assert_refused(result: Result, code: int, *fragments: str) -> None:
    assert result.code == code
    assert result.out == ""
    assert all(line.startswith("error: ") for line in result.err.splitlines()), result.err
    assert "mistake in nnscratch" not in result.err
    for fragment in fragments:
        assert fragment in result.err


def bundled(name: str) -> Table:
    """Returns a table of scikit-learn's, with words of colour among its numbers."""
    data = getattr(datasets, f"load_{name}")()
    middle = float(np.median(data.data[:, 0]))
    names = data.target_names if name in ("iris", "breast_cancer") else None
    table: Table = [[*(f"x {i}" for i in range(data.data.shape[1])), "colour", "kind"]]
    for inputs, target in zip(data.data.tolist(), data.target.tolist(), strict=True):
        kind = (
            str(names[target])
            if name in ("iris", "breast_cancer") and names is not None
            else target
        )
        table.append([*inputs, "dark, red" if inputs[0] > middle else "blue", kind])
    return table


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("iris", ["setosa", "versicolor", "virginica"]),
        ("wine", ["0", "1", "2"]),
        ("breast_cancer", ["benign", "malignant"]),
        ("diabetes", []),
    ],
)
def test_rows_from_a_table_get_the_same_predictions_as_in_training(
    name: str, classes: list[str], nnscratch: Command
) -> None:
    table = bundled(name)
    run = train(nnscratch, table, "epochs=15", "learning_rate=0.01")
    expected = nnscratch("predict", run, "--split", "train")
    answers = read(expected)
    names = ["row", "target", "prediction", *(f"p({label})" for label in classes)]
    assert list(answers[0]) == names
    actual = [row[-1] if isinstance(row[-1], str) else float(row[-1]) for row in table[1:]]
    shown = [answer["target"] for answer in answers]
    assert shown == [a if a in classes else f"{a:g}" if classes else str(a) for a in actual]
    assert [answer["row"] for answer in answers] == [str(i) for i in range(len(table) - 1)]
    if classes:
        assert {answer["prediction"] for answer in answers} == set(classes)
        right = [answer["prediction"] == str(row[-1]) for answer, row in zip(answers, table[1:])]  # noqa: B905 - as long
        assert np.mean(right) > 0.9
        for answer in answers:
            shares = [float(answer[f"p({label})"]) for label in classes]
            assert sum(shares) == pytest.approx(1)
            assert classes[int(np.argmax(shares))] == answer["prediction"]

    assert nnscratch("predict", run, "--csv", "mine.csv").out == expected.out
    write("plain.csv", [row[:-1] for row in table])
    without = without_targets(answers)
    assert nnscratch("predict", run, "--csv", "plain.csv").out == without
    order = random.Random(1).sample(range(len(table[0]) - 1), len(table[0]) - 1)  # noqa: S311 - an order, no secret
    mixed = [
        [*(row[i] for i in order), "born" if row is table[0] else "2024-01-31", ""] for row in table
    ]
    write("mixed.csv", mixed, ";")
    mixed_result = nnscratch("predict", run, "--csv", "mixed.csv")
    assert mixed_result.out == without
    assert mixed_result.err == ""
    model, rows = Model.load(run), [row[:-1] for row in table[1:]]
    assert list(map(str, model.predict(rows).ravel())) == [a["prediction"] for a in answers]


@pytest.fixture
def run(nnscratch: Command) -> Path:
    """A run on numbers and words, whose labels are words."""
    colours = ("red", "blue")
    rows = [[i / 2, colours[i % 2], f"kind {colours[i % 2]}"] for i in range(20)]
    return train(nnscratch, [["width", "colour", "kind"], *rows], "epochs=60", "learning_rate=0.05")


def test_json_and_csv_agree(run: Path, nnscratch: Command) -> None:
    records = json.loads(nnscratch("predict", run, "--csv", "mine.csv", "--format", "json").out)
    answers = read(nnscratch("predict", run, "--csv", "mine.csv", "--format", "csv"))
    assert len(records) == len(answers) == 20
    for number, (record, answer) in enumerate(zip(records, answers, strict=True)):
        assert list(record) == ["row", "target", "prediction", "probabilities"]
        assert record["target"] == answer["target"] == f"kind {('red', 'blue')[number % 2]}"
        assert record["row"] == int(answer["row"]) == number
        assert record["prediction"] == answer["prediction"] == f"kind {['red', 'blue'][number % 2]}"
        assert record["probabilities"].keys() == {"kind blue", "kind red"}
        for label, share in record["probabilities"].items():
            assert float(answer[f"p({label})"]) == share


@pytest.mark.parametrize(
    "labels", [("a\nb", "c"), ("New\u00a0York", "Rome"), ("a,b", '"c"'), ("é", "日本"), ("3", "7")]
)
def test_probabilities_are_named_by_the_original_labels(
    labels: tuple[str, str], nnscratch: Command
) -> None:
    rows = [[i, labels[i % 2]] for i in range(8)]
    run = train(nnscratch, [["a", "kind"], *rows], "epochs=1")
    records = json.loads(nnscratch("predict", run, "--csv", "mine.csv", "--format", "json").out)
    for record in records:
        assert set(record["probabilities"]) == set(labels)
        assert str(record["prediction"]) in record["probabilities"]
    assert {answer["prediction"] for answer in read(nnscratch("predict", run))} <= set(labels)


def test_a_printed_table_shows_the_rows_as_they_were_given(run: Path, nnscratch: Command) -> None:
    write("new.csv", [["width", "colour"], *[[i, "red"] for i in range(150)], [5, "green"]])
    result = nnscratch("predict", run, "--csv", "new.csv", "--format", "table")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].split()[:4] == ["row", "width", "colour", "prediction"]
    assert lines[9].split()[:3] == ["7", "7", "red"]
    assert len(lines) == 2 + 100
    assert "first 100 rows" in result.err


def test_new_categories_are_reported_and_encoded_as_none(run: Path, nnscratch: Command) -> None:
    write("new.csv", [["colour", "width"], ["green", 3], ["red", 3], ["pink", 3]])
    result = nnscratch("predict", run, "--csv", "new.csv")
    answers = read(result)
    assert [answers[i]["p(kind red)"] for i in (0, 2)] == [answers[0]["p(kind red)"]] * 2
    assert answers[1]["prediction"] == "kind red"
    (warning,) = result.err.splitlines()
    assert all(part in warning for part in ("warning: ", "column colour", "green", "pink"))
    assert "red," not in warning
    typed = nnscratch("predict", run, "--input", "3,green")
    # A row alone and one among others may differ in the last digit.
    alone, among = (float(answer["p(kind red)"]) for answer in (read(typed)[0], answers[0]))
    assert alone == pytest.approx(among, rel=1e-5)
    assert "green" in typed.err


@pytest.mark.parametrize(
    ("content", "fragments"),
    [
        ("width\n1\n", ["new.csv: has no column colour", "trained on", "it has width"]),
        ("a;b\n1;2\n", ["new.csv: has no column width, colour", "it has a, b"]),
        ("width,colour\n1,red\nwide,red\n", ["new.csv: column width: 'wide'", "line 3"]),
        ("width,colour\ninf,red\n", ["new.csv: column width: 'inf'", "line 2"]),
        ("width,colour\n1,red\n1e39,red\n", ["column width", "line 3"]),
        ("width,colour\n1,5,red\n", ["new.csv: ", "line 2"]),
        ("width,colour\n1,red\n1,red,5\n", ["new.csv: ", "line 3"]),
        ("width,colour\n", ["new.csv: has a header but no rows"]),
        ("", ["new.csv: is empty"]),
        (
            "width,colour\n1,red\n,\n",
            ["column width: no value in line 3", "column colour: no value"],
        ),
    ],
)
def test_a_table_that_cannot_be_predicted_is_refused(
    content: str, fragments: list[str], run: Path, nnscratch: Command
) -> None:
    Path("new.csv").write_text(content)
    for form in ("csv", "json", "table"):
        result = nnscratch("predict", run, "--csv", "new.csv", "--format", form)
        assert_refused(result, result.code, *fragments)
        assert result.code in (1, 2)


@pytest.mark.parametrize(
    ("arguments", "fragments"),
    [
        (["--csv", "none.csv"], ["none.csv: cannot be read: No such file"]),
        (["--csv", "."], ["cannot be read: Is a directory"]),
        (["--csv", "mine.csv", "--split", "train"], ["--csv", "--split"]),
        (["--csv", "mine.csv", "--input", "1,red"], ["--csv", "--input"]),
        (["--split", "test"], ["the run's data has no test part, only train"]),
        (["--input", "1,red,5"], ["2 values (width, colour)"]),
        (["--input", "1"], ["2 values (width, colour)"]),
        (["--input", "wide,red"], ["width", "wide"]),
        (["--input", "inf,red"], ["finite"]),
        (["--input", ",red"], ["column width: no value in row 0"]),
        (["--csv", "mine.csv", "--output", "o.txt"], ["o.txt", ".csv or .json"]),
        (["--csv", "mine.csv", "--output", "o.csv", "--format", "table"], ["--output o.csv"]),
        (["--csv", "mine.csv", "--output", "none/o.csv"], ["none/o.csv: No such file"]),
        (["--csv", "mine.csv", "--output", "mine.csv"], ["mine.csv: exists already"]),
    ],
)
def test_a_request_that_cannot_be_fulfilled_is_refused(
    arguments: list[str], fragments: list[str], run: Path, nnscratch: Command
) -> None:
    before = Path("mine.csv").read_bytes()
    result = nnscratch("predict", run, *arguments)
    assert_refused(result, result.code, *fragments)
    assert Path("mine.csv").read_bytes() == before
    assert not list(Path().glob("*o.*"))


def test_a_missing_category_is_a_category_like_one_with_a_name(nnscratch: Command) -> None:
    # A word that comes last in the alphabet stands where the missing category stands.
    colours = ["red", "red", "", "blue", "", "red", "blue"]
    answers = {}
    for word in ("", "zebra"):
        rows = [[i, colour or word, "xy"[i % 3 == 1]] for i, colour in enumerate(colours)]
        run = train(nnscratch, [["width", "colour", "kind"], *rows], "dataset.missing=impute")
        write("new.csv", [["colour", "width"], [word, 5], ["red", 5], ["blue", 5]])
        answers[word] = read(nnscratch("predict", run, "--csv", "new.csv"))
    assert answers[""] == answers["zebra"]
    assert len({answer["p(x)"] for answer in answers[""]}) == 3


def test_a_missing_number_is_the_median_and_marked(nnscratch: Command) -> None:
    # The same by hand: the median of 1, 3 and 9 is 3, and a column says whether it was missing.
    rows: list[list[Any]] = [["", "x"], [1, "y"], [3, "x"], [9, "y"], ["", "y"]]
    run = train(nnscratch, [["width", "kind"], *rows], "dataset.missing=impute", "dataset.test=0")
    write("new.csv", [["width"], [""], [3], [7]])
    answers = read(nnscratch("predict", run, "--csv", "new.csv"))
    scaled = ["dataset.scaling=none", "dataset.test=0"]
    mean, deviation = np.mean([3, 1, 3, 9, 3]), np.std([3, 1, 3, 9, 3])
    by_hand = [[((w or 3) - mean) / deviation, int(not w), kind] for w, kind in rows]
    run = train(nnscratch, [["width", "missing", "kind"], *by_hand], *scaled)
    new = [[(w - mean) / deviation, flag] for w, flag in ((3, 1), (3, 0), (7, 0))]
    write("new.csv", [["width", "missing"], *new])
    expected = read(nnscratch("predict", run, "--csv", "new.csv"))
    assert [float(a["p(x)"]) for a in answers] == pytest.approx(
        [float(a["p(x)"]) for a in expected], rel=1e-5
    )


def test_what_training_never_missed_is_filled_in_with_a_warning(nnscratch: Command) -> None:
    rows = [[i, ["red", "blue"][i % 2], "xy"[i > 2]] for i in range(5)]
    run = train(nnscratch, [["width", "colour", "kind"], *rows], "dataset.missing=impute")
    write("new.csv", [["width", "colour"], ["", ""], ["NA", "red"], [2, "red"]])
    result = nnscratch("predict", run, "--csv", "new.csv")
    answers = read(result)
    assert answers[1]["p(x)"] == answers[2]["p(x)"]
    assert "column width: 2 missing values, filled in with the median, 2" in result.err
    assert "column colour: 1 missing value, of no effect" in result.err


@pytest.mark.parametrize("form", ["csv", "json"])
def test_output_equals_what_would_be_printed_and_overwrites_nothing(
    form: str, run: Path, nnscratch: Command
) -> None:
    target = Path(f"out.{form}")
    printed = nnscratch("predict", run, "--csv", "mine.csv", "--format", form).out
    result = nnscratch("predict", run, "--csv", "mine.csv", "--output", target)
    assert (result.code, result.out) == (0, "")
    assert target.read_text() == printed
    assert_refused(
        nnscratch("predict", run, "--input", "1,red", "--output", target), 2, f"{target}: exists"
    )
    assert target.read_text() == printed


@pytest.mark.parametrize(
    ("name", "last", "fragments"),
    [
        ("out.json", "wide,red", ["new.csv: column width: 'wide'", "line 40002"]),
        ("out.csv", "wide,red", ["new.csv: column width: 'wide'", "line 40002"]),
        ("out.csv", ",red", ["column width: no value in line 40002"]),
        ("out.csv", "1,red,5", ["new.csv: ", "line 40002"]),
        ("out.csv", '1,"red', ["new.csv: "]),
    ],
)
def test_a_late_mistake_leaves_no_file(
    name: str, last: str, fragments: list[str], run: Path, nnscratch: Command
) -> None:
    Path("new.csv").write_text("width,colour\n" + "1,red\n" * 40_000 + last + "\n")
    before = set(Path().iterdir())
    result = nnscratch("predict", run, "--csv", "new.csv", "--output", name)
    assert_refused(result, result.code, *fragments)
    assert set(Path().iterdir()) == before


@pytest.mark.slow  # counting every allocation takes ten times as long
def test_memory_does_not_grow_with_the_rows(run: Path, nnscratch: Command) -> None:
    peaks = []
    for count in (20_000, 65_000):
        Path("new.csv").write_text("width,colour\n" + "1.5,red\n" * count)
        tracemalloc.start()
        result = nnscratch("predict", run, "--csv", "new.csv", "--output", f"{count}.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert result.code == 0
        lines = Path(f"{count}.csv").read_text().splitlines()
        assert len(lines) == count + 1
        assert [line.split(",")[0] for line in lines[1:]] == [str(i) for i in range(count)]
    assert peaks[1] < 1.2 * peaks[0]


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ([[1.5, "red"], ["2", "blue"], [3, " red "]], ["kind red", "kind blue", "kind red"]),
        (((1, "red"), (2, "blue")), ["kind red", "kind blue"]),
        (np.array([[1, "red"], [2, "blue"]], dtype=object), ["kind red", "kind blue"]),
        (np.array([["1", "red"], ["2", "blue"]]), ["kind red", "kind blue"]),
    ],
    ids=["lists", "tuples", "objects", "texts"],
)
def test_a_model_accepts_rows_with_categories(rows: Any, kinds: list[str], run: Path) -> None:
    assert Model.load(run).predict(rows).tolist() == kinds


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([[1, None]], "column colour: no value in row 0"),
        ([[1, "red"], [1, ""]], "column colour: no value in row 1"),
        ([[1, float("nan")]], "column colour: no value in row 0"),
        ([[None, "red"]], "column width: no value in row 0"),
        ([["wide", "red"]], "wide"),
        ([[1, "red"], [1]], r"width, colour"),
        ([1, "red"], r"width, colour"),
        ([[float("inf"), "red"]], "finite"),
    ],
)
def test_a_model_refuses_rows_it_cannot_predict(rows: Any, complaint: str, run: Path) -> None:
    with pytest.raises(UsageError, match=complaint):
        Model.load(run).predict(rows)
