"""A verification trains again in memory and compares bits."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.errors import UsageError
from nnscratch.runs import RunFiles, find
from nnscratch.training.verify import WeightDifferences, prepare_verification
from tests.stopped import fingerprint, quick_disk, start, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")


def verify(run: Path) -> WeightDifferences:
    verification = prepare_verification(find(str(run), run.parent))
    assert [record.epoch for record in verification] == [*range(1, verification.epochs + 1)]
    return verification.compare()


@pytest.mark.parametrize("until", [None, 3])
def test_the_same_training_gives_the_same_bits(until: int | None, tmp_path: Path) -> None:
    run = start(write_config(tmp_path, "dropout: 0.2"), until=until)
    before = fingerprint(run)
    result = verify(run)
    assert (result.by_array, result.largest) == ({}, 0.0)
    assert result.weights > 0
    assert fingerprint(run) == before


def test_a_zero_of_another_sign_is_a_difference(tmp_path: Path) -> None:
    run = start(write_config(tmp_path, ""))
    verification = prepare_verification(find(str(run), run.parent))
    list(verification)
    for network in (verification.model.network, verification.trainer.network):
        network.params["dense_1.bias"][0] = 0.0
    best = verification.trainer.best_weights
    if best is not None:
        best[:] = verification.trainer.network.weights
        verification.model.network.weights[:] = best
    verification.model.network.params["dense_1.bias"][0] = -0.0
    result = verification.compare()
    assert result.by_array == {"dense_1.bias": 1}
    assert result.largest == 0.0
    assert np.signbit(verification.model.network.params["dense_1.bias"][0])


def test_a_weights_file_alone_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to no run with a config"):
        prepare_verification(RunFiles(tmp_path / "mine.npz", None))
