"""checkpoint.npz: what is saved is read back, to the bit, and nothing else is taken for one."""

from pathlib import Path

import pytest

from nnscratch import load_config, prepare
from nnscratch.errors import FileFormatError
from nnscratch.files import npz
from nnscratch.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from nnscratch.training.trainer import Trainer
from tests.stopped import write_config


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    config = write_config(tmp_path, "average: 0.8\nearly_stopping: 3")
    experiment = prepare(load_config(config))
    trainer = Trainer(experiment)
    next(trainer.epochs())
    return trainer.checkpoint()


def test_a_checkpoint_is_read_back_to_the_bit(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, checkpoint)
    found = load_checkpoint(path)
    assert (found.config, found.data_fingerprint) == (
        checkpoint.config,
        checkpoint.data_fingerprint,
    )
    assert (found.last, found.best, found.seconds) == (
        checkpoint.last,
        checkpoint.best,
        checkpoint.seconds,
    )
    assert found.weights.tobytes() == checkpoint.weights.tobytes()
    assert found.states.keys() == checkpoint.states.keys() == {"optimizer", "average", "stopping"}
    for name, (numbers, arrays) in checkpoint.states.items():
        assert found.states[name][0] == numbers
        assert {k: a.tobytes() for k, a in found.states[name][1].items()} == {
            k: a.tobytes() for k, a in arrays.items()
        }


def test_its_names_are_those_of_format_1(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, checkpoint)
    arrays, manifest = npz.read(path)
    assert (manifest["format"], manifest["version"]) == ("nnscratch checkpoint", 1)
    assert {"weights", "best_weights", "average.mean", "average.current"} <= arrays.keys()
    assert manifest["numbers"]["stopping"].keys() == {"best", "best_epoch"}
    assert manifest["last"].keys() == {"epoch", "scores", "learning_rate", "seconds"}


def test_a_model_is_no_checkpoint(tmp_path: Path) -> None:
    prepare(load_config(write_config(tmp_path, ""))).model.save(tmp_path / "weights.npz")
    with pytest.raises(FileFormatError, match="no checkpoint of format version 1"):
        load_checkpoint(tmp_path / "weights.npz")
