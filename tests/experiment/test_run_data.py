"""The data that a run was trained on, loaded again."""

from pathlib import Path

import pytest

from nnscratch import Model, load_config, prepare, train
from nnscratch.errors import UsageError
from nnscratch.experiment.run_data import choose_split, load_data
from nnscratch.runs import find_weights


@pytest.fixture
def run() -> Path:
    Path("mine.yaml").write_text("dataset: {name: moons, samples: 40}\nepochs: 1\n")
    return train(prepare(load_config("mine.yaml")), "runs").path


def test_it_is_the_data_of_the_run(run: Path) -> None:
    found, model = find_weights(str(run), Path("runs")), Model.load(run)
    dataset = prepare(load_config("mine.yaml")).dataset
    assert load_data(found, model).fingerprint() == dataset.fingerprint()
    name, split = choose_split(load_data(found, model))
    assert (name, len(split)) == ("test", 8)


def test_a_part_that_is_missing_is_refused_without_speaking_of_options() -> None:
    Path("mine.yaml").write_text("dataset: xor\n")
    dataset = prepare(load_config("mine.yaml")).dataset
    assert choose_split(dataset)[0] == "train"
    with pytest.raises(UsageError, match="the run's data has no test part, only train"):
        choose_split(dataset, "test")


def test_other_data_is_refused(run: Path) -> None:
    found, model = find_weights(str(run), Path("runs")), Model.load(run)
    (run / "config.yaml").write_text("dataset: {name: moons, samples: 41}\n")
    with pytest.raises(UsageError, match="names other data"):
        load_data(found, model)


def test_weights_alone_name_no_data(run: Path) -> None:
    (run / "weights.npz").rename("alone.npz")
    found, model = find_weights("alone.npz", Path("runs")), Model.load("alone.npz")
    with pytest.raises(UsageError, match=r"alone\.npz: there is no config next to it"):
        load_data(found, model)
