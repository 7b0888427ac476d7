"""Parameters as a config and back; what a config says is what an estimator then does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.config import load
from nnscratch.errors import ConfigError
from nnscratch.estimators import MLPClassifier, MLPRegressor
from nnscratch.estimators.configs import parameters_of, to_yaml

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"solver": "sgd", "momentum": 0.0, "batch_size": 16, "alpha": 1.0, "random_state": 3},
        {"solver": "lbfgs", "activation": "identity"},
        {"solver": {"name": "adamw", "weight_decay": 0.1}, "schedule": "cosine", "average": 0.9},
        {
            "hidden_layer_sizes": [{"units": 5, "activation": "tanh", "dropout": 0.1}, 7],
            "activation": {"name": "leaky_relu", "negative_slope": 0.2},
            "batch_norm": {"momentum": 0.8},
            "initializer": "he_normal",
            "l1": 1e-3,
            "clip_norm": 1.0,
            "max_norm": 3.0,
            "use_bias": False,
            "n_iter_no_change": float("inf"),
        },
    ],
)
def test_a_config_comes_back_as_the_same_config(
    kind: Any, settings: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "mine.yaml"
    settings = {"random_state": 42, **settings}
    text = kind(**settings).to_config({"name": "inline", "inputs": [[1.0]], "targets": [1.0]})
    path.write_text(text)
    again = kind.from_config(path)
    assert again.to_config({"name": "inline", "inputs": [[1.0]], "targets": [1.0]}) == text


def test_the_penalty_is_that_of_a_batch() -> None:
    assert "l2: 0.0025\n" in MLPClassifier(alpha=0.1, batch_size=20).to_config()
    assert "l2: 0.00025\n" in MLPClassifier(alpha=0.1).to_config()


def test_without_data_it_is_a_part_of_a_config(tmp_path: Path) -> None:
    text = MLPClassifier((5,), random_state=3, class_weight={"a": 2}).to_config()
    assert "dataset" not in text
    (tmp_path / "data.yaml").write_text("dataset: {name: iris}\n")
    (tmp_path / "net.yaml").write_text(text.replace("class_weight: {a: 2.0}\n", ""))
    config = load(tmp_path / "data.yaml", [str(tmp_path / "net.yaml")])
    assert config.architecture[0].units == 5
    assert config.seed == 3


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_shipped_config_makes_an_estimator(path: Path) -> None:
    config = load(path, find_files=False)
    is_number = config.loss.name in ("mean_squared_error", "huber", "log_cosh")
    kind: Any = MLPRegressor if is_number else MLPClassifier
    estimator = kind.from_config(path)
    assert estimator.max_iter == config.epochs
    assert parameters_of(config)["random_state"] == estimator.random_state


def test_what_a_config_cannot_say_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="learning_rate='adaptive' has no counterpart"):
        to_yaml(MLPClassifier(solver="sgd", learning_rate="adaptive"))
    wrong = MLPClassifier(activation={"name": "leaky_relu", "slope": 0.2})
    with pytest.raises(ValueError, match=r"`activation\.leaky_relu\.slope` cannot be in a config"):
        wrong.to_config()
    with pytest.raises(ValueError, match="The 'dropout' parameter"):
        MLPClassifier(dropout=2).to_config()
    (tmp_path / "bad.yaml").write_text("dataset: {name: iris}\nepoch: 3\n")
    with pytest.raises(ConfigError, match="did you mean"):
        MLPClassifier.from_config(tmp_path / "bad.yaml")


def test_what_an_estimator_cannot_say_is_refused() -> None:
    path = CONFIGS / "iris.yaml"
    with pytest.raises(ValueError, match=r"`numeric_embedding`, .*; `preset` tabular sets them"):
        MLPClassifier.from_config(path, ["preset=tabular"])
    with pytest.raises(ValueError, match=r"no counterpart of `ensemble`$"):
        MLPClassifier.from_config(path, ["ensemble=5"])
    with pytest.raises(ValueError, match=r"no counterpart of `calibrate`$"):
        MLPClassifier.from_config(path, ["calibrate=auto"])


def test_the_automatic_activation_is_that_of_the_estimators_task() -> None:
    change = ["activation=auto"]
    assert MLPClassifier.from_config(CONFIGS / "iris.yaml", change).activation == "selu"
    assert MLPRegressor.from_config(CONFIGS / "diabetes.yaml", change).activation == "mish"


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_an_estimator_of_a_config_learns(iris: tuple[np.ndarray, np.ndarray]) -> None:
    estimator = MLPClassifier.from_config(CONFIGS / "iris.yaml", ["epochs=30"]).fit(*iris)
    assert estimator.n_iter_ == 30
    assert estimator.score(*iris) > 0.95
