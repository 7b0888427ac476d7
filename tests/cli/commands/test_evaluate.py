"""`nnscratch evaluate`: the scores of a run on a part of its data."""

import json
from pathlib import Path

import pytest

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
