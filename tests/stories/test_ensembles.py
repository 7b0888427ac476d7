"""A weights file with an ensemble is taken like any other by what predicts, draws and explains."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Ensemble, Model, load_model
from tests.conftest import Command

XOR = "configs/xor.yaml"


@pytest.fixture
def members(workplace: Path, nnscratch: Command) -> list[Path]:
    """The runs of two seeds."""
    paths = []
    for seed in (1, 2):
        done = nnscratch("train", XOR, f"seed={seed}", "epochs=40", "--quiet", "--no-plots")
        assert done.code == 0, done.err
        paths.append(workplace / done.out.strip())
    return paths


@pytest.fixture
def run(members: list[Path]) -> Path:
    """A copy of the first run whose weights are the ensemble of both."""
    path = members[0].with_name("both-20260101-000000")
    shutil.copytree(members[0], path)
    Ensemble([Model.load(member) for member in members]).save(path / "weights.npz")
    return path


def test_it_predicts_the_mean_and_is_evaluated(
    run: Path, members: list[Path], nnscratch: Command
) -> None:
    done = nnscratch("predict", run, "--format", "json")
    assert done.code == 0, done.err
    rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
    mean = np.mean([Model.load(member).predict_proba(rows) for member in members], axis=0)
    shown = [list(row["probabilities"].values()) for row in json.loads(done.out)]
    np.testing.assert_allclose(shown, mean, atol=2e-7)
    assert [row["prediction"] for row in json.loads(done.out)] == mean.argmax(axis=1).tolist()
    scores = json.loads(nnscratch("evaluate", run, "--format", "json").out)
    actual = np.take_along_axis(mean, np.array([[0], [1], [1], [0]]), axis=1)
    assert scores["loss"] == pytest.approx(-np.log(actual).mean(), rel=1e-5)
    assert load_model(run).predict(rows).tolist() == mean.argmax(axis=1).tolist()
    assert nnscratch("predict", run, "--input", "0,1").code == 0


def test_one_network_of_it_is_explained_and_drawn(
    run: Path, members: list[Path], nnscratch: Command
) -> None:
    alone = nnscratch("explain", members[1], "--input", "0,1")
    second = nnscratch("explain", run, "--input", "0,1", "--member", 2)
    assert second.out == alone.out
    assert second.err == "member 2 of 2; --member N chooses another\n"
    first = nnscratch("explain", run, "--row", 1)
    assert first.out == nnscratch("explain", members[0], "--row", 1).out
    assert "member 1 of 2" in first.err
    graph = nnscratch("graph", run, "--row", 0, "--member", 2)
    assert graph.out == nnscratch("graph", members[1], "--row", 0).out
    drawn = nnscratch("plot", run, "--kind", "diagram", "--member", 2, "--output", "two.svg")
    assert drawn.code == 0, drawn.err
    assert "member 2 of 2" in Path("two.svg").read_text("utf-8")
    everything = nnscratch("plot", run, "--kind", "all")
    assert everything.code == 0, everything.err


def test_what_a_member_cannot_be_is_refused(run: Path, nnscratch: Command) -> None:
    refused = nnscratch("explain", run, "--member", 3)
    assert refused.code == 2
    assert "--member 3: the members are counted from 1; there are 2 networks" in refused.err
    for number in (0, 3):
        refused = nnscratch("plot", run, "--kind", "diagram", "--member", number)
        assert (refused.code, f"has 2 networks, so no member {number}" in refused.err) == (2, True)
    for kind in ("curves", "confusion"):
        refused = nnscratch("plot", run, "--kind", kind, "--member", 2)
        assert (refused.code, "--member is for a plot of a network" in refused.err) == (2, True)
    refused = nnscratch("train", XOR, "--init-from", run)
    assert (refused.code, "holds the networks of an ensemble" in refused.err) == (2, True)
