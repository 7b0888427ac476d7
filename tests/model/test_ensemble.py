"""Ensembles: the mean of their members, however those differ; and what belongs together."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Feature, ImageFormat, Split, number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.scaling import Scaling
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.data.target_transform import TARGET_TRANSFORMS
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.evaluation import evaluate_split
from nnscratch.model.model import Model
from nnscratch.nn.network import Network

THREE = ("a", "b", "c")
ROWS = np.random.default_rng(0).normal(size=(50, 2))


def member(
    seed: int,
    loss: str | dict[str, Any] = "cross_entropy",
    classes: tuple[Any, ...] | None = THREE,
    *,
    features: Sequence[Feature] = number_features(2),
    scaling: Scaling | None = None,
    transform: str = "none",
    dtype: str = "float32",
) -> Model:
    preprocessing = Preprocessing.none(tuple(features))
    outputs = 1 if classes is None or loss == "binary_cross_entropy" else len(classes)
    network = Network(preprocessing.outputs, [4], outputs, loss=loss, seed=seed, dtype=dtype)
    encoding = TargetEncoding(
        network.loss, classes, scaling=scaling or Scaling.identity(1),
        transform=TARGET_TRANSFORMS[transform],
    )  # fmt: skip
    return Model(network, encoding, preprocessing)


def constant(logits: Sequence[float], *how: Any, **settings: Any) -> Model:
    """A model whose logits are these for every row."""
    model = member(0, *how, **settings)
    model.network.params.flat[:] = 0
    model.network.params["dense_2.bias"][:] = logits
    return model


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_probabilities_are_the_mean_of_the_members_probabilities(loss: str) -> None:
    members = [member(seed, loss, THREE if loss == "cross_entropy" else (0, 1)) for seed in (1, 2)]
    expected = (members[0].predict_proba(ROWS) + members[1].predict_proba(ROWS)) / 2
    np.testing.assert_allclose(Ensemble(members).predict_proba(ROWS), expected, atol=2e-7)
    labels = Ensemble(members).predict(ROWS)
    classes = members[0].encoding.classes
    assert classes
    assert labels.tolist() == [classes[k] for k in expected.argmax(axis=1)]


def test_two_of_three_that_are_hardly_sure_lose_to_one_that_is() -> None:
    unsure, sure = [log(0.55), log(0.45), -99], [log(0.1), log(0.9), -99]
    ensemble = Ensemble([constant(unsure), constant(unsure), constant(sure)])
    np.testing.assert_allclose(ensemble.predict_proba([[1, 2]]), [[1.2 / 3, 1.8 / 3, 0]], atol=1e-7)
    assert ensemble.predict([[1, 2]]).tolist() == ["b"]


def test_members_that_are_certain_of_different_classes_do_not_overflow() -> None:
    ensemble = Ensemble([constant([900.0, 0, 0]), constant([0, 900.0, 0])])
    assert ensemble.predict_proba([[1, 2]])[0].tolist() == pytest.approx([0.5, 0.5, 0])
    one_sided = Ensemble([constant([x], "binary_cross_entropy", (0, 1)) for x in (900.0, -900.0)])
    assert one_sided.predict_proba([[1, 2]])[0].tolist() == pytest.approx([0.5, 0.5])


def test_the_loss_is_that_of_the_mean_probability() -> None:
    # p(b) is (0.2 + 0.6) / 2 = 0.4 for every row, so the loss of a row of class b is −log 0.4.
    first, second = [log(0.3), log(0.2), log(0.5)], [log(0.3), log(0.6), log(0.1)]
    ensemble = Ensemble([constant(first), constant(second)])
    rows = Split(ROWS, np.ones(len(ROWS), np.intp))
    assert evaluate_split(ensemble, "test", rows).scores == pytest.approx(
        {"loss": -log(0.4), "accuracy": 1.0}
    )


def test_numbers_are_the_mean_in_the_units_of_the_data() -> None:
    huber: Any = ("huber", None)
    ensemble = Ensemble([constant([3.0], *huber), constant([5.0], *huber)])
    assert ensemble.predict([[1, 2]]).tolist() == [[4.0]]


def test_each_member_may_have_scaled_its_targets_otherwise() -> None:
    # 10 + 2 · 1 = 12 and −6 + 0.5 · 4 = −4, so the mean is 4, in units of the first −3.
    doubled = Scaling(shift=np.array([10.0]), factor=np.array([0.5]))
    halved = Scaling(shift=np.array([-6.0]), factor=np.array([2.0]))
    first = constant([1.0], "huber", None, scaling=doubled)
    second = constant([4.0], "huber", None, scaling=halved)
    ensemble = Ensemble([first, second])
    assert ensemble.predict([[1, 2]]).tolist() == [[4.0]]
    assert ensemble.outputs([[1, 2]]).tolist() == [[-3.0]]
    assert Ensemble([second, first]).predict([[1, 2]]).tolist() == [[4.0]]


def test_of_logarithms_the_mean_is_taken_before_they_are_undone() -> None:
    logs = [constant([log(x)], "huber", None, transform="log", dtype="float64") for x in (2, 32)]
    assert Ensemble(logs).predict([[1, 2]])[0, 0] == pytest.approx(exp((log(2) + log(32)) / 2))
    assert Ensemble(logs).predict([[1, 2]])[0, 0] == pytest.approx(8)  # the geometric mean


def colours(*names: str) -> tuple[Feature, ...]:
    return Feature("size"), Feature("colour", names)


def test_a_category_that_a_member_does_not_know_is_none_to_it() -> None:
    every = colours("blue", "green", "red")
    knows = member(1, features=colours("red", "blue")), member(2, features=every)
    ensemble = Ensemble(knows, every)
    rows: Any = [[1.0, "green"], [2.0, "red"], [3.0, "blue"], [4.0, "purple"]]
    expected = (knows[0].predict_proba(rows) + knows[1].predict_proba(rows)) / 2
    np.testing.assert_allclose(ensemble.predict_proba(rows), expected, atol=2e-7)
    table = np.array([[1, 0], [1, 1], [1, 2], [1, -1], [1, np.nan]], float)
    np.testing.assert_array_equal(
        ensemble.table_for(0, table), [[1, 1], [1, -1], [1, 0], [1, -1], [1, np.nan]]
    )
    assert ensemble.table_for(1, table) is table


def test_a_row_is_predicted_alike_among_many() -> None:
    ensemble = Ensemble([member(1), member(2)])
    many = np.random.default_rng(1).normal(size=(5000, 2))
    np.testing.assert_allclose(
        ensemble.predict_proba(many)[-3:], ensemble.predict_proba(many[-3:]), atol=1e-6
    )
    assert ensemble.predict_proba(np.empty((0, 2))).shape == (0, 3)


@pytest.mark.parametrize(
    "other",
    [
        member(2, classes=("a", "b", "x")),
        member(2, "mean_squared_error"),
        member(2, features=(Feature("x1"), Feature("y"))),
        member(2, features=(Feature("x1"), Feature("x2", date_format="%Y"))),
        replace(member(2), image=ImageFormat(1, 2, 255)),
    ],
    ids=["classes", "loss", "columns", "dates", "image"],
)
def test_what_does_not_predict_the_same_is_no_ensemble(other: Model) -> None:
    with pytest.raises(ValueError, match="members 1 and 2 do not predict the same"):
        Ensemble([member(1), other])


def test_members_and_their_categories_are_needed() -> None:
    with pytest.raises(ValueError, match="needs members"):
        Ensemble([])
    known = member(1, features=colours("red", "blue"))
    with pytest.raises(ValueError, match="lacks categories"):
        Ensemble([known], colours("red"))
    with pytest.raises(ValueError, match="columns are not"):
        Ensemble([known], [Feature("size")])


def test_rows_are_refused_as_a_model_refuses_them() -> None:
    ensemble = Ensemble([member(1), member(2)])
    with pytest.raises(UsageError, match="must have 2 numbers"):
        ensemble.predict([[1, 2, 3]])
    with pytest.raises(UsageError, match="no value in row 0"):
        ensemble.predict([[1, np.nan]])
    broken = constant([np.inf], "huber", None)
    with pytest.raises(NNScratchError, match="overflow"):
        Ensemble([constant([1.0], "huber", None), broken]).predict([[1, 2]])


def test_the_fingerprint_is_that_of_all_weights() -> None:
    prints = [Ensemble([member(1), member(seed)]).fingerprint() for seed in (2, 2, 3)]
    assert prints[0] == prints[1] != prints[2]


def test_where_one_network_is_needed_the_message_says_where_single_ones_are(
    tmp_path: Path,
) -> None:
    Ensemble([member(1), member(2)]).save(tmp_path / "weights.npz")
    with pytest.raises(UsageError, match=r"where a single one is needed$"):
        Model.load(tmp_path)
    (tmp_path / "runs").mkdir()
    words = f"where a single one is needed, such as that of a run in {tmp_path / 'runs'}"
    for path in (tmp_path, tmp_path / "weights.npz"):
        with pytest.raises(UsageError, match=f"{re.escape(words)}$"):
            Model.load(path)
