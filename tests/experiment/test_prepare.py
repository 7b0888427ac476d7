"""From a config to an experiment: each step once, and what preprocessing and the network become."""

from collections.abc import Callable
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch import Model, load_config, train
from nnscratch.data.dataset import number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.experiment.defaults import fill_defaults
from nnscratch.experiment.loading import load_dataset
from nnscratch.experiment.prepare import build_network, fit_preprocessing, prepare
from nnscratch.nn.embeddings.piecewise_linear import PiecewiseLinear, find_edges
from nnscratch.nn.network import Network
from tests.conftest import Command
from tests.experiment.tables import config, write

STEPS = (
    "load_dataset",
    "fill_defaults",
    "choose_encoding",
    "check_fit",
    "fit_preprocessing",
    "fit_embedding",
    "build_network",
)


def test_each_step_is_taken_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def record(step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            taken.append(step)
            return function(*arguments, **named)

        return call

    names = prepare.__globals__
    for step in STEPS:
        monkeypatch.setitem(names, step, record(step, names[step]))
    Path("mine.yaml").write_text("dataset: xor\n")
    prepare(load_config("mine.yaml"))
    assert taken == list(STEPS)


def test_data_that_is_given_is_not_loaded_again() -> None:
    Path("mine.yaml").write_text("dataset: moons\n")
    moons = load_config("mine.yaml")
    dataset = load_dataset(moons)
    given = prepare(moons, dataset=dataset)
    loaded = prepare(moons)
    assert given.dataset is dataset
    assert given.config == loaded.config
    assert given.data_fingerprint == loaded.data_fingerprint
    weights = loaded.model.network.params.flat.tobytes()
    assert given.model.network.params.flat.tobytes() == weights


@pytest.mark.parametrize("unit", [1e20, 1e50, 1e150])
def test_huge_numbers_are_scaled_before_they_can_overflow(unit: float, nnscratch: Command) -> None:
    # 1e20 squared overflows float32, and so does 1e50; scaled they are from -2 to 2.
    write("t.csv", "a,kind", [f"{i * unit!r},{'low' if i <= 20 else 'high'}" for i in range(1, 41)])
    path = config("test: 0", "learning_rate: 0.05", "epochs: 60")
    experiment = prepare(load_config(path))
    assert experiment.config.dtype == "float32"
    outcome = train(experiment, "runs")
    assert outcome.last is not None
    assert outcome.last.scores["accuracy"] > 0.9
    model = Model.load(outcome.path)
    assert model.predict([[unit], [40 * unit]]).tolist() == ["low", "high"]
    predicted = nnscratch("predict", outcome.path, "--input", f"{unit}", "--input", f"{40 * unit}")
    assert predicted.code == 0, predicted.err
    assert [line.split(",")[1] for line in predicted.out.splitlines()[1:]] == ["low", "high"]
    Path("new.csv").write_text(f"a\n{unit}\n{40 * unit}\n")
    assert nnscratch("predict", outcome.path, "--csv", "new.csv").out == predicted.out


def test_a_missing_category_is_one_of_its_own_in_all_parts() -> None:
    write("t.csv", "a,colour,kind", [f"{i},{'' if i < 3 else 'red'},{i % 2}" for i in range(12)])
    experiment = prepare(load_config(config("missing: impute, test: 0.25")))
    for split in experiment.dataset.splits.values():
        made = experiment.model.transform(split.inputs)
        missing = np.isnan(split.inputs[:, 1])
        np.testing.assert_array_equal(made[:, 1:], np.column_stack([~missing, missing]))
    assert experiment.model.transform(np.array([[0, nan]]))[0, 1:].tolist() == [0, 1]


def test_a_gate_is_left_as_it_is() -> None:
    Path("mine.yaml").write_text("dataset: {name: xor, encoding: bipolar}\n")
    experiment = prepare(load_config("mine.yaml"))
    inputs = experiment.dataset.splits["train"].inputs
    assert experiment.model.transform(inputs).tolist() == inputs.tolist()


def test_preprocessing_is_learned_from_the_training_part_alone() -> None:
    write("t.csv", "a,kind", [f"{i * i},{'xy'[i % 2]}" for i in range(20)])
    mine = load_config(config("test: 10"))
    dataset = load_dataset(mine)
    preprocessing = fit_preprocessing(fill_defaults(mine, dataset), dataset)
    made = preprocessing.transform(dataset.splits["train"].inputs, "float64")
    assert made.mean() == pytest.approx(0, abs=1e-12)
    assert made.std() == pytest.approx(1)


def test_the_network_is_the_one_built_by_hand_with_the_same_seed() -> None:
    Path("mine.yaml").write_text("dataset: xor\narchitecture: [3]\nactivation: tanh\nseed: 7\n")
    experiment = prepare(load_config("mine.yaml"))
    encoding = experiment.model.encoding
    built = build_network(experiment.config, experiment.model.preprocessing, encoding)
    by_hand = Network(
        2,
        [3],
        1,
        activation="tanh",
        output_activation="sigmoid",
        loss="binary_cross_entropy",
        seed=7,
        dtype="float32",
    )
    assert built.describe() == by_hand.describe()
    assert built.params.flat.tobytes() == by_hand.params.flat.tobytes()
    assert built.params.flat.tobytes() == experiment.model.network.params.flat.tobytes()


PIECES = "numeric_embedding: {name: piecewise_linear, bins: 4}"


def test_the_edges_of_pieces_are_those_of_the_training_rows_as_the_network_takes_them() -> None:
    rows = [f"{i * i / 7},{'xy'[i % 2]},{i % 3},5" for i in range(20)]
    write("t.csv", "a,kind,few,same", rows)
    experiment = prepare(load_config(config("test: 10", PIECES)))
    embedding = experiment.model.network.numeric_embedding
    assert isinstance(embedding, PiecewiseLinear)
    inputs = experiment.model.transform(experiment.dataset.splits["train"].inputs)
    assert inputs.dtype == np.float32
    assert embedding.columns == (0, 1, 2)
    assert embedding.pieces == (4, 2, 0)
    for column, edges in zip(inputs.T, embedding.edges, strict=True):
        np.testing.assert_array_equal(edges, find_edges(column, 4))
    assert embedding.precision == "float32"
    assert experiment.model.network.dense[0].in_features == 3 + 6


def test_edges_are_those_of_preprocessing_that_is_given() -> None:
    write("t.csv", "a,kind", [f"{i},{'xy'[i % 2]}" for i in range(20)])
    mine = load_config(config("test: 10", PIECES))
    scaling = Scaling(np.array([3.0]), np.array([0.5]))
    given = Preprocessing(number_features(1), scaling, np.array([nan]))
    experiment = prepare(mine, preprocessing=given)
    embedding = experiment.model.network.numeric_embedding
    assert isinstance(embedding, PiecewiseLinear)
    values = experiment.dataset.splits["train"].inputs[:, 0]
    assert embedding.edges[0][0] == (values.min() - 3) / 2
    assert embedding.edges[0][-1] == (values.max() - 3) / 2


def test_a_table_of_categories_has_no_embedding() -> None:
    write("t.csv", "a,kind", [f"{'uvw'[i % 3]},{'xy'[i % 2]}" for i in range(20)])
    assert prepare(load_config(config("test: 10", PIECES))).model.network.numeric_embedding is None
