"""Models: saving and loading bit for bit, and rows of all kinds."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnscratch.data.dataset import Feature
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.model.model import Model
from nnscratch.nn.losses import LOSSES
from nnscratch.nn.network import Network
from nnscratch.nn.registry import create

TWO, THREE = ("no", "yes"), ("a", "b", "c")


def make_encoding(loss: str, classes: tuple[Any, ...] | None) -> TargetEncoding:
    return TargetEncoding(create(LOSSES, loss), classes, 1 if classes else 2)


def make_model(
    loss: str = "cross_entropy", classes: tuple[Any, ...] | None = THREE, **settings: Any
) -> Model:
    encoding = make_encoding(loss, classes)
    network = Network(2, [3], encoding.outputs, loss=loss, seed=1, **settings)
    features = Feature("width"), Feature("height")
    return Model(network, encoding, Preprocessing.none(features))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("loss", "classes"),
    [
        ("cross_entropy", THREE),
        ("binary_cross_entropy", (False, True)),
        ("mean_squared_error", (-1, 1)),
        ("huber", None),
    ],
)
def test_a_saved_model_comes_back_bit_for_bit(
    loss: str, classes: tuple[Any, ...] | None, dtype: str, tmp_path: Path
) -> None:
    model = make_model(loss, classes, dtype=dtype, activation="elu")
    model.save(tmp_path / "weights.npz")
    twin = Model.load(tmp_path / "weights.npz")
    assert twin.network.params.flat.tobytes() == model.network.params.flat.tobytes()
    twin.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "weights.npz").read_bytes()
    assert twin.features == model.features
    assert twin.network.describe() == model.network.describe()
    rows = np.random.default_rng(0).normal(size=(5, 2))
    assert twin.predict(rows).tolist() == model.predict(rows).tolist()


def test_a_model_is_loaded_from_a_run_directory_too(tmp_path: Path) -> None:
    make_model().save(tmp_path / "weights.npz")
    assert Model.load(tmp_path).encoding.classes == THREE


def test_predictions_are_labels_and_probabilities_sum_to_one() -> None:
    model = make_model()
    labels, probabilities = model.predict([[1, 2], [3, 4]]), model.predict_proba([[1, 2], [3, 4]])
    assert set(labels) <= set(THREE)
    assert labels.tolist() == [THREE[k] for k in probabilities.argmax(axis=1)]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    binary = make_model("binary_cross_entropy", TWO).predict_proba([[1, 2]])
    assert binary.shape == (1, 2)
    assert binary.sum() == pytest.approx(1)


def test_only_a_cross_entropy_gives_probabilities() -> None:
    with pytest.raises(UsageError, match="gives probabilities"):
        make_model("mean_squared_error", TWO).predict_proba([[1, 2]])


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([[1, 2, 3]], r"must have 2 numbers \(width, height\)"),
        ([1, 2], r"must have 2 numbers \(width, height\): .* must be a list"),
        ("ab", "must be a list"),
        (["ab"], "must be a list"),
        (np.array([1, 2]), "must have 2 numbers"),
        (5, "must have 2 numbers"),
        ({"width": 1, "height": 2}, "must have 2 numbers"),
        ([["a", "b"]], "column width: 'a' is not a finite number"),
        ([[1, 2], [3]], "a row has 1 value, not 2"),
        ([[1, float("nan")]], "column height: no value in row 0"),
        ([[1, float("inf")]], "finite"),
    ],
)
def test_rows_that_cannot_be_predicted_are_refused(rows: Any, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        make_model().predict(rows)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.npz: cannot be read"):
        Model.load(tmp_path / "nowhere.npz")


def named(**columns: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_a_dataframe_is_read_by_the_names_of_its_columns() -> None:
    model = make_model()
    rows = [[1.0, 20.0], [-3.0, 0.5], [7.0, -8.0]]
    expected = model.predict_proba(rows).tolist()
    width, height = map(list, zip(*rows, strict=True))
    for frame in (
        named(width=width, height=height),
        named(height=height, width=width),
        named(name=["x", "y", "z"], height=height, other=[0, 0, 0], width=width),
        named(height=height, width=width).set_index(pd.Index([9, 7, 8])),
        named(height=pd.array(height, "Float64"), width=width),  # type: ignore[arg-type]
    ):
        assert model.predict_proba(frame).tolist() == expected
        assert model.predict(frame).tolist() == model.predict(rows).tolist()


def test_dicts_are_read_by_their_keys() -> None:
    model = make_model()
    expected = model.predict_proba([[1.0, 20.0], [-3.0, 0.5]]).tolist()
    rows: list[Any] = [{"height": 20, "width": 1}, {"width": -3.0, "other": "x", "height": "0.5"}]
    assert model.predict_proba(rows).tolist() == expected
    assert model.predict_proba(tuple(rows)).tolist() == expected
    assert model.predict_proba([rows[0], [-3.0, 0.5]]).tolist() == expected


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([{"width": 1}], "row 0 to predict, counted from 0, has no column height"),
        ([{"width": 1, "height": 2}, {}], "row 1 .* has no column width, height"),
        ([{"width": 1, "height": None}], "column height: no value in row 0"),
        ([{"width": 1, "height": "tall"}], "column height: 'tall' is not a finite number"),
    ],
)
def test_dicts_that_cannot_be_predicted_are_refused(rows: Any, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        make_model().predict(rows)


def test_a_prediction_that_overflows_in_the_units_of_the_data_is_an_error() -> None:
    network = Network(1, [], 1, loss="mean_squared_error", dtype="float64")
    network.dense[0].kernel[:] = 1.0
    scaling = Scaling(np.zeros(1), np.array([1e-300]))
    encoding = TargetEncoding(network.loss, None, scaling=scaling)
    model = Model(network, encoding, Preprocessing.none((Feature("x"),)))
    # 10⁵ in the units of the loss is 10³⁰⁵, 10⁹ would be 10³⁰⁹.
    assert model.predict([[1e5]])[0, 0] == pytest.approx(1e305)
    with pytest.raises(NNScratchError, match="outputs overflow"):
        model.predict([[1e9]])


def test_text_in_a_dataframe_is_categories() -> None:
    features = Feature("colour", ("blue", "red")), Feature("width")
    encoding = make_encoding("cross_entropy", THREE)
    model = Model(Network(3, [], 3, loss="cross_entropy"), encoding, Preprocessing.none(features))
    frame = named(width=[1.5, 2], colour=["red", "blue"])
    np.testing.assert_array_equal(model.as_table(frame), [[1, 1.5], [0, 2]])


@pytest.mark.parametrize(
    ("frame", "absent"),
    [
        (named(width=[1]), "no column height"),
        (named(Width=[1], b=[2]), "no column width, height"),
        (named(), "no column width, height"),
    ],
)
def test_columns_missing_from_a_dataframe_are_named(frame: Any, absent: str) -> None:
    with pytest.raises(UsageError, match=absent):
        make_model().predict(frame)


def test_a_missing_value_in_a_dataframe_is_named() -> None:
    with pytest.raises(UsageError, match="column height: no value in row 1"):
        make_model().predict(named(height=[1.0, None], width=[1, 2]))


@pytest.mark.parametrize(("dtype", "close"), [("float32", 5e-6), ("float64", 1e-14)])
def test_a_row_alone_gets_the_class_of_the_row_among_others_and_nearly_its_probabilities(
    dtype: str, close: float
) -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(300, 40))
    features = tuple(Feature(f"x{i}") for i in range(40))
    network = Network(40, [128, 64], 3, loss="cross_entropy", dtype=dtype)
    model = Model(network, make_encoding("cross_entropy", THREE), Preprocessing.none(features))
    together, classes = model.predict_proba(rows), model.predict(rows)
    for i, row in enumerate(rows):
        assert np.abs(model.predict_proba([row.tolist()])[0] - together[i]).max() < close
        assert model.predict([row.tolist()])[0] == classes[i]
