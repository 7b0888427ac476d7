"""The ranges of a search: exactly one kind, the least value first."""

from typing import Any

import pytest
from pydantic import ValidationError

from nnscratch.config.settings.search import RangeSettings, SearchSettings


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"uniform": [0, 0.5]}, "uniform"),
        ({"log_uniform": [1e-4, 1]}, "log_uniform"),
        ({"integers": [-3, 3]}, "integers"),
        ({"choice": [None, [1], {"name": "sgd"}]}, "choice"),
    ],
)
def test_each_kind_knows_its_limits(settings: dict[str, Any], kind: str) -> None:
    spread = RangeSettings.model_validate(settings)
    assert spread.kind == kind
    assert spread.limits == settings[kind]


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({}, "exactly one"),
        ({"uniform": [0, 1], "choice": [1]}, "exactly one"),
        ({"uniform": [1, 0]}, "least value first"),
        ({"integers": [2, 2]}, "least value first"),
        ({"log_uniform": [0, 1]}, "above 0"),
        ({"log_uniform": [-1, 1]}, "above 0"),
        ({"choice": ["a", "b", "a"]}, "twice"),
        ({"choice": []}, "at least 1"),
        ({"uniform": [0, 1, 2]}, "at most 2"),
        ({"uniform": [0]}, "at least 2"),
        ({"integers": [0.5, 2]}, "valid integer"),
        ({"uniform": [0, float("inf")]}, "finite"),
        ({"uniform": [0, 1], "points": 0}, "greater than or equal to 1"),
        ({"uniform": ["0", 1]}, "valid number"),
    ],
)
def test_what_is_no_range_is_refused(settings: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        RangeSettings.model_validate(settings)


@pytest.mark.parametrize("many", [{"folds": 3}, {"repeat": 2}])
def test_what_is_trained_to_its_end_is_not_pruned(many: dict[str, int]) -> None:
    space = {"l1": {"choice": [0, 1]}}
    assert SearchSettings.model_validate({"space": space, **many}).prune is None
    with pytest.raises(ValidationError, match="cannot be given beside `folds` or `repeat`"):
        SearchSettings.model_validate({"space": space, "prune": "halving", **many})


def test_a_search_needs_a_space_only() -> None:
    settings = SearchSettings.model_validate({"space": {"epochs": {"integers": [1, 9]}}})
    assert (settings.sampler, settings.objective, settings.prune) == ("random", "auto", None)
    empty: list[dict[str, Any]] = [{}, {"space": {}}]
    for data in empty:
        with pytest.raises(ValidationError, match="space"):
            SearchSettings.model_validate(data)
