"""The keys of a run: the word of a preset in its short and its long form."""

import pytest
from pydantic import ValidationError

from nnscratch.config import Config
from nnscratch.config.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_word_is_short_for_a_preset(name: str) -> None:
    short = Config.model_validate({"dataset": "iris", "preset": name})
    long = Config.model_validate({"dataset": "iris", "preset": {"name": name, "applied": False}})
    assert short == long
    assert short.preset is not None
    assert not short.preset.applied


@pytest.mark.parametrize("word", ["tables", 1, {"applied": True}, {"name": "tabular", "of": 2}])
def test_what_is_no_preset_is_refused(word: object) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate({"dataset": "iris", "preset": word})
