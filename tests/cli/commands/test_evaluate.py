"""`nnscratch evaluate`: the scores of a run on a part of its data."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics

from tests.conftest import Command


def test_evaluate_counts_and_scores(trained: Path, nnscratch: Command) -> None:
    figures = json.loads(nnscratch("evaluate", trained, "--format", "json").out)
    assert figures["split"] == "train"
    assert figures["rows"] == 4
    assert figures["accuracy"] == 1.0
    assert figures["confusion"] == [[2, 0], [0, 2]]
    assert figures["classes"]["1"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 2}
    table = nnscratch("evaluate", trained).out
    assert "accuracy 100.0%" in table
    assert "precision" in table


def test_evaluate_of_a_regression_gives_rmse_mae_and_r2(
    workplace: Path, nnscratch: Command
) -> None:
    nnscratch("train", "configs/four-points.yaml", "--quiet", "--no-plots")
    figures = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    assert figures.keys() == {"split", "rows", "loss", "rmse", "mae", "r2"}
    # The loss is the mean squared error and the targets' variance is 1.
    assert figures["rmse"] ** 2 == pytest.approx(figures["loss"], rel=1e-5)
    assert figures["r2"] == pytest.approx(1 - figures["loss"], rel=1e-5)


@pytest.fixture
def flowers(workplace: Path, nnscratch: Command) -> Path:
    """A folder with a run called flowers, and a table of other flowers with their kinds."""
    draw = np.random.default_rng(0)
    for name, count in (("t.csv", 90), ("labelled.csv", 60)):
        kinds = draw.integers(3, size=count)
        sizes = kinds[:, None] + draw.normal(0, 0.6, (count, 2))
        rows = [
            f"{i},{a},{b},{'abc'[k]}"
            for i, ((a, b), k) in enumerate(zip(sizes, kinds, strict=True))
        ]
        Path(name).write_text("\n".join(["id,long,wide,kind", *rows, ""]))
    Path("flowers.yaml").write_text(
        "dataset: {name: csv, path: t.csv, target: kind, ignore: [id]}\nepochs: 30\n"
    )
    assert nnscratch("train", "flowers.yaml", "--quiet", "--no-plots").code == 0
    return workplace


def test_a_labelled_table_gets_the_scores_of_scikit_learn(
    flowers: Path, nnscratch: Command
) -> None:
    result = nnscratch("evaluate", "flowers", "--csv", "labelled.csv", "--format", "json")
    figures = json.loads(result.out)
    predicted = nnscratch("predict", "flowers", "--csv", "labelled.csv").out
    rows = list(csv.DictReader(io.StringIO(predicted)))
    with Path("labelled.csv").open() as file:
        actual = [row["kind"] for row in csv.DictReader(file)]
    labels = [row["prediction"] for row in rows]
    assert (figures["split"], figures["rows"]) == ("labelled.csv", 60)
    assert figures["accuracy"] == pytest.approx(metrics.accuracy_score(actual, labels))
    assert figures["confusion"] == metrics.confusion_matrix(actual, labels).tolist()
    shares = [float(row[f"p({kind})"]) for row, kind in zip(rows, actual, strict=True)]
    assert figures["loss"] == pytest.approx(-np.log(shares).mean(), rel=1e-5)
    scores = metrics.precision_recall_fscore_support(actual, labels)
    for i, kind in enumerate("abc"):
        assert list(figures["classes"][kind].values()) == pytest.approx([s[i] for s in scores])
    assert (
        "labelled.csv: 60 rows, loss"
        in nnscratch("evaluate", "flowers", "--csv", "labelled.csv").out
    )


def test_numbers_of_a_labelled_table_are_scored_in_their_own_units(
    workplace: Path, nnscratch: Command
) -> None:
    rows = [f"{i},{i % 7},{1000 + 3 * i - i % 7}" for i in range(60)]
    Path("t.csv").write_text("\n".join(["a,b,price", *rows]))
    Path("prices.yaml").write_text("dataset: {name: csv, path: t.csv, target: price}\nepochs: 5\n")
    assert nnscratch("train", "prices.yaml", "--quiet", "--no-plots").code == 0
    Path("new.csv").write_text("price,b,a\n1000,2,3\n,1,1\n1100,1,30\n")
    result = nnscratch("evaluate", "prices", "--csv", "new.csv", "--format", "json")
    assert result.err == "note: new.csv: 1 row without a target is left out (line 3)\n"
    figures = json.loads(result.out)
    records = json.loads(nnscratch("predict", "prices", "--csv", "new.csv", "--format", "json").out)
    off = [records[0]["prediction"] - 1000, records[2]["prediction"] - 1100]
    assert [record["target"] for record in records] == [1000, None, 1100]
    assert figures["rows"] == 2
    assert figures["mae"] == pytest.approx(sum(map(abs, off)) / 2)
    assert figures["rmse"] == pytest.approx((sum(d * d for d in off) / 2) ** 0.5)
    assert figures["r2"] == pytest.approx(1 - sum(d * d for d in off) / 5000)


def test_a_table_that_cannot_be_scored_is_one_line_that_names_the_place(
    flowers: Path, nnscratch: Command
) -> None:
    Path("rose.csv").write_text("long,wide,kind\n1,1,a\n2,2,rose\n")
    Path("none.csv").write_text("long,wide,species\n1,1,a\n")
    Path("gap.csv").write_text("long,wide,kind\n1,,a\n")
    for arguments, code, fragment in (
        (["--csv", "rose.csv"], 1, "does not know 'rose' (line 3); its classes are a, b, c"),
        (["--csv", "none.csv"], 1, "none.csv: has no column kind, the target"),
        (["--csv", "nowhere.csv"], 1, "nowhere.csv: cannot be read"),
        (["--csv", "labelled.csv", "--target", "a", "--target", "b"], 2, "has 1 target"),
        (["--csv", "labelled.csv", "--split", "test"], 2, "one of --csv and --split"),
        (["--target", "kind"], 2, "give --csv"),
    ):
        result = nnscratch("evaluate", "flowers", *arguments)
        assert (result.code, result.out) == (code, "")
        assert fragment in result.err
        assert len(result.err.splitlines()) == 1
    gap = nnscratch("evaluate", "flowers", "--csv", "gap.csv")
    assert (gap.code, gap.out) == (2, "")
    assert "column wide: no value in line 2" in gap.err


def test_the_target_may_have_another_name_and_weights_need_it(
    flowers: Path, nnscratch: Command
) -> None:
    text = Path("labelled.csv").read_text().replace("kind", "species")
    Path("other.csv").write_text(text)
    expected = nnscratch("evaluate", "flowers", "--csv", "labelled.csv").out
    found = nnscratch("evaluate", "flowers", "--csv", "other.csv", "--target", "species").out
    assert found == expected.replace("labelled", "other")
    (run,) = Path("runs").iterdir()
    (run / "weights.npz").rename("alone.npz")
    alone = nnscratch("evaluate", "alone.npz", "--csv", "labelled.csv")
    assert (alone.code, alone.out) == (2, "")
    assert "--target COLUMN names it" in alone.err
    assert (
        nnscratch("evaluate", "alone.npz", "--csv", "labelled.csv", "--target", "kind").out
        == expected
    )


def test_new_categories_are_named(workplace: Path, nnscratch: Command) -> None:
    rows = [f"{'red' if i % 2 else 'blue'},{i % 2}" for i in range(40)]
    Path("t.csv").write_text("\n".join(["colour,y", *rows]))
    Path("colours.yaml").write_text("dataset: {name: csv, path: t.csv, target: y}\nepochs: 2\n")
    nnscratch("train", "colours.yaml", "--quiet", "--no-plots")
    Path("new.csv").write_text("colour,y\ngreen,1\nred,1.0\n")
    result = nnscratch("evaluate", "colours", "--csv", "new.csv")
    assert result.code == 0
    assert "green unseen in training" in result.err
