"""The trainer: its state there and back, and why training ends by itself."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model, load_config, prepare
from nnscratch.training.trainer import Trainer
from tests.stopped import write_config


def make_trainer(folder: Path, text: str = "", *changes: str) -> Trainer:
    return Trainer(prepare(load_config(write_config(folder, text), changes)))


def test_a_restored_state_trains_on_to_the_same_weights(tmp_path: Path) -> None:
    text = "average: 0.8\ndropout: 0.2\nearly_stopping: 50\nschedule: reduce_on_plateau"
    whole = make_trainer(tmp_path, text)
    records = whole.epochs()
    next(records)
    next(records)
    state = whole.checkpoint()
    other = make_trainer(tmp_path, text)
    other.restore(state)
    assert (other.epochs_done, other.kept_epoch) == (2, whole.kept_epoch)
    assert len(list(records)) == len(list(other.epochs())) == 3
    assert other.network.weights.tobytes() == whole.network.weights.tobytes()
    assert other.best is not None
    assert whole.best is not None
    assert other.best[:3] == whole.best[:3]  # all but the seconds


def test_a_state_shares_no_memory_with_the_trainer(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path)
    next(trainer.epochs())
    state = trainer.checkpoint()
    before = state.weights.copy()
    trainer.network.weights[:] = 0
    np.testing.assert_array_equal(state.weights, before)


def test_the_state_of_another_network_is_refused(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path)
    next(trainer.epochs())
    with pytest.raises(ValueError, match="another network"):
        make_trainer(tmp_path, "", "architecture=[3]").restore(trainer.checkpoint())
    with pytest.raises(KeyError):
        make_trainer(tmp_path, "", "average=0.9").restore(trainer.checkpoint())


@pytest.mark.parametrize(
    ("change", "setting", "text"),
    [
        ("epochs=1", "epochs", "all epochs done"),
        ("max_seconds=1e-9", "max_seconds", "max_seconds, 1e-09, are over"),
        (
            "early_stopping={monitor: loss, patience: 1, min_delta: 9}",
            "early_stopping",
            "loss got no better for 1 epoch",
        ),
    ],
)
def test_training_ends_by_itself_for_a_reason(
    change: str, setting: str, text: str, tmp_path: Path
) -> None:
    trainer = make_trainer(tmp_path, "", change)
    for _ in trainer.epochs():
        if trainer.stop_reason():
            break
    assert trainer.stop_reason() == (setting, text)


def test_there_is_no_reason_before_the_end(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path)
    assert trainer.stop_reason() is None
    next(trainer.epochs())
    assert trainer.stop_reason() is None


def test_the_best_weights_are_saved_and_training_goes_on_with_the_last(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path, "learning_rate: 3.0\noptimizer: sgd\nseed: 0", "epochs=7")
    for _ in trainer.epochs():
        last = trainer.network.weights.copy()
        if trainer.kept_epoch < trainer.epochs_done:
            break
    assert trainer.best_weights is not None
    trainer.save_best(tmp_path / "best.npz")
    saved = Model.load(tmp_path / "best.npz").network
    assert saved.weights.tobytes() == trainer.best_weights.tobytes()
    assert trainer.network.weights.tobytes() == last.tobytes()
