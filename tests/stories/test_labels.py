"""Several numbers and several labels per row are trained, predicted and measured."""

import csv
import io
import json
import re
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support, r2_score, root_mean_squared_error

from nnscratch import Model
from nnscratch.files import npz
from nnscratch.runs import read_metrics
from tests.conftest import Command

COUNT = 24
TRAINED, TESTED = range(16), range(16, COUNT)
TEST_INPUTS = [[i / 10, i * 3 % 7] for i in TESTED]


def numbers(i: int) -> list[Any]:
    return [i / 10, i * 3 % 7, 40.0 * i - 7, 0.001 * (i % 5)]


def labels(i: int) -> list[Any]:
    return [i / 10, i * 3 % 7, int(i % 3 == 0), ["no", "Yes"][i * 3 % 7 > 3], str(i > 11).lower()]


def truth(i: int) -> list[int]:
    return [int(i % 3 == 0), int(i * 3 % 7 > 3), int(i > 11)]


NUMBERS = "x,z,area,dose", numbers, "[area, dose]", ""
LABELS = "x,z,hot,wet,late", labels, "[hot, wet, late]", "loss: binary_cross_entropy\n"


@pytest.fixture
def run(request: pytest.FixtureRequest, workplace: Path, nnscratch: Command) -> Path:
    """The run directory of a training on numbers or labels."""
    header, row, target, more = request.param
    for name, rows in (("train", TRAINED), ("test", TESTED)):
        lines = [header, *(",".join(map(str, row(i))) for i in rows)]
        Path(f"{name}.csv").write_text("\n".join(lines) + "\n")
    data = f"{{name: csv, path: train.csv, test_path: test.csv, target: {target}}}"
    Path("mine.yaml").write_text(
        f"dataset: {data}\n{more}epochs: 60\nlearning_rate: 0.02\narchitecture: [5]\n"
        "dtype: float64\nbatch_size: 5\n"
    )
    result = nnscratch("train", "mine.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return workplace / result.out.strip()


on_numbers = pytest.mark.parametrize("run", [NUMBERS], indirect=True, ids=["numbers"])
on_labels = pytest.mark.parametrize("run", [LABELS], indirect=True, ids=["labels"])
on_both = pytest.mark.parametrize(
    "run", [NUMBERS, LABELS], indirect=True, ids=["numbers", "labels"]
)


def from_csv(text: str) -> tuple[list[str], list[list[float]]]:
    header, *rows = csv.reader(io.StringIO(text))
    return header, [[float(value) for value in row] for row in rows]


def without_targets(text: str) -> str:
    header, *rows = csv.reader(io.StringIO(text))
    kept = [i for i, name in enumerate(header) if not name.startswith("target")]
    return "".join(",".join(row[i] for i in kept) + "\n" for row in [header, *rows])


@on_numbers
def test_each_predicted_number_has_a_column_with_its_name(run: Path, nnscratch: Command) -> None:
    expected = Model.load(run).predict(TEST_INPUTS)
    assert expected.shape == (len(TESTED), 2)
    header, rows = from_csv(nnscratch("predict", run, "--format", "csv").out)
    names = [f"{what}({name})" for what in ("target", "prediction") for name in ("area", "dose")]
    assert header == ["row", *names]
    actual = [numbers(i)[2:] for i in TESTED]
    assert [row[1:3] for row in rows] == actual
    assert [row[3:] for row in rows] == expected.tolist()
    records = json.loads(nnscratch("predict", run, "--format", "json").out)
    assert records == [
        {"row": i, "target": actual[i], "prediction": pytest.approx(pair)}
        for i, pair in enumerate(expected.tolist())
    ]
    table = nnscratch("predict", run, "--format", "table").out.split("\n")[0].split()
    assert table[-4:] == ["target(area)", "target(dose)", "prediction(area)", "prediction(dose)"]


@on_numbers
def test_errors_are_measured_in_the_units_of_the_target(run: Path, nnscratch: Command) -> None:
    predicted = Model.load(run).predict(TEST_INPUTS)
    actual = np.array([numbers(i)[2:] for i in TESTED])
    result = json.loads(nnscratch("evaluate", run, "--format", "json").out)
    assert result["rows"] == len(TESTED)
    difference = np.abs(predicted - actual)
    assert result["mae"] == pytest.approx(difference.mean())
    assert result["rmse"] == pytest.approx(
        root_mean_squared_error(actual.ravel(), predicted.ravel())
    )
    # The units of the outputs differ, so each has figures of its own.
    assert result["r2"] == pytest.approx(r2_score(actual, predicted))
    for name, y, z in zip(("area", "dose"), actual.T, predicted.T, strict=True):
        figures = result["targets"][name]
        assert figures["rmse"] == pytest.approx(root_mean_squared_error(y, z))
        assert figures["mae"] == pytest.approx(np.abs(y - z).mean())
        assert figures["r2"] == pytest.approx(r2_score(y, z))
    table = nnscratch("evaluate", run).out
    assert re.search(r"^target +rmse +mae +r2$", table, re.MULTILINE)
    assert re.search(r"^dose +[\d.]+ +[\d.]+ +-?[\d.]+$", table, re.MULTILINE)


@on_labels
def test_each_label_has_a_probability_of_its_own(run: Path, nnscratch: Command) -> None:
    model = Model.load(run)
    p, decided = model.predict_proba(TEST_INPUTS), model.predict(TEST_INPUTS)
    assert p.shape == decided.shape == (len(TESTED), 3)
    assert decided.tolist() == [[int(value > 0.5) for value in row] for row in p.tolist()]
    header, rows = from_csv(nnscratch("predict", run, "--format", "csv").out)
    names = ["hot", "wet", "late"]
    targets = [f"target({n})" for n in names]
    made = [*(f"prediction({n})" for n in names), *(f"p({n})" for n in names)]
    assert header == ["row", *targets, *made]
    assert [row[1:4] for row in rows] == [truth(i) for i in TESTED]
    assert [row[4:7] for row in rows] == decided.tolist()
    assert [row[7:] for row in rows] == p.tolist()
    records = json.loads(nnscratch("predict", run, "--format", "json").out)
    for i, record in enumerate(records):
        assert record["target"] == truth(TESTED[i])
        assert record["prediction"] == decided[i].tolist()
        assert record["probabilities"] == dict(zip(names, p[i].tolist(), strict=True))


@on_labels
@pytest.mark.parametrize("split", ["train", "test"])
def test_each_label_is_measured_by_itself(split: str, run: Path, nnscratch: Command) -> None:
    rows = TRAINED if split == "train" else TESTED
    inputs = [[i / 10, i * 3 % 7] for i in rows]
    model, actual = Model.load(run), [truth(i) for i in rows]
    result = json.loads(nnscratch("evaluate", run, "--split", split, "--format", "json").out)
    decided, p = model.predict(inputs).tolist(), model.predict_proba(inputs).tolist()
    pairs = [
        (a, d, q) for r in zip(actual, decided, p, strict=True) for a, d, q in zip(*r, strict=True)
    ]
    assert result["accuracy"] == pytest.approx(sum(a == d for a, d, _ in pairs) / len(pairs))
    surprise = [-log(q if a else 1 - q) for a, _, q in pairs]
    assert result["loss"] == pytest.approx(sum(surprise) / len(pairs))
    assert list(result["classes"]) == ["hot", "wet", "late"]
    assert "confusion" not in result
    theirs = precision_recall_fscore_support(actual, decided, zero_division=0)
    for k, scores in enumerate(result["classes"].values()):
        hits = sum(a[k] and d[k] for a, d in zip(actual, decided, strict=True))
        predicted, there = sum(d[k] for d in decided), sum(a[k] for a in actual)
        assert scores["precision"] == pytest.approx(hits / predicted if predicted else 0)
        assert scores["recall"] == pytest.approx(hits / there if there else 0)
        assert scores["support"] == there
        assert list(scores.values()) == pytest.approx([float(figure[k]) for figure in theirs])
    table = nnscratch("evaluate", run, "--split", split).out.splitlines()
    assert table[1].split() == ["label", "precision", "recall", "f1", "rows"]


@on_both
def test_a_run_can_be_repeated_from_its_own_config(run: Path, nnscratch: Command) -> None:
    again = nnscratch("train", run / "config.yaml", "--quiet", "--no-plots")
    first, second = (
        npz.read(run / "weights.npz")[0],
        npz.read(Path(again.out.strip()) / "weights.npz")[0],
    )
    assert {n: a.tobytes() for n, a in first.items()} == {n: a.tobytes() for n, a in second.items()}


@on_both
def test_new_rows_need_no_targets_in_any_form_of_input(run: Path, nnscratch: Command) -> None:
    expected = nnscratch("predict", run, "--format", "csv").out
    Path("new.csv").write_text("\n".join(["z,x", *(f"{z},{x}" for x, z in TEST_INPUTS)]))
    assert nnscratch("predict", run, "--csv", "test.csv", "--format", "csv").out == expected
    expected = without_targets(expected)
    assert nnscratch("predict", run, "--csv", "new.csv", "--format", "csv").out == expected
    typed = [word for x, z in TEST_INPUTS for word in ("--input", f"{x},{z}")]
    assert nnscratch("predict", run, *typed, "--format", "csv").out == expected
    written = nnscratch("predict", run, "--output", "out.json")
    assert written.code == 0
    assert len(json.loads(Path("out.json").read_text())) == len(TESTED)


@on_both
def test_the_summary_after_training_names_the_targets(run: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "mine.yaml", "epochs=1", "--no-plots")
    assert result.code == 0
    names = ("area", "dose") if "area" in Path("train.csv").read_text() else ("hot", "wet", "late")
    if len(names) == 2:
        assert "2 numbers" in result.err
        assert all(f"target({name})" in result.out for name in names)
        assert all(f"prediction({name})" in result.out for name in names)
        return
    assert "3 labels: hot, wet, late" in result.err
    header, *rows = result.out[result.out.index("row ") :].splitlines()
    assert re.search(r"target +prediction +p\(hot\) +p\(wet\) +p\(late\)$", header.strip())
    assert max(map(len, [header, *rows])) <= 80


@on_labels
def test_labels_are_trained_by_their_accuracy_and_smoothed(run: Path, nnscratch: Command) -> None:
    assert {"loss", "accuracy"} <= read_metrics(run).keys()
    changes = ["label_smoothing=0.2", "early_stopping={monitor: val_accuracy, patience: 50}"]
    quiet = ["dataset.validation=4", "epochs=5", "--quiet", "--no-plots"]
    result = nnscratch("train", "mine.yaml", *changes, *quiet)
    assert result.code == 0, result.err
    figures = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    p = Model.load(Path(result.out.strip())).predict_proba(TEST_INPUTS).tolist()
    # Every y becomes 0.8 y + 0.1.
    losses = [
        -(0.8 * y + 0.1) * log(q) - (0.9 - 0.8 * y) * log(1 - q)
        for i, row in zip(TESTED, p, strict=True)
        for y, q in zip(truth(i), row, strict=True)
    ]
    assert figures["loss"] == pytest.approx(sum(losses) / len(losses))


@pytest.mark.parametrize(
    "targets", [[[0, 1], [1, 1], [0, 0], [1, 0]], [[1, 1, 0]] * 2 + [[0, 0, 1]] * 2]
)
def test_labels_without_names_are_numbered(
    targets: list[list[int]], workplace: Path, nnscratch: Command
) -> None:
    data = f"{{name: inline, inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: {targets}}}"
    Path("mine.yaml").write_text(f"dataset: {data}\nloss: bce\nlearning_rate: 0.05\nepochs: 500\n")
    result = nnscratch("train", "mine.yaml", "activation=tanh", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    numbered = [str(k + 1) for k in range(len(targets[0]))]
    header, rows = from_csv(nnscratch("predict", "latest", "--format", "csv").out)
    expected = [f"{what}_{k}" for what in ("target", "prediction") for k in numbered]
    assert header == ["row", *expected, *(f"p({k})" for k in numbered)]
    # Four rows and sixteen units: they are learned by heart.
    count = len(numbered)
    assert [row[1 : 1 + count] for row in rows] == targets
    assert [row[1 + count : 1 + 2 * count] for row in rows] == targets
    figures = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert figures["accuracy"] == 1.0
    assert list(figures["classes"]) == numbered
    assert [c["support"] for c in figures["classes"].values()] == np.sum(targets, axis=0).tolist()
