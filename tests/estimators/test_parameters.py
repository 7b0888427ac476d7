"""The parameters: scikit-learn's names, defaults and order first."""

import inspect
from typing import Any

import pytest
from sklearn import neural_network as theirs

from nnscratch import estimators as ours


@pytest.mark.parametrize("name", ["MLPClassifier", "MLPRegressor"])
def test_names_defaults_and_order_are_theirs(name: str) -> None:
    expected = inspect.signature(getattr(theirs, name)).parameters
    got = inspect.signature(getattr(ours, name)).parameters
    assert [got[key] for key in expected if key in got] == [
        parameter.replace(annotation=got[key].annotation) for key, parameter in expected.items()
    ]
    shared = [key for key in got if key in expected]
    assert shared == list(expected)


@pytest.mark.parametrize("kind", [ours.MLPClassifier, ours.MLPRegressor])
def test_each_parameter_has_a_rule_and_a_default_that_obeys_it(kind: Any) -> None:
    estimator = kind()
    rules = kind._parameter_constraints  # noqa: SLF001 - where scikit-learn looks for them
    assert set(estimator.get_params()) <= set(rules)
    estimator._validate_params()  # noqa: SLF001 - as scikit-learn calls it


def test_what_is_set_is_got() -> None:
    layers = [{"units": 3, "activation": "selu"}]
    estimator = ours.MLPClassifier().set_params(hidden_layer_sizes=layers, dropout=0.5)
    assert estimator.get_params()["hidden_layer_sizes"] is layers
    assert repr(estimator).startswith("MLPClassifier(dropout=0.5,")
    with pytest.raises(ValueError, match="Invalid parameter 'class_weight'"):
        ours.MLPRegressor().set_params(class_weight="balanced")
