"""Resuming a run: nothing is written before its context is entered."""

from pathlib import Path

import pytest

from nnscratch.config import Config
from nnscratch.errors import ConfigError, UsageError
from nnscratch.runs import RunFiles, find
from nnscratch.training.resume import check_changes, epochs_rules, resume
from tests.stopped import fingerprint, quick_disk, read_record, start, train_until, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
RUN = Path("runs/xor")


def test_a_run_is_read_without_being_touched(tmp_path: Path) -> None:
    run = start(write_config(tmp_path, ""), until=2)
    before = fingerprint(run)
    stopped = resume(find(str(run), run.parent), ["epochs=9"])
    assert fingerprint(run) == before
    assert stopped.trainer.epochs_done == 2
    assert stopped.trainer.experiment.config.epochs == 9


def test_the_reason_of_a_stop_is_recorded_and_forgotten_when_the_run_goes_on(
    tmp_path: Path,
) -> None:
    run = start(write_config(tmp_path, ""), until=1)
    with resume(find(str(run), run.parent), command=["again"]) as resumed:
        assert "stop_reason" not in read_record(run)
        for _ in resumed:
            resumed.stop("worse than the others")
    record = read_record(run)
    assert (record["status"], record["stop_reason"]) == ("interrupted", "worse than the others")
    assert (record["epochs_done"], resumed.result.stop_reason) == (2, "worse than the others")
    assert [entry["command"] for entry in record["resumed"]] == [["again"]]


def test_what_is_completed_has_nothing_left_to_do(tmp_path: Path) -> None:
    run = start(write_config(tmp_path, "", epochs=2))
    with pytest.raises(UsageError, match="is completed, all epochs done; epochs=4 would go on"):
        resume(find(str(run), run.parent))
    train_until(resume(find(str(run), run.parent), ["epochs=3"]))
    assert read_record(run)["epochs_done"] == 3


def test_a_weights_file_alone_cannot_go_on(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to no run"):
        resume(RunFiles(tmp_path / "mine.npz", None))


def config(**settings: object) -> Config:
    return Config.model_validate({"dataset": "xor", "epochs": 5, **settings})


@pytest.mark.parametrize(
    "changes", [{}, {"epochs": 9}, {"max_seconds": 3}, {"threads": 1}, {"snapshots": 2}]
)
def test_what_leaves_the_epochs_so_far_as_they_are_may_change(changes: dict[str, object]) -> None:
    check_changes(config(**changes), config(), 3, RUN)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 7}, "`seed` cannot change, as the epochs so far would have come out differently"),
        ({"name": "other"}, "`name` cannot change, as it is part of the name"),
        ({"epochs": 2}, "`epochs` must be at least 3, which are done"),
        ({"optimizer": "sgd"}, "`optimizer"),
    ],
)
def test_what_would_change_them_may_not(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_changes(config(**changes), config(), 3, RUN)
    assert message in str(caught.value)
    assert "a new run can begin with the weights of runs/xor" in str(caught.value)


def test_less_patience_would_have_ended_it_earlier() -> None:
    watch = {"monitor": "loss", "patience": 4}
    before = config(early_stopping=watch)
    check_changes(config(early_stopping={**watch, "patience": 6}), before, 3, RUN)
    with pytest.raises(ConfigError, match="patience` must be at least 4, as it was"):
        check_changes(config(early_stopping={**watch, "patience": 3}), before, 3, RUN)


@pytest.mark.parametrize(
    ("epochs", "before", "done", "rule"),
    [
        (9, 5, 5, "cannot change, as epoch 5 was evaluated only for being the last"),
        (4, 5, 4, "cannot change, as epoch 4 would be evaluated for being the last"),
        (9, 6, 6, None),
        (9, 5, 3, None),
        (9, 1, 1, None),
    ],
)
def test_the_last_epoch_stays_the_last_if_it_was_evaluated_for_that(
    epochs: int, before: int, done: int, rule: str | None
) -> None:
    changed = config(epochs=epochs, validate_every=3)
    assert epochs_rules(changed, before, done) == ([rule] if rule else [])


def test_a_schedule_over_all_epochs_keeps_their_number() -> None:
    (rule,) = epochs_rules(config(epochs=9, schedule="cosine"), 5, 3)
    assert "the cosine schedule is spread over all of them" in rule
