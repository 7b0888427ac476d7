"""Weighted rows: a weight of 3 is as if the row were there three times, from file to score."""

import json
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model
from tests.conftest import Command
from tests.stopped import assert_same_run, go_on, start

ROWS = 40
REST = (
    "epochs: 3\narchitecture: [4]\nbatch_size: full\noptimizer: sgd\nlearning_rate: 0.1\n"
    "dtype: float64\n"
)
COLUMNS = "scaling: none, target_scaling: none, missing: error"


def write_tables(repeated: bool) -> None:
    """Writes tables to train, validate and test on, with a column of weights or repeated rows."""
    rng = np.random.default_rng(3)
    for name in ("train", "validation", "test"):
        a, times = rng.normal(size=ROWS), rng.integers(0, 4, ROWS)
        y = 2 * a + rng.normal(size=ROWS)
        lines = [f"{x:.4f},{target:.4f}" for x, target in zip(a, y, strict=True)]
        if repeated:
            rows = [line for line, n in zip(lines, times, strict=True) for _ in range(n)]
            Path(f"{name}.csv").write_text("\n".join(["a,y", *rows, ""]))
        else:
            rows = [f"{line},{n}" for line, n in zip(lines, times, strict=True)]
            Path(f"{name}.csv").write_text("\n".join(["a,y,n", *rows, ""]))


def write_config(weight: str) -> Path:
    paths = "path: train.csv, validation_path: validation.csv, test_path: test.csv"
    config = Path("mine.yaml").absolute()
    config.write_text(f"dataset: {{name: csv, target: y, {paths}, {COLUMNS}{weight}}}\n{REST}")
    return config


def test_a_weight_is_how_often_a_row_is_there(workplace: Path, nnscratch: Command) -> None:
    scores, weights = [], []
    for repeated in (False, True):
        write_tables(repeated)
        write_config("" if repeated else ", weight: n")
        out = nnscratch("train", "mine.yaml", "--no-plots", "--runs-dir", f"runs{repeated}")
        assert out.code == 0, out
        (run,) = Path(f"runs{repeated}").glob("mine*")
        record = json.loads((run / "run.json").read_text())
        scores.append({**record["final"], **record["test"]})
        model = Model.load(run)
        assert [feature.name for feature in model.features] == ["a"]
        weights.append(model.network.weights)
        evaluated = nnscratch("evaluate", str(run), "--format", "json")
        assert json.loads(evaluated.out)["r2"] == pytest.approx(record["test"]["r2"], rel=1e-12)
    np.testing.assert_allclose(weights[0], weights[1], rtol=1e-10, atol=1e-13)
    assert scores[0] == pytest.approx(scores[1], rel=1e-10)
    assert "val_loss" in scores[0]


def test_a_stopped_run_of_weighted_rows_is_resumed_to_the_same_bits(
    workplace: Path, nnscratch: Command
) -> None:
    write_tables(repeated=False)
    config = write_config(", weight: n")
    whole, run = start(config), start(config, until=2)
    go_on(run)
    assert_same_run(run, whole)
    table = Path("train.csv")
    table.write_text(table.read_text().replace(",3\n", ",2\n"))
    refused = nnscratch("evaluate", str(run))
    assert refused.code == 2, refused


def test_a_part_of_which_no_row_counts_is_refused(workplace: Path, nnscratch: Command) -> None:
    write_tables(repeated=False)
    table = Path("validation.csv")
    lines = [line.rpartition(",")[0] + ",0" for line in table.read_text().splitlines()[1:]]
    table.write_text("\n".join(["a,y,n", *lines, ""]))
    write_config(", weight: n")
    refused = nnscratch("train", "mine.yaml")
    assert refused.code == 2
    assert "`dataset.weight` gives every row of the validation part the weight 0" in refused.err
