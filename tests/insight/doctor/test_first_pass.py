"""The first pass over some rows, on a copy of the network."""

from pathlib import Path

import numpy as np

from nnscratch.insight.doctor.first_pass import copy_network, run_first_pass
from tests.insight.doctor.support import shipped


def test_a_copy_shares_no_memory_and_drops_nothing_out() -> None:
    network = shipped("iris", "dropout=0.5", "batch_norm=true").model.network
    copy = copy_network(network)
    assert not np.shares_memory(copy.weights, network.weights)
    assert np.array_equal(copy.weights, network.weights)
    assert (network.draws, copy.draws) == (True, False)
    assert copy.params.keys() == network.params.keys()


def test_a_thousand_rows_stand_for_all(tmp_path: Path) -> None:
    first = run_first_pass(shipped("moons", "dataset.samples=5000"))
    assert len(first.x) == 1000
    # The rows of many tables lie class by class.
    assert 400 < first.y.sum() < 600
