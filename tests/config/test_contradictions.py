"""Settings that contradict each other are found without any data."""

from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.config.contradictions import find_contradictions
from nnscratch.nn.optimizers import OPTIMIZERS


def keys_of(folder: Path, *changes: str) -> list[str]:
    path = folder / "mine.yaml"
    path.write_text("dataset: xor\n")
    return [problem.key for problem in find_contradictions(load(path, changes))]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ([], []),
        (["architecture=[]"], []),
        (["architecture=[]", "dropout=0.5", "batch_norm=true"], ["dropout", "batch_norm"]),
        (["epochs=5", "schedule={name: cosine, warmup_epochs: 4}"], []),
        (["epochs=5", "schedule={name: cosine, warmup_epochs: 5}"], ["schedule.warmup_epochs"]),
        (["validate_every=3", "early_stopping=3"], []),
        (["validate_every=3", "early_stopping=2"], ["early_stopping.patience"]),
        (["validate_every=3", "early_stopping={monitor: loss, patience: 2}"], []),
        (
            ["validate_every=3", "schedule={name: reduce_on_plateau, patience: 2}"],
            ["schedule.patience"],
        ),
        (["dataset=iris", "dataset.folds=3", "dataset.fold=3"], []),
        (["dataset=iris", "dataset.folds=3", "dataset.fold=4"], ["dataset.fold"]),
        (["dataset=iris", "dataset.folds=3"], ["dataset.folds"]),
        (["dataset=iris", "dataset.fold=3"], ["dataset.fold"]),
        (["dataset=iris", "dataset.folds=3", "dataset.fold=1", "dataset.test=5"], ["dataset.test"]),
        (["dataset=iris", "dataset.folds=3", "dataset.fold=1", "dataset.test=0"], []),
        (["optimizer=lbfgs"], []),
        (["optimizer=lbfgs", "dropout=0.5"], ["dropout"]),
        (
            ["optimizer=lbfgs", "dropout=0.5", "architecture=[{units: 2, dropout: 0.1}]"],
            ["architecture.0.dropout"],
        ),
        (["optimizer=lbfgs", "schedule=cosine"], ["schedule"]),
        (["optimizer=lbfgs", "clip_norm=1", "max_norm=1"], ["clip_norm", "max_norm"]),
        (["optimizer=lbfgs", "rate_factors.bias=0.1"], ["rate_factors"]),
    ],
)
def test_each_contradiction_names_its_key(
    changes: list[str], keys: list[str], tmp_path: Path
) -> None:
    assert keys_of(tmp_path, *changes) == keys


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_only_a_line_search_needs_the_exact_loss(optimizer: str, tmp_path: Path) -> None:
    changes = [f"optimizer={optimizer}", "dropout=0.5", "schedule=cosine", "clip_norm=1"]
    expected = ["dropout", "schedule", "clip_norm"] if OPTIMIZERS[optimizer].line_search else []
    assert keys_of(tmp_path, *changes) == expected
