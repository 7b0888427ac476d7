"""Each sampler by its name, and what is missing by the command that installs it."""

import pytest

from nnscratch.config.settings.search import RangeSettings, SearchSettings
from nnscratch.errors import UsageError
from nnscratch.search import samplers
from nnscratch.search.space import Space

SPACE = Space({"epochs": RangeSettings(integers=[1, 9])})


@pytest.mark.parametrize("name", ["random", "grid", "sobol"])
def test_each_name_has_its_sampler(name: str) -> None:
    chosen = samplers.create_sampler(name, SPACE, 0)
    assert type(chosen).__name__.lower() == f"{name}sampler"
    settings = SearchSettings.model_validate({"sampler": name, "space": {"l1": {"choice": [0]}}})
    assert settings.sampler == name


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samplers, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install .nnscratch\[search\]"):
        samplers.create_sampler("tpe", SPACE, 0)
