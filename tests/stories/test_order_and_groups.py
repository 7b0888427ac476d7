"""Rows held out in order or by groups: the same ones for training, resume, verify and evaluate."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model
from nnscratch.experiment.run_data import load_data
from nnscratch.runs import find
from tests.conftest import Command
from tests.stopped import assert_same_run, go_on, start

ROWS = 90
IN_ORDER = "order_by: day, test: 18, validation: 9"
GROUPED = "group: customer, test: 0.2, validation: 0.1"
REST = "epochs: 4\narchitecture: [4]\nbatch_size: 16\n"


def write_config(split: str) -> Path:
    """Writes a shuffled table of days and customers, and a config that splits it."""
    rng = np.random.default_rng(3)
    days = rng.permutation(ROWS)
    a = rng.normal(size=ROWS)
    dates = np.datetime64("2024-02-20") + days
    lines = [
        f"{date},c{day % 18},{x:.4f},{2 * x + day / 10:.6f},{day}"
        for date, day, x in zip(dates.tolist(), days.tolist(), a.tolist(), strict=True)
    ]
    Path("t.csv").write_text("\n".join(["day,customer,a,y,number", *lines, ""]))
    config = Path("mine.yaml").absolute()
    columns = "path: t.csv, target: y, features: [a, number]"
    config.write_text(f"dataset: {{name: csv, {columns}, {split}}}\n{REST}")
    return config


def days_of(run: Path) -> dict[str, list[int]]:
    """Returns the days of each part, as they are loaded for whoever uses the run."""
    data = load_data(find(str(run), run.parent), Model.load(run))
    return {name: split.inputs[:, 1].astype(int).tolist() for name, split in data.splits.items()}


@pytest.mark.parametrize("split", [IN_ORDER, GROUPED])
def test_a_stopped_run_is_resumed_to_the_same_bits_and_verified(
    split: str, workplace: Path, nnscratch: Command
) -> None:
    config = write_config(split)
    whole, run = start(config), start(config, until=2)
    go_on(run)
    assert_same_run(run, whole)
    assert nnscratch("verify", run).code == 0


def test_the_last_days_are_evaluated(workplace: Path, nnscratch: Command) -> None:
    run = start(write_config(IN_ORDER))
    days = days_of(run)
    for part, expected in (("test", range(72, 90)), ("validation", range(63, 72))):
        assert sorted(days[part]) == list(expected)
        evaluated = nnscratch("evaluate", run, "--split", part, "--format", "json")
        assert json.loads(evaluated.out)["rows"] == len(expected)
        predicted = nnscratch("predict", run, "--split", part, "--format", "json")
        assert len(json.loads(predicted.out)) == len(expected)


def test_customers_are_evaluated_whom_nobody_trained_on(
    workplace: Path, nnscratch: Command
) -> None:
    run = start(write_config(GROUPED))
    customers = {part: {day % 18 for day in days} for part, days in days_of(run).items()}
    sizes = {part: len(names) for part, names in customers.items()}
    assert sizes == {"train": 12, "validation": 2, "test": 4}  # of five rows each
    assert len(set.union(*customers.values())) == 18
    evaluated = nnscratch("evaluate", run, "--split", "test", "--format", "json")
    assert json.loads(evaluated.out)["rows"] == 20
