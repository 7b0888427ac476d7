"""The result of a training run says what its run.json says."""

from pathlib import Path

import pytest

from nnscratch import load_config, prepare, train
from tests.stopped import quick_disk, read_record, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")


def test_it_agrees_with_the_record(tmp_path: Path) -> None:
    config = write_config(tmp_path, "", dataset="{name: moons, samples: 40, test: 0.25}")
    result = train(prepare(load_config(config)), tmp_path / "runs")
    record = read_record(result.path)
    assert (result.status, result.stop_reason) == (record["status"], record["stop_reason"])
    assert result.last is not None
    assert (result.last.epoch, result.last.scores) == (record["epochs_done"], record["final"])
    assert result.best is not None
    assert (result.best.epoch, result.best.scores) == (record["best_epoch"], record["best"])
    assert result.test == record["test"]
    assert result.seconds == pytest.approx(record["seconds"], abs=0.1)
