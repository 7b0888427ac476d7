"""scikit-learn's own tests of its multi-layer perceptrons, with ours in the place of theirs.

They are loaded from the installed package; what they import by the names of its estimators is ours.
"""

import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from types import ModuleType
from unittest import mock

import pytest

from nnscratch.estimators import MLPClassifier, MLPRegressor

PRIVATE = {
    "test_gradient": "computes with _loss_grad_lbfgs, the function that it gives to scipy",
    "test_learning_rate_warmstart": "reads _optimizer.learning_rate",
    "test_adaptive_learning_rate": "reads _optimizer.learning_rate",
}
# Their suite does not take warnings for errors.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


def load_their_tests() -> dict[str, object]:
    found = find_spec("sklearn.neural_network.tests.test_mlp")
    assert found is not None
    assert found.origin is not None
    spec = spec_from_file_location("their_tests", found.origin)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    ours = ModuleType("sklearn.neural_network")
    vars(ours).update(MLPClassifier=MLPClassifier, MLPRegressor=MLPRegressor)
    with mock.patch.dict(sys.modules, {"sklearn.neural_network": ours}):
        spec.loader.exec_module(module)
    return {name: value for name, value in vars(module).items() if name.startswith("test_")}


@pytest.fixture
def global_random_seed() -> int:
    return 42


THEIRS = load_their_tests()
globals().update({name: test for name, test in THEIRS.items() if name not in PRIVATE})


def test_only_those_that_reach_into_private_names_are_left_out() -> None:
    assert len(THEIRS) == 43
    assert set(PRIVATE) <= set(THEIRS)
