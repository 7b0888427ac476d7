"""A hidden layer in a config: its short form, and what it takes from the config."""

import pytest
from pydantic import ValidationError

from nnscratch.config import Config


def layer(value: object) -> object:
    return Config.model_validate({"dataset": "xor", "architecture": [value]}).architecture[0]


def test_a_number_is_short_for_the_units() -> None:
    assert layer(3) == layer({"units": 3})


def test_true_is_short_for_a_normalization_with_its_defaults() -> None:
    assert layer({"units": 3, "batch_norm": True}) == layer({"units": 3, "batch_norm": {}})


@pytest.mark.parametrize("value", [0, True, "3", {"units": 3, "dropout": 1.0}, {"activation": "x"}])
def test_what_is_no_layer_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        layer(value)
