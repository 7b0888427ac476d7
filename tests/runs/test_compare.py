"""Comparing runs: only settings that differ, all results, and nothing made up for older runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from nnscratch.errors import UsageError
from nnscratch.runs import RunFiles
from nnscratch.runs.compare import compare


def store(path: Path, config: str, record: dict[str, Any]) -> RunFiles:
    path.mkdir()
    (path / "config.yaml").write_text(config)
    (path / "run.json").write_text(json.dumps(record))
    return RunFiles(path / "weights.npz", path)


def test_what_differs_is_listed_in_the_order_of_the_runs(tmp_path: Path) -> None:
    one = store(
        tmp_path / "a",
        "dataset: xor\nepochs: 3\n",
        {"status": "completed", "epochs_done": 3, "final": {"loss": 0.5}, "threads": 1},
    )
    other = store(
        tmp_path / "b",
        "dataset: xor\nepochs: 5\n",
        {"status": "diverged", "test": {"mae": 2.0}, "initial": "0123456789abcdef", "threads": 1},
    )
    found = compare([one, other])
    assert found.runs == [tmp_path / "a", tmp_path / "b"]
    assert found.settings == {"epochs": [3, 5]}
    assert found.circumstances == {"first weights": ["random", "0123456789ab"]}
    assert found.results["status"] == ["completed", "diverged"]
    assert found.results["last loss"] == [0.5, None]
    assert found.results["test mae"] == [None, 2.0]


def test_a_weights_file_alone_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to no run with a config"):
        compare([RunFiles(tmp_path / "mine.npz", None)])
