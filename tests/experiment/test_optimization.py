"""What a config says of each step, against the same parts made by hand."""

import json
from pathlib import Path

from nnscratch.config import Config, load
from nnscratch.experiment.optimization import build_optimizer, build_penalty, build_rate_factors
from nnscratch.nn.optimizers.first_order import SGD
from nnscratch.nn.training.penalties import Penalty
from nnscratch.nn.training.rate_factors import RateFactors


def config_of(folder: Path, **settings: object) -> Config:
    path = folder / "c.yaml"
    path.write_text(json.dumps({"dataset": "xor", **settings}))
    return load(path)


def test_each_part_has_the_settings_of_the_config(tmp_path: Path) -> None:
    optimizer = {"name": "sgd", "momentum": 0.9}
    factors = {"fan_in": True, "bias": 0.1}
    config = config_of(tmp_path, optimizer=optimizer, l1=0.1, l2=0.2, rate_factors=factors)
    built = build_optimizer(config)
    assert isinstance(built, SGD)
    assert built.momentum == 0.9
    assert build_optimizer(config) is not built
    assert build_penalty(config) == Penalty(l1=0.1, l2=0.2)
    assert build_rate_factors(config) == RateFactors(fan_in=True, bias=0.1)


def test_without_settings_there_is_no_penalty_and_no_factor(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    assert not build_penalty(config)
    assert build_rate_factors(config) is None
