"""Class weights and label smoothing agree with arithmetic by hand and with scikit-learn."""

import json
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_class_weight

from nnscratch import Model, load_config, prepare
from nnscratch.errors import ConfigError
from nnscratch.experiment.experiment import Experiment
from nnscratch.nn.losses.classification import BinaryCrossEntropy, CrossEntropy
from nnscratch.training.trainer import Trainer
from tests.conftest import Command

X = [[0.0, 1.0], [1.0, 0.5], [2.0, -1.0], [0.5, 3.0], [-1.0, 1.0], [2.5, 0.0], [1.5, 2.0]]
TWO = ["a", "b", "a", "a", "a", "b", "a"]
THREE = ["a", "b", "a", "c", "c", "b", "a"]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def experiment(
    targets: Sequence[Any], *changes: str, inputs: Sequence[Sequence[float]] = X
) -> Experiment:
    rows = json.dumps({"name": "inline", "inputs": inputs, "targets": targets})
    Path("mine.yaml").write_text(f"dataset: {rows}\ndtype: float64\nbatch_size: full\n")
    return prepare(load_config("mine.yaml", changes))


def weights_of(prepared: Experiment) -> list[float] | None:
    loss = prepared.model.encoding.loss
    assert isinstance(loss, BinaryCrossEntropy | CrossEntropy)
    return None if loss.class_weight is None else list(loss.class_weight)


@pytest.mark.parametrize("targets", [TWO, THREE, [0, 1, 1, 1, 0, 1, 1], [4, 7, 4, 9, 9, 7, 4]])
def test_balanced_weights_are_those_of_scikit_learn(targets: list[Any]) -> None:
    labels = np.unique(targets)
    expected = compute_class_weight("balanced", classes=labels, y=np.array(targets))
    assert weights_of(experiment(targets, "class_weight=balanced")) == pytest.approx(expected)


def test_balanced_weights_count_only_training_rows() -> None:
    rows = [f"{i},{'rare' if i % 9 == 0 else 'common' if i % 2 else 'usual'}" for i in range(90)]
    Path("t.csv").write_text("\n".join(["x,kind", *rows]))
    Path("held.csv").write_text("\n".join(["x,kind", *["1,unheard"] * 5, *["2,rare"] * 50]))
    table = "{name: csv, path: t.csv, target: kind, validation: 0.3, test_path: held.csv}"
    Path("mine.yaml").write_text(f"dataset: {table}\nclass_weight: balanced\n")
    prepared = prepare(load_config("mine.yaml"))
    assert prepared.dataset.classes == ("common", "rare", "unheard", "usual")
    trained = prepared.dataset.splits["train"].targets
    assert len(trained) == 63
    expected = compute_class_weight("balanced", classes=np.array([0, 1, 3]), y=trained)
    given = weights_of(prepared)
    assert given
    assert [given[0], given[1], given[3]] == pytest.approx(expected)
    # A class that only held-out rows have must not spoil the figures.
    assert np.isfinite([r.scores["loss"] for r in Trainer(prepared).epochs()]).all()


@pytest.mark.parametrize(
    ("targets", "mapping", "expected"),
    [
        (TWO, "{b: 5}", [1, 5]),
        (TWO, "{b: 5, a: 0.5}", [0.5, 5]),
        (THREE, "{c: 2.5}", [1, 1, 2.5]),
        (THREE, "{a: 0, b: 1, c: 0}", [0, 1, 0]),
        ([0, 1, 1, 1, 0, 1, 1], "{1: 0.25}", [1, 0.25]),
        ([-1, 1, 1, 1, -1, 1, 1], "{-1: 3}", [3, 1]),
        ([True, False, True, True, False, False, True], "{true: 3}", [1, 3]),
        (["no", "yes", "no", "no", "no", "yes", "no"], "{yes: 3}", [1, 3]),
        (["null", "1e3", "null", "1e3", "null", "1e3", "null"], '{"null": 3}', [1, 3]),
        (["a: b", "#", "#", "#", "#", "a: b", "#"], '{"a: b": 3}', [1, 3]),
        (["name", "size", "name", "size", "name", "size", "size"], "{name: 3}", [3, 1]),
        # Numbers, however they are written.
        ([0, 1, 1, 1, 0, 1, 1], "{1.0: 2}", [1, 2]),
        ([0, 1, 1, 1, 0, 1, 1], "{'1': 2}", [1, 2]),
        (["1.0", "x", "x", "x", "1.0", "x", "x"], "{1: 2}", [2, 1]),
        (["units", "size", "units", "size", "size", "size", "size"], "{units: 3}", [1, 3]),
    ],
)
def test_classes_that_a_mapping_does_not_name_have_weight_one(
    targets: list[Any], mapping: str, expected: list[float]
) -> None:
    prepared = experiment(targets, f"class_weight={mapping}")
    assert weights_of(prepared) == expected
    Path("resolved.yaml").write_text(prepared.config.to_yaml())
    assert weights_of(prepare(load_config("resolved.yaml"))) == expected


