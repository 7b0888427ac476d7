"""The data that a run was trained on, loaded again."""

from pathlib import Path

import pytest

from nnscratch import Model, load_config, prepare, train
from nnscratch.errors import UsageError
from nnscratch.experiment.loading import load_rows, split_dataset
from nnscratch.experiment.run_data import choose_split, find_target_names, load_data
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


def test_validation_rows_that_each_network_draws_are_no_part_of_all() -> None:
    settings = "{name: moons, samples: 40, validation: 8}\nensemble: 2\nown_validation: true\n"
    Path("mine.yaml").write_text(f"dataset: {settings}")
    given = load_config("mine.yaml")
    dataset = split_dataset(given, load_rows(given), for_ensemble=True)
    assert choose_split(dataset)[0] == "test"
    with pytest.raises(UsageError, match=r"of its own, .* the ensemble has only train, test"):
        choose_split(dataset, "validation")


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


@pytest.mark.parametrize(
    ("target", "expected"), [("kind", ("kind",)), ("size", ("size",)), ("[size, b]", ("size", "b"))]
)
def test_targets_are_named_by_the_model_or_by_the_config(
    target: str, expected: tuple[str, ...]
) -> None:
    rows = [f"{i},{i * 0.7},{i * i},{'xy'[i % 2]}" for i in range(40)]
    Path("t.csv").write_text("\n".join(["a,size,b,kind", *rows]))
    Path("table.yaml").write_text(
        f"dataset: {{name: csv, path: t.csv, target: {target}}}\nepochs: 1\n"
    )
    path = train(prepare(load_config("table.yaml")), "runs").path
    Path("t.csv").unlink()  # the data is not needed
    found = find_weights(str(path), Path("runs"))
    assert find_target_names(found, Model.load(path)) == expected


def test_targets_of_data_without_names_have_none(run: Path) -> None:
    found, model = find_weights(str(run), Path("runs")), Model.load(run)
    assert find_target_names(found, model) == ()
