"""Short forms of hidden layers and of what goes on during training."""

import pytest
from pydantic import ValidationError

from nnscratch.config import Config
from nnscratch.nn.metrics import MONITORED


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


def of(**settings: object) -> Config:
    return Config.model_validate({"dataset": "xor", **settings})


@pytest.mark.parametrize(
    ("key", "number", "part"), [("early_stopping", 3, "patience"), ("average", 0.5, "decay")]
)
def test_a_number_is_short_for_a_mapping(key: str, number: float, part: str) -> None:
    assert of(**{key: number}) == of(**{key: {part: number}})


@pytest.mark.parametrize("monitor", MONITORED)
def test_whatever_a_schedule_can_watch_can_stop_training(monitor: str) -> None:
    config = of(
        early_stopping={"monitor": monitor},
        schedule={"name": "reduce_on_plateau", "monitor": monitor},
    )
    assert config.early_stopping is not None
    assert config.early_stopping.monitor == monitor
