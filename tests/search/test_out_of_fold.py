"""predictions.csv: each row once, by the run that has not seen it."""

import csv
from pathlib import Path
from typing import Any

import numpy as np

from nnscratch import load_config, load_model
from nnscratch.experiment.loading import load_dataset, load_rows
from nnscratch.runs.members import find_member
from nnscratch.search.plan import Plan
from tests.search.many import IRIS, train_many


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_each_row_is_predicted_once_by_the_run_that_tested_it(tmp_path: Path) -> None:
    run = train_many(tmp_path, IRIS, Plan(folds=3))
    lines = read(run / "predictions.csv")
    assert list(lines[0])[:4] == ["row", "fold", "target", "prediction"]
    assert [int(line["row"]) for line in lines] == list(range(150))
    split = load_rows(load_config(run / "config.yaml")).splits["train"]
    for fold in ("1", "2", "3"):
        rows = [int(line["row"]) for line in lines if line["fold"] == fold]
        assert len(rows) == 50
        member = find_member(run, f"fold-{fold}")
        assert member is not None
        tested = load_dataset(load_config(member / "config.yaml")).splits["test"]
        np.testing.assert_array_equal(tested.inputs, split.inputs[rows])
        probabilities = load_model(member).predict_proba(tested.inputs)
        shown = [float(lines[row]["p(virginica)"]) for row in rows]
        np.testing.assert_allclose(shown, probabilities[:, 2], rtol=1e-5)
        predicted = [lines[row]["prediction"] for row in rows]
        assert predicted == load_model(member).predict(tested.inputs).tolist()


def test_each_repeat_has_its_rows_and_its_seed(tmp_path: Path) -> None:
    run = train_many(tmp_path, IRIS, Plan(folds=2, repeat=2))
    lines = read(run / "predictions.csv")
    assert [(line["seed"], int(line["row"])) for line in lines] == [
        *(("42", row) for row in range(150)),
        *(("43", row) for row in range(150)),
    ]
    folds = [[line["fold"] for line in lines if line["seed"] == seed] for seed in ("42", "43")]
    assert folds[0] != folds[1]


def test_in_order_the_first_rows_are_never_tested(tmp_path: Path) -> None:
    text = "dataset: {name: diabetes, split: in_order}\nepochs: 2\n"
    run = train_many(tmp_path, text, Plan(folds=3))
    lines = read(run / "predictions.csv")
    assert [int(line["row"]) for line in lines] == list(range(442 - 3 * 110, 442))
    assert [line["fold"] for line in lines] == ["1"] * 110 + ["2"] * 110 + ["3"] * 110


def test_a_category_of_one_fold_only_is_predicted_too(tmp_path: Path) -> None:
    lines = [f"{i},{'rare' if i == 5 else 'rg'[i % 2]},{'xy'[i % 2]}" for i in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["a,colour,kind", *lines]) + "\n")
    text = "dataset: {name: csv, path: t.csv, target: kind, categorical: [colour]}\nepochs: 2\n"
    run = train_many(tmp_path, text, Plan(folds=2))
    assert len(read(run / "predictions.csv")) == 40
    model = load_model(run)
    assert model.features[1].categories == ("g", "r", "rare")
    assert sorted(len(m.features[1].categories or ()) for m in model.members) == [2, 3]
    rows: Any = [[1, "rare"], [2, "g"]]
    assert len(model.predict(rows)) == 2
