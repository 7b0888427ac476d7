"""The presets: every value is one that a config may have, and has its reason."""

import pytest

from nnscratch.config import Config
from nnscratch.config.contradictions import find_contradictions
from nnscratch.config.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_every_value_is_valid_and_says_why(name: str) -> None:
    preset = PRESETS[name]
    config = Config.model_validate({"dataset": "iris", **preset.values})
    assert not list(find_contradictions(config))
    assert preset.values.keys() == preset.reasons.keys()
    assert preset.values.keys() <= Config.model_fields.keys()
    assert all(0 < len(reason) < 80 for reason in preset.reasons.values())
    assert preset.summary.endswith(".")


def test_no_two_presets_are_the_same() -> None:
    values = [preset.values for preset in PRESETS.values()]
    assert all(a != b for i, a in enumerate(values) for b in values[:i])
