"""Starting a training run: what is recorded from the beginning, and the loop of `train`."""

from pathlib import Path

import pytest

from nnscratch import Model, load_config, prepare
from nnscratch.training.start import start, train
from tests.stopped import quick_disk, read_record, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")


def test_a_started_run_is_recorded_before_its_first_epoch(tmp_path: Path) -> None:
    experiment = prepare(load_config(write_config(tmp_path, "")))
    runs = tmp_path / "runs"
    with start(experiment, runs, command=["nnscratch", "train"]) as run:
        (path,) = runs.iterdir()
        record = read_record(path)
        assert record["status"] == "running"
        assert record["command"] == ["nnscratch", "train"]
        assert record["seed"] == experiment.config.seed
        assert record["parameters"] == experiment.model.network.params.flat.size
        assert record["data_fingerprint"] == experiment.data_fingerprint
        run.stop("enough")
    assert read_record(path)["status"] == "interrupted"


def test_a_warm_start_is_kept_with_the_run(tmp_path: Path) -> None:
    config = load_config(write_config(tmp_path, ""))
    old = train(prepare(config), tmp_path / "runs").path
    model = Model.load(old)
    with start(prepare(config), tmp_path / "runs", initial=model) as run:
        assert run.trainer.network.weights.tobytes() == model.network.weights.tobytes()
    path = run.result.path
    assert read_record(path)["initial"] == model.fingerprint()
    assert (path / "initial.npz").read_bytes() == (old / "weights.npz").read_bytes()


def test_train_calls_after_each_epoch_and_stops_when_it_is_told(tmp_path: Path) -> None:
    seen: list[int] = []
    experiment = prepare(load_config(write_config(tmp_path, "")))
    result = train(
        experiment,
        tmp_path / "runs",
        on_epoch=lambda record: seen.append(record.epoch),
        should_stop=lambda: len(seen) == 3,
    )
    assert seen == [1, 2, 3]
    assert (result.status, result.stop_reason) == ("interrupted", "stopped by the user")
    assert result.last is not None
    assert result.last.epoch == 3
