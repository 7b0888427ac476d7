"""The keys of the network: what goes in before the first layer, in its short and long forms."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from nnscratch import load_config
from nnscratch.config import Config
from nnscratch.errors import ConfigError


def of(**settings: object) -> Config:
    return Config.model_validate({"dataset": "iris", **settings})


def test_true_is_short_for_an_embedding_with_its_defaults() -> None:
    config = of(numeric_embedding=True)
    assert config == of(numeric_embedding={})
    waves = {"waves": 16, "size": 3, "sigma": 0.1}
    assert config.to_dict()["numeric_embedding"] == {"name": "waves", **waves}
    assert config == of(numeric_embedding="waves") == of(numeric_embedding=waves)
    assert of().to_dict()["numeric_embedding"] is False


@pytest.mark.parametrize("given", ["foo", "yes", "1"])
def test_true_is_among_what_an_embedding_can_be(given: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(f"dataset: xor\nnumeric_embedding: {given}\n")
    with pytest.raises(ConfigError, match=r"`numeric_embedding` must be .* or true or false; got"):
        load_config(tmp_path / "c.yaml")


def test_an_embedding_has_a_name_and_settings() -> None:
    pieces = of(numeric_embedding="piecewise_linear")
    assert pieces == of(numeric_embedding={"name": "piecewise_linear", "bins": 16})
    assert pieces.to_dict()["numeric_embedding"] == {"name": "piecewise_linear", "bins": 16}
    assert pieces.settings()["numeric_embedding"] == "piecewise_linear"
    assert pieces.settings()["numeric_embedding.bins"] == 16


@pytest.mark.parametrize(
    "settings",
    [
        {"numeric_embedding": "wave"},
        {"numeric_embedding": {"name": "wave"}},
        {"numeric_embedding": {"name": "piecewise_linear", "bins": 1}},
        {"numeric_embedding": {"name": "piecewise_linear", "bins": 257}},
        {"numeric_embedding": {"name": "piecewise_linear", "bins": 3.0}},
        {"numeric_embedding": {"name": "piecewise_linear", "waves": 3}},
        {"numeric_embedding": {"name": "piecewise_linear", "edges": [[0.0, 1.0]]}},
        {"numeric_embedding": {"bins": 3}},
        {"numeric_embedding": None},
        {"optimizer": True},
        {"numeric_embedding": {"waves": 0}},
        {"numeric_embedding": {"size": 2.5}},
        {"numeric_embedding": {"sigma": 0}},
        {"numeric_embedding": {"length": 1}},
        {"numeric_embedding": 3},
        {"input_scale": 2},
        {"rate_factors": {"bias": -1}},
        {"rate_factors": {"bias": float("nan")}},
        {"rate_factors": {"fan_in": 3}},
        {"rate_factors": {"weights": 1}},
        {"rate_factors": True},
    ],
)
def test_what_cannot_be_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        of(**settings)
