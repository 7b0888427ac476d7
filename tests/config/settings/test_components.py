"""The parts of a network in a config: `auto`, the default optimizer, and defaults of optimizers."""

import pytest

from nnscratch.config import Config
from nnscratch.nn.optimizers import OPTIMIZERS


def of(**settings: object) -> Config:
    return Config.model_validate({"dataset": "xor", **settings})


def test_settings_without_a_name_are_the_default_optimizers() -> None:
    assert of(optimizer={"beta_1": 0.5}).to_dict()["optimizer"]["name"] == "adam"


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_learning_rate_is_the_optimizers_unless_given(name: str) -> None:
    assert of(optimizer=name).learning_rate == OPTIMIZERS[name].default_learning_rate
    assert of(optimizer=name, learning_rate=0.3).learning_rate == 0.3


@pytest.mark.parametrize("key", ["output_activation", "initializer", "loss"])
def test_auto_is_a_name_where_something_decides(key: str) -> None:
    assert getattr(of(**{key: "auto"}), key).name == "auto"
    assert getattr(of(), key).name == "auto"
