"""Weights files: what estimators save is a model, and what runs save is an estimator."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch import Model, load_config, prepare, train
from nnscratch.data.dataset import number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import FileFormatError, UsageError
from nnscratch.estimators import MLPClassifier, MLPRegressor
from nnscratch.nn.network import Network
from tests.estimators.conftest import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
LAYERS = [{"units": 5, "activation": "tanh", "batch_norm": True}, {"units": 4}]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"hidden_layer_sizes": LAYERS, "activation": "logistic", "label_smoothing": 0.1},
        {"hidden_layer_sizes": ()},
        {"loss": "hinge", "hidden_layer_sizes": (5,), "activation": "identity"},
    ],
)
def test_an_estimator_comes_back(words: Data, settings: dict[str, Any], tmp_path: Path) -> None:
    fitted = MLPClassifier(**settings, random_state=0, max_iter=3).fit(*words)
    fitted.save(tmp_path / "e.npz")
    loaded = MLPClassifier.load(tmp_path / "e.npz")
    np.testing.assert_array_equal(loaded.predict(words[0]), fitted.predict(words[0]))
    if hasattr(fitted, "predict_proba"):
        np.testing.assert_array_equal(
            loaded.predict_proba(words[0]), fitted.predict_proba(words[0])
        )
    for name in ("n_features_in_", "n_outputs_", "out_activation_"):
        assert getattr(loaded, name) == getattr(fitted, name)
    assert loaded.classes_.tolist() == fitted.classes_.tolist()
    # A model of nnscratch says the same.
    model = Model.load(tmp_path / "e.npz")
    assert model.predict(words[0]).tolist() == fitted.predict(words[0]).tolist()
    loaded.partial_fit(*words)
    assert loaded.score(*words) > 0.2


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("loss", ["squared_error", "poisson", "huber"])
def test_numbers_come_back(diabetes: Data, loss: str, outputs: int, tmp_path: Path) -> None:
    x, y = diabetes[0], np.exp(diabetes[1])
    y = y if outputs == 1 else np.column_stack([y, 2 * y])
    fitted = MLPRegressor(loss, (5,), random_state=0, max_iter=3).fit(x.astype(np.float32), y)
    fitted.save(tmp_path / "e.npz")
    loaded = MLPRegressor.load(tmp_path / "e.npz")
    got, expected = (each.predict(x.astype(np.float32)) for each in (loaded, fitted))
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=1e-6)


def test_names_and_labels_are_saved(tmp_path: Path, words: Data) -> None:
    frame = pd.DataFrame(words[0], columns=["a", "b", "c", "d"])
    labels = np.column_stack([words[1] == "setosa", words[0][:, 0] > 0]).astype(int)
    fitted = MLPClassifier((5,), random_state=0, max_iter=3).fit(frame, labels)
    fitted.save(tmp_path / "e.npz")
    loaded = MLPClassifier.load(tmp_path / "e.npz")
    assert loaded.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(loaded.predict(frame), fitted.predict(frame))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run trained on a table with a category, a missing value and a target in its own units."""
    folder = tmp_path_factory.mktemp("run")
    rng = np.random.default_rng(0)
    size, colour = rng.normal(5, 2, 60), rng.integers(0, 2, 60)
    lines = [
        f"{'' if i == 7 else round(s, 3)},{['red', 'blue'][c]},{1000 + 30 * s - 50 * c:.2f}"
        for i, (s, c) in enumerate(zip(size, colour, strict=True))
    ]
    (folder / "t.csv").write_text("\n".join(["size,colour,price", *lines, ""]))
    (folder / "t.yaml").write_text(
        "dataset: {name: csv, path: t.csv, target: price, missing: impute}\n"
        "architecture: [6]\nepochs: 40\n"
    )
    result = train(prepare(load_config(folder / "t.yaml")), folder / "runs")
    return Path(result.path)


def test_what_train_wrote_predicts_in_the_units_of_its_data(table: Path) -> None:
    rows = pd.read_csv(table.parents[1] / "t.csv")
    loaded = MLPRegressor.load(table)
    predicted = loaded.predict(rows[["colour", "size"]])
    expected = Model.load(table).predict(rows[["size", "colour"]].to_numpy())[:, 0]
    np.testing.assert_allclose(predicted, expected, rtol=1e-6)
    assert 900 < predicted.mean() < 1300
    assert loaded.feature_names_in_.tolist() == ["size", "colour"]
    again = pickle.loads(pickle.dumps(loaded))  # noqa: S301 - made here
    np.testing.assert_array_equal(again.predict(rows), predicted)
    with pytest.raises(ValueError, match="cannot be trained further here"):
        loaded.partial_fit(np.zeros((3, 2)), np.zeros(3))
    # A new fit forgets the file.
    loaded.fit(np.zeros((9, 3)), np.arange(9.0))
    assert loaded.predict(np.zeros((2, 3))).shape == (2,)


@pytest.mark.parametrize(
    "embedding",
    [
        {"columns": (0, 2)},
        {"name": "piecewise_linear", "columns": (0, 2), "edges": ((4.0, 5.0, 6.5), (1.5,))},
    ],
    ids=["waves", "pieces"],
)
def test_networks_for_tables_predict_and_are_pickled(
    embedding: dict[str, Any], tmp_path: Path, words: Data
) -> None:
    network = Network(
        4, [5], 3, loss="cross_entropy", input_scale=True, numeric_embedding=embedding
    )
    classes = ("setosa", "versicolor", "virginica")
    features = number_features(4)
    model = Model(network, TargetEncoding(network.loss, classes), Preprocessing.none(features))
    model.save(tmp_path / "t.npz")
    loaded = MLPClassifier.load(tmp_path / "t.npz")
    again = pickle.loads(pickle.dumps(loaded))  # noqa: S301 - made here
    for estimator in (loaded, again):
        np.testing.assert_array_equal(
            estimator.predict_proba(words[0]), model.predict_proba(words[0])
        )
    with pytest.raises(ValueError, match="cannot be trained further here"):
        loaded.partial_fit(*words)


def test_the_wrong_kind_is_named(table: Path, tmp_path: Path, words: Data) -> None:
    with pytest.raises(UsageError, match=r"predicts numbers; MLPRegressor\.load takes it"):
        MLPClassifier.load(table)
    MLPClassifier((5,), max_iter=1).fit(*words).save(tmp_path / "c.npz")
    with pytest.raises(UsageError, match=r"predicts classes; MLPClassifier\.load takes it"):
        MLPRegressor.load(tmp_path / "c.npz")
    with pytest.raises(UsageError, match="cannot be read"):
        MLPClassifier.load(tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"no")
    with pytest.raises(FileFormatError):
        MLPClassifier.load(tmp_path / "bad.npz")
