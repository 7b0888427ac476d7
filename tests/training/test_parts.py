"""A small table is transformed once, a large one while it is trained on, to the same numbers."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.config import load
from nnscratch.experiment.prepare import prepare
from nnscratch.training import parts as module
from nnscratch.training.parts import inputs_and_targets


def test_both_ways_give_the_network_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "iris.yaml"
    path.write_text("dataset: {name: iris, validation: 0.2}\n")
    experiment = prepare(load(path))
    once, transform = inputs_and_targets(experiment)
    assert transform is None
    monkeypatch.setattr(module, "_TRANSFORMED_BYTES", 0)
    later, transform = inputs_and_targets(experiment)
    assert transform is not None
    assert list(once) == list(later) == ["train", "validation"]
    for name, (inputs, targets, weights) in later.items():
        assert weights is None
        np.testing.assert_array_equal(transform(inputs), once[name][0])
        np.testing.assert_array_equal(targets, once[name][1])
