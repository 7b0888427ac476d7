"""best.yaml trains to the weights of the best trial, bit for bit."""

from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.experiment.prepare import prepare
from nnscratch.model.loading import load_model
from nnscratch.runs import WEIGHTS
from nnscratch.search.start import train_many
from nnscratch.training.start import train
from tests.searching import BASE, finish, small, start, trials_of, weights_of


@pytest.mark.parametrize("kind", ["trials: 3", "trials: 3; prune: halving"])
def test_it_trains_to_the_same_weights(kind: str, tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, kind), tmp_path / "runs"))
    best = search.ledger.best
    assert best
    config = load(search.directory.path / "best.yaml")
    assert config.name == "small-best"
    again = train(prepare(config), tmp_path / "again").path
    assert (again / WEIGHTS).read_bytes() == (search.run_of(best) / WEIGHTS).read_bytes()


@pytest.mark.parametrize(
    "kind", ["trials: 3; confirm: 1", "trials: 3; prune: halving", "trials: 2; folds: 2"]
)
def test_of_an_ensemble_each_trial_is_the_first_network(kind: str, tmp_path: Path) -> None:
    several = f"{BASE}ensemble: 3\nown_validation: true\n"
    found = finish(start(small(tmp_path, kind), tmp_path / "alone"))
    search = finish(start(small(tmp_path, kind, base=several), tmp_path / "runs"))
    # The trials and the confirmation are those of a search for a single network.
    assert trials_of(search.directory.path) == trials_of(found.directory.path)
    ours, theirs = (weights_of(each.directory.path).values() for each in (search, found))
    assert sorted(ours) == sorted(theirs)
    best = search.ledger.best
    assert best
    config = load(search.directory.path / "best.yaml")
    assert (config.ensemble, config.own_validation) == (3, True)
    if search.plan is None:
        run = train_many(config, tmp_path / "again").path
        first, *others = load_model(run).members
        assert len(others) == 2
        assert first.fingerprint() == load_model(search.run_of(best)).fingerprint()


def test_it_says_what_it_is(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "trials: 2"), tmp_path / "runs"))
    best = search.ledger.best
    assert best
    assert best.last
    first = (search.directory.path / "best.yaml").read_text().splitlines()[0]
    assert first == f"# The best of 2 trials, number {best.number}: val_loss {best.last.cost}"


def test_there_is_none_where_all_trials_failed(tmp_path: Path) -> None:
    base = "dataset: {name: moons, samples: 40, validation: 0.25}\nloss: mse\nepochs: 2\n"
    space = "\n  space: {label_smoothing: {uniform: [0.1, 0.2]}}\n"  # which mse does not take
    search = finish(start(small(tmp_path, "trials: 2", base=base, space=space), tmp_path / "runs"))
    assert [trial.is_failed for trial in search.ledger.searched] == [True, True]
    assert search.ledger.best is None
    assert not (search.directory.path / "best.yaml").exists()
