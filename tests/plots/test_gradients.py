"""Where gradients come from: the rows, and the network as it was before training."""

from dataclasses import replace
from pathlib import Path

import pytest

from nnscratch.plots.gradients import find_gradients, first_network
from nnscratch.runs import INITIAL, RunFiles
from tests.plots.example_runs import XOR, plotted, prepared, set_weights


def test_the_first_network_is_that_of_the_seed_whatever_was_learned(tmp_path: Path) -> None:
    first = prepared(tmp_path, XOR).model.network.params.flat.copy()
    run = plotted(set_weights(prepared(tmp_path, XOR), {}))
    assert first_network(run).params.flat.tolist() == first.tolist()


def test_after_a_warm_start_it_is_what_training_began_with(tmp_path: Path) -> None:
    other = prepared(tmp_path, f"{XOR}seed: 7\n").model
    other.save(tmp_path / INITIAL)
    run = plotted(prepared(tmp_path, XOR))
    run = replace(run, files=RunFiles(tmp_path / "weights.npz", tmp_path))
    assert first_network(run).params.flat.tolist() == other.network.params.flat.tolist()


@pytest.mark.parametrize(("samples", "rows"), [(40, 40), (1500, 1000)])
def test_of_many_rows_some_are_enough(tmp_path: Path, samples: int, rows: int) -> None:
    text = f"dataset: {{name: blobs, samples: {samples}, test: 0}}\narchitecture: [2]\n"
    run = plotted(prepared(tmp_path, text))
    grads, count = find_gradients(run, run.single.network)
    assert list(grads) == ["dense_1.kernel", "dense_2.kernel"]
    assert count == rows
