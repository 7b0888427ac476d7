"""Networks of an ensemble that have validation rows of their own, from the draw to the export."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model, load_model
from nnscratch.data.dataset import Dataset
from nnscratch.experiment.run_data import load_data
from nnscratch.runs import find
from nnscratch.runs.members import list_members
from tests.conftest import Command
from tests.processes import record_of

ROWS = 160
PARTS = ("train", "validation", "test")
REST = "epochs: 2\narchitecture: [4]\nensemble: 5\n"
QUICK = ("--quiet", "--no-plots")
# With these, a city and a class are in the training part of some networks only.
RARE_CITIES = {8: "Ulm", 53: "Ulm", 71: "Bonn"}
RARE_CLASSES = (21, 22)


@pytest.fixture
def config(workplace: Path) -> Path:
    """A table of numbered rows, three to a customer, with rare cities and a rare class."""
    kinds = ["z" if row in RARE_CLASSES else "xxxy"[row % 4] for row in range(ROWS)]
    lines = [
        f"{row},c{row // 4},{RARE_CITIES.get(row, ('Rome', 'Oslo')[row % 2])},{kind}"
        for row, kind in enumerate(kinds)
    ]
    Path("t.csv").write_text("\n".join(["number,customer,city,kind", *lines, ""]))
    columns = "path: t.csv, target: kind, features: [number, city]"
    path = Path("mine.yaml").absolute()
    path.write_text(f"dataset: {{name: csv, {columns}, test: 0.2, validation: 0.2}}\n{REST}")
    return path


def trained(nnscratch: Command, config: Path, *changes: object) -> Path:
    done = nnscratch("train", config, *changes, *QUICK)
    assert done.code == 0, done.err
    return Path(done.out.strip())


def parts_of(run: Path) -> tuple[Dataset, dict[str, list[int]]]:
    """Returns the data of a run and the numbers of the rows of each part."""
    data = load_data(find(str(run), run.parent), load_model(run))
    return data, {
        name: split.inputs[:, 0].astype(int).tolist() for name, split in data.splits.items()
    }


@pytest.mark.parametrize("changes", [(), ("dataset.group=customer",)], ids=["rows", "groups"])
def test_each_row_that_is_not_for_testing_trains_some_networks(
    changes: tuple[str, ...], config: Path, nnscratch: Command
) -> None:
    plain = trained(nnscratch, config, *changes)
    run = trained(nnscratch, config, "own_validation=true", *changes)
    _, usual = parts_of(plain)
    _, together = parts_of(run)
    assert together == {
        "train": sorted(usual["train"] + usual["validation"]),
        "test": usual["test"],
    }
    seen, validated = set(), set()
    for member in list_members(run):
        data, rows = parts_of(member)
        assert rows["test"] == usual["test"]
        assert sorted(row for part in PARTS for row in rows[part]) == [*range(ROWS)]
        if changes:
            assert not {row // 4 for row in rows["train"]} & {
                row // 4 for row in rows["validation"]
            }
        else:
            # Of 160 rows with 39 or 40 of y, as many as its share, give or take one.
            assert data.classes == ("x", "y", "z")
            share = np.bincount(data.splits["validation"].targets, minlength=3)
            assert abs(share[1] - 32 / 4) <= 1
        seen |= {*rows["train"]}
        validated.add(tuple(rows["validation"]))
    assert len(validated) == 5
    assert sorted(seen) == together["train"]
    # The first network is that of the plain ensemble, and of a single one.
    first = Model.load(list_members(run)[0]).fingerprint()
    assert first == Model.load(list_members(plain)[0]).fingerprint()
    single = trained(nnscratch, config, "own_validation=true", "ensemble=1", *changes)
    assert first == Model.load(single).fingerprint()


def test_networks_that_know_other_categories_and_classes_are_one_model(
    config: Path, nnscratch: Command
) -> None:
    # A group takes all rows of a class only where the validation part is this large.
    changes = ("dataset.group=customer", "dataset.validation=0.4")
    run = trained(nnscratch, config, "own_validation=true", *changes)
    ensemble = load_model(run)
    members = list_members(run)
    known = [model.features[1].categories or () for model in ensemble.members]
    assert len({*known}) > 1
    assert {city for cities in known for city in cities} <= {
        *(ensemble.features[1].categories or ())
    }
    trains_rare = [2 in parts_of(member)[0].splits["train"].targets for member in members]
    assert any(trains_rare)
    assert not all(trains_rare)

    rows = [[number, city] for number in (3, 90) for city in ("Rome", "Ulm", "Bonn")]
    mean = np.mean([Model.load(member).predict_proba(rows) for member in members], axis=0)
    np.testing.assert_allclose(ensemble.predict_proba(rows), mean, atol=1e-6)

    evaluated = json.loads(nnscratch("evaluate", run, "--format", "json").out)
    assert (evaluated["split"], evaluated["rows"]) == ("test", 32)
    assert evaluated["accuracy"] == record_of(run)["test"]["accuracy"]
    assert nnscratch("evaluate", members[1], "--split", "validation").code == 0
    done = nnscratch("verify", run)
    assert (done.code, done.out.count("bit for bit")) == (0, 5)
    done = nnscratch("export", run, "--to", "python", "--output", "model.py")
    assert done.code == 0, done.err
    table = Path("t.csv").read_text()
    exported = subprocess.run(
        [sys.executable, "model.py"], input=table, capture_output=True, text=True, check=True
    )
    predicted = nnscratch("predict", run, "--csv", "t.csv", "--format", "csv").out
    columns = [
        [row["prediction"] for row in csv.DictReader(text.splitlines())]
        for text in (exported.stdout, predicted)
    ]
    assert columns[0] == columns[1]
    assert len(columns[0]) == ROWS


def test_rows_that_trained_other_networks_are_no_validation_part(
    config: Path, nnscratch: Command
) -> None:
    run = trained(nnscratch, config, "own_validation=true")
    rule = "each network has validation rows of its own, on which the others were trained"
    for command in ("evaluate", "predict"):
        refused = nnscratch(command, run, "--split", "validation")
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.strip() == f"error: {rule}; the ensemble has only train, test"
    last = trained(nnscratch, config, "own_validation=true", "dataset.split=in_order")
    assert nnscratch("evaluate", last, "--split", "validation").code == 0


def test_without_test_rows_each_network_is_judged_by_its_own(
    config: Path, nnscratch: Command
) -> None:
    done = nnscratch("train", config, "own_validation=true", "dataset.test=0", "--no-plots")
    assert "; own validation rows\n" in done.out
    assert "note: these are the rows of seed-42; others hold out other rows\n" in done.err
    assert "together" not in done.out
    (run,) = Path("runs").iterdir()
    record = record_of(run)
    assert record["many"]["part"] == "own validation"
    own = [record_of(member)["best"]["val_accuracy"] for member in list_members(run)]
    assert record["best"]["val_accuracy"] == pytest.approx(np.mean(own))
    evaluated = json.loads(nnscratch("evaluate", run, "--format", "json").out)
    assert (evaluated["split"], evaluated["rows"]) == ("held out", 5 * 32)
    assert evaluated["accuracy"] == pytest.approx(np.mean(own))
    assert "most of these networks were trained on these rows" in nnscratch("predict", run).err
