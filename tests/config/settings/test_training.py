"""Short forms of what goes on during training."""

import pytest

from nnscratch.config import Config
from nnscratch.nn.training.schedules import MONITORED


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