def loss_by_hand(
    probabilities: NDArray[Any], indices: Sequence[int], weights: Sequence[float], smoothing: float
) -> float:
    """Returns −mean(w_y Σ_k q_k log p_k), q the smoothed one-hot of y, row by row."""
    total, classes = 0.0, probabilities.shape[1]
    for row, y in zip(probabilities.tolist(), indices, strict=True):
        q = [(1 - smoothing) * (k == y) + smoothing / classes for k in range(classes)]
        total -= weights[y] * sum(share * log(p) for share, p in zip(q, row, strict=True))
    return total / len(indices)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.7])
@pytest.mark.parametrize(
    ("targets", "loss", "mapping", "weights"),
    [
        (TWO, "binary_cross_entropy", "null", [1, 1]),
        (TWO, "binary_cross_entropy", "{b: 5, a: 0.5}", [0.5, 5]),
        (TWO, "cross_entropy", "{b: 5, a: 0.5}", [0.5, 5]),
        (TWO, "binary_cross_entropy", "balanced", [7 / (2 * 5), 7 / (2 * 2)]),
        (THREE, "cross_entropy", "{c: 2.5, a: 0}", [0, 1, 2.5]),
        (THREE, "cross_entropy", "balanced", [7 / (3 * 3), 7 / (3 * 2), 7 / (3 * 2)]),
    ],
)
def test_the_training_loss_is_the_one_worked_out_by_hand(
    targets: list[str], loss: str, mapping: str, weights: list[float], smoothing: float
) -> None:
    changes = [f"loss={loss}", f"class_weight={mapping}", f"label_smoothing={smoothing}"]
    # The loss is that after a step so small that it is the one before it too.
    prepared = experiment(targets, *changes, "epochs=1", "learning_rate=1e-20")
    before = prepared.model.predict_proba(X)
    indices = ["abc".index(target) for target in targets]
    expected = loss_by_hand(before, indices, weights, smoothing)
    (record,) = Trainer(prepared).epochs()
    assert record.scores["loss"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_evaluate_weights_the_loss_and_not_the_accuracy(loss: str, nnscratch: Command) -> None:
    changes = [f"loss={loss}", "class_weight={b: 5}", "label_smoothing=0.2", "learning_rate=0.05"]
    experiment(TWO)
    run = nnscratch("train", "mine.yaml", *changes, "epochs=40", "--quiet", "--no-plots").out
    model = Model.load(run.strip())
    probabilities = model.predict_proba(X)
    result = json.loads(nnscratch("evaluate", "latest", "--format", "json").out)
    indices = ["ab".index(target) for target in TWO]
    assert result["loss"] == pytest.approx(loss_by_hand(probabilities, indices, [1, 5], 0.2))
    right = [(p[1] > p[0]) == bool(y) for p, y in zip(probabilities, indices, strict=True)]
    assert result["accuracy"] == pytest.approx(sum(right) / len(right))


def test_a_weight_of_three_equals_three_copies_of_the_row() -> None:
    # The mean is then over more rows, so the same step takes a rate larger by their ratio.
    weighted = experiment(THREE, "class_weight={b: 3}", *["optimizer=sgd", "learning_rate=0.2"])
    doubled = [(x, y) for x, y in zip(X, THREE, strict=True) for _ in range(3 if y == "b" else 1)]
    rate = f"learning_rate={0.2 * len(doubled) / len(X)}"
    inputs, targets = zip(*doubled, strict=True)
    repeated = experiment(targets, "optimizer=sgd", rate, inputs=inputs)
    assert len(list(Trainer(weighted).epochs())) == len(list(Trainer(repeated).epochs())) == 20
    np.testing.assert_allclose(
        weighted.model.network.weights, repeated.model.network.weights, rtol=1e-10, atol=1e-13
    )


@pytest.mark.parametrize("class_weight", ["balanced", {"a": 0.5, "b": 4.0}])
def test_the_optimum_is_that_of_a_weighted_logistic_regression(class_weight: Any) -> None:
    # scikit-learn minimizes C Σ w l + ‖w‖² / 2, which is C n times mean(w l) + ‖w‖² / (2 C n).
    strength = 2.0
    theirs = LogisticRegression(
        C=strength, class_weight=class_weight, tol=1e-10, solver="newton-cholesky"
    )
    theirs.fit(X, TWO)
    given = class_weight if class_weight == "balanced" else "{a: 0.5, b: 4.0}"
    ours = experiment(
        TWO,
        *("architecture=[]", "optimizer=lbfgs", "epochs=200", f"class_weight={given}"),
        f"l2={1 / (2 * strength * len(X))}",
    )
    assert list(Trainer(ours).epochs())
    np.testing.assert_allclose(
        ours.model.predict_proba(X), theirs.predict_proba(X), rtol=5e-4, atol=1e-5
    )


def test_smoothing_moves_the_optimum_to_the_smoothed_shares() -> None:
    # With nothing but a bias to learn, p is the mean of the smoothed targets.
    prepared = experiment(
        THREE,
        *("architecture=[]", "optimizer=lbfgs", "epochs=100", "label_smoothing=0.3"),
        inputs=[[0.0]] * len(THREE),
    )
    assert list(Trainer(prepared).epochs())
    expected = [0.7 * count / 7 + 0.3 / 3 for count in (3, 2, 2)]
    assert prepared.model.predict_proba([[0.0]])[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("targets", "change", "fragment"),
    [
        (THREE, "class_weight={d: 1, e: 2}", "names d; the classes are a, b, c"),
        (THREE, "class_weight={A: 1}", "names A; the classes are a, b, c"),
        ([0, 1, 1, 1, 0, 1, 1], "class_weight={1.5: 2}", "names 1.5; the classes are 0, 1"),
        ([0, 1, 1, 1, 0, 1, 1], "class_weight={1: 2, 1.0: 3}", "one class twice: 1 and 1.0"),
        (THREE, "class_weight={a: 0, b: 0, c: 0}", "every class the weight 0"),
        ([0.5, 1.5, 2.5, 3, 4, 5, 6.0], "class_weight={0.5: 2}", "mean_squared_error"),
        ([[0, 1]] * 7, "class_weight=balanced", "mean_squared_error"),
    ],
)
def test_weights_of_unknown_classes_are_refused(
    targets: list[Any], change: str, fragment: str
) -> None:
    with pytest.raises(ConfigError, match="class_weight") as caught:
        experiment(targets, change)
    assert fragment in str(caught.value)


def test_class_weights_of_several_labels_are_refused_as_such() -> None:
    with pytest.raises(ConfigError, match="class_weight") as caught:
        experiment([[0, 1], [1, 0]] * 3 + [[1, 1]], "loss=bce", "class_weight=balanced")
    assert "the targets are numbers" not in str(caught.value)
    assert "label" in str(caught.value)


@pytest.mark.parametrize("key", ["2.0", "2", '"2"', '"2.0"'])
def test_a_class_of_a_table_is_named_as_the_file_writes_it(key: str) -> None:
    rows = [f"{i},{1 + i % 2}.0" for i in range(20)]
    Path("t.csv").write_text("\n".join(["x,kind", *rows]))
    Path("mine.yaml").write_text(
        f"dataset: {{name: csv, path: t.csv, target: kind}}\nclass_weight: {{{key}: 3}}\n"
    )
    assert weights_of(prepare(load_config("mine.yaml"))) == [1, 3]
