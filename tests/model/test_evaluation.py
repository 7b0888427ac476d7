"""Evaluation: scores worked out by hand for classes, labels and numbers."""

import json
from typing import Any

import numpy as np
import pytest

from nnscratch.data.dataset import Split, number_features
from nnscratch.data.preprocessing import Preprocessing
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.model.evaluation import Evaluation, evaluate_split
from nnscratch.model.model import Model
from nnscratch.nn.network import Network

# The network passes its inputs on, so that they are the logits.
LOGITS = [[2.0, -1.0], [1.0, 3.0], [-1.0, 0.5], [-2.0, -3.0]]


def evaluate(
    loss: str, targets: Any, classes: tuple[Any, ...] | None = None, names: tuple[str, ...] = ()
) -> Evaluation:
    network = Network(2, [], 2, loss=loss, dtype="float64")
    network.params["dense_1.kernel"][:] = np.eye(2)
    encoding = TargetEncoding(network.loss, classes, 1 if classes else 2, names=names)
    model = Model(network, encoding, Preprocessing.none(number_features(2)))
    return evaluate_split(model, "test", Split(np.array(LOGITS), np.array(targets)))


def test_classes_have_an_accuracy_and_a_confusion_matrix() -> None:
    # Predicted: a, b, b, a.
    result = evaluate("cross_entropy", [0, 1, 0, 0], ("a", "b"))
    assert result.scores["accuracy"] == 0.75
    assert result.confusion is not None
    assert result.confusion.tolist() == [[2, 1], [0, 1]]
    assert result.classes == ("a", "b")
    assert [score.support for score in result.per_class] == [3, 1]
    assert (result.per_class[1].precision, result.per_class[1].recall) == (0.5, 1.0)
    assert (result.split, result.rows) == ("test", 4)


def test_each_label_is_evaluated_by_itself() -> None:
    # Predicted: 1 0, 1 1, 0 1, 0 0.
    targets = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    result = evaluate("binary_cross_entropy", targets, names=("sun", "rain"))
    assert result.scores["accuracy"] == 6 / 8
    assert result.classes == ("sun", "rain")
    assert result.confusion is None
    sun, rain = result.per_class
    assert (sun.precision, sun.recall, sun.support) == (1.0, 2 / 3, 3)
    assert (rain.precision, rain.recall, rain.support) == (0.5, 1.0, 1)


def test_numbers_have_scores_together_and_each() -> None:
    targets = np.array(LOGITS) + np.array([1.0, 2.0])
    result = evaluate("mean_squared_error", targets, names=("a", "b"))
    assert result.scores["loss"] == pytest.approx(2.5)  # (1² + 2²) / 2
    assert result.scores["mae"] == pytest.approx(1.5)
    assert result.per_target["a"]["rmse"] == pytest.approx(1.0)
    assert result.per_target["b"]["rmse"] == pytest.approx(2.0)
    assert not result.classes


def test_the_values_for_json_have_no_nan() -> None:
    constant = evaluate("mean_squared_error", np.ones((4, 2)))
    assert np.isnan(constant.scores["r2"])
    values = json.loads(json.dumps(constant.to_dict(), allow_nan=False))
    assert values["r2"] is None
    assert list(values["targets"]) == ["1", "2"]


@pytest.mark.parametrize(
    ("loss", "targets", "classes"),
    [
        ("cross_entropy", [0, 1, 0, 0], ("a", "b")),
        ("binary_cross_entropy", [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]], None),
        ("mean_squared_error", [[1.0, 0.0], [0.5, 2.0], [0.0, 1.0], [1.0, 4.0]], None),
    ],
)
def test_a_weight_is_how_often_a_row_is_there(
    loss: str, targets: Any, classes: tuple[str, ...] | None
) -> None:
    times = [2, 0, 1, 3]
    rows = np.repeat(np.arange(4), times)
    network = Network(2, [], 2, loss=loss, dtype="float64")
    network.params["dense_1.kernel"][:] = np.eye(2)
    encoding = TargetEncoding(network.loss, classes, 1 if classes else 2)
    model = Model(network, encoding, Preprocessing.none(number_features(2)))
    inputs, known = np.array(LOGITS), np.array(targets)
    weighted = evaluate_split(model, "test", Split(inputs, known, np.array(times, float)))
    repeated = evaluate_split(model, "test", Split(inputs[rows], known[rows]))
    assert weighted.scores == pytest.approx(repeated.scores, rel=1e-12)
    for name, scores in weighted.per_target.items():
        assert scores == pytest.approx(repeated.per_target[name], rel=1e-12)
    assert weighted.rows == 4
