"""The names that `import nnscratch` offers exist, are documented, and do what README shows."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

import nnscratch
from nnscratch import (
    Adam,
    EarlyStopping,
    KeepBest,
    Model,
    Network,
    fit,
    load_config,
    prepare,
    train,
)
from tests.conftest import ROOT


def test_all_names_resolve_and_are_listed() -> None:
    for name in nnscratch.__all__:
        assert getattr(nnscratch, name) is not None
        assert name in dir(nnscratch)


@pytest.mark.parametrize("name", nnscratch.__all__)
def test_every_public_name_and_method_has_a_docstring(name: str) -> None:
    thing = getattr(nnscratch, name)
    assert inspect.getdoc(thing)
    if inspect.isclass(thing):
        methods = inspect.getmembers(thing, callable)
        for method, function in methods:
            if not method.startswith("_"):
                assert inspect.getdoc(function), f"{name}.{method}"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Netwrok'"):
        nnscratch.Netwrok  # noqa: B018 - the point is the error


def test_type_checkers_are_told_the_same_names() -> None:
    (block,) = [n for n in ast.parse(inspect.getsource(nnscratch)).body if isinstance(n, ast.If)]
    imported = {a.asname for n in block.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert imported - {None} | {"load_config"} == {*nnscratch.__all__}


def test_a_config_is_trained_in_one_line(tmp_path: Path) -> None:
    experiment = prepare(load_config(ROOT / "configs/xor.yaml"))
    run = train(experiment, tmp_path / "runs").path
    assert Model.load(run).predict([[0, 1], [1, 1]]).tolist() == [1, 0]


def test_fit_stops_early_and_ends_with_the_best_weights_without_any_config() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(60, 3))
    y = random.integers(0, 2, size=(60, 1)).astype(float)  # noise, so it soon overfits
    validation = (random.normal(size=(30, 3)), random.integers(0, 2, size=(30, 1)).astype(float))
    network = Network(3, [16], 1, loss="binary_cross_entropy")
    kept = KeepBest("val_loss")
    losses = []
    weights = []
    for record in fit(
        network,
        x,
        y,
        optimizer=Adam(),
        learning_rate=0.05,
        epochs=200,
        validation=validation,
        early_stopping=EarlyStopping(patience=3),
        keep_best=kept,
    ):
        losses.append(record.scores["val_loss"])
        weights.append(network.weights.copy())
    best = int(np.argmin(losses))
    assert kept.record is not None
    assert kept.record.epoch == best + 1
    assert len(losses) == best + 1 + 3 < 200
    assert network.weights.tobytes() == weights[best].tobytes() != weights[-1].tobytes()
