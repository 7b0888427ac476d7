"""A task: trained at once or in parts it comes to the same, and its end is told apart."""

from pathlib import Path

import pytest

from nnscratch.config import Config
from nnscratch.experiment.prepare import prepare
from nnscratch.nn.training.interruption import Interruption
from nnscratch.runs import WEIGHTS, read_record
from nnscratch.search.task import DataCache, Outcome, Task, carry_out, find_end
from nnscratch.training.start import train

CONFIG = {
    "dataset": {"name": "moons", "samples": 40, "validation": 0.25},
    "architecture": [{"units": 4}],
    "epochs": 6,
}


def task(where: Path, until: int | None = None, **changes: object) -> Task:
    return Task({**CONFIG, **changes}, str(where), until, ("nnscratch", "search"))


def weights(where: Path) -> bytes:
    return (where / WEIGHTS).read_bytes()


def test_it_is_the_training_run_of_its_config(tmp_path: Path) -> None:
    assert carry_out(task(tmp_path / "a"), DataCache()).status == "done"
    result = train(prepare(Config.model_validate(CONFIG)), tmp_path / "runs")
    assert weights(tmp_path / "a") == weights(result.path)
    assert read_record(tmp_path / "a").command == ["nnscratch", "search"]


def test_a_task_that_pauses_and_goes_on_is_the_same(tmp_path: Path) -> None:
    carry_out(task(tmp_path / "a"), DataCache())
    data = DataCache()
    assert carry_out(task(tmp_path / "b", until=2), data).status == "done"
    record = read_record(tmp_path / "b")
    assert (record.status, record.epochs_done) == ("interrupted", 2)
    assert "after epoch 2" in (record.stop_reason or "")
    assert carry_out(task(tmp_path / "b", until=4), data).status == "done"
    assert carry_out(task(tmp_path / "b"), data).status == "done"
    assert weights(tmp_path / "a") == weights(tmp_path / "b")
    assert read_record(tmp_path / "b").status == "completed"


def test_one_that_is_done_is_not_trained_again(tmp_path: Path) -> None:
    first = task(tmp_path / "a", until=3)
    assert find_end(first) is None
    carry_out(first, DataCache())
    assert find_end(first) == Outcome("done", read_record(tmp_path / "a").stop_reason or "")
    before = read_record(tmp_path / "a")
    assert carry_out(first, DataCache()).status == "done"
    assert read_record(tmp_path / "a") == before
    assert find_end(task(tmp_path / "a", until=4)) is None


def test_one_that_is_stopped_goes_on_later(tmp_path: Path) -> None:
    stopped = carry_out(task(tmp_path / "a"), DataCache(), should_stop=lambda: True)
    assert stopped.status == "stopped"
    assert read_record(tmp_path / "a").epochs_done == 1
    carry_out(task(tmp_path / "a"), DataCache())
    carry_out(task(tmp_path / "b"), DataCache())
    assert weights(tmp_path / "a") == weights(tmp_path / "b")


def test_an_epoch_can_be_interrupted(tmp_path: Path) -> None:
    def interrupt(interruption: Interruption) -> None:
        interruption.requested = True  # as from a signal before the first epoch

    outcome = carry_out(task(tmp_path / "a"), DataCache(), on_start=interrupt)
    assert outcome.status == "stopped"
    assert read_record(tmp_path / "a").epochs_done == 0


def test_one_that_diverges_has_failed(tmp_path: Path) -> None:
    wild = task(tmp_path / "a", optimizer={"name": "sgd"}, learning_rate=1e6, activation="linear")
    outcome = carry_out(wild, DataCache())
    assert outcome.status == "failed"
    assert "epoch" in outcome.reason
    ended = find_end(wild)
    assert ended
    assert ended.status == "failed"


def test_one_that_does_not_fit_its_data_has_failed(tmp_path: Path) -> None:
    outcome = carry_out(task(tmp_path / "a", loss="mse", label_smoothing=0.1), DataCache())
    assert outcome.status == "failed"
    assert "label_smoothing" in outcome.reason
    assert not (tmp_path / "a").exists()


def test_memory_that_is_not_there_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("nnscratch.search.task.prepare", refuse)
    assert carry_out(task(tmp_path / "a"), DataCache()) == Outcome("failed", "not enough memory")


def test_what_all_tasks_would_meet_is_no_failure_of_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outcome = carry_out(task(tmp_path / "file" / "a"), DataCache())
    assert outcome.status == "broken"
    assert "file" in outcome.reason


def test_what_a_killed_process_left_of_the_beginning_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("metrics.csv", "config.yaml", ".run.json.0123abcd.tmp"):
        (tmp_path / "a" / name).write_text("half")
    assert carry_out(task(tmp_path / "a"), DataCache()).status == "done"
    assert not list((tmp_path / "a").glob(".*"))


def test_a_task_is_plain_data(tmp_path: Path) -> None:
    original = task(tmp_path / "a", until=3)
    assert Task.from_json(original.to_json()) == original
    assert "\n" not in original.to_json()


def test_the_data_is_loaded_once() -> None:
    data = DataCache()
    config = Config.model_validate(CONFIG)
    assert data.get(config) is data.get(config.model_copy(update={"epochs": 9}))
    other = config.model_copy(update={"seed": 9})  # which has other rows
    assert data.get(other) is not data.get(config)
