"""Names and their other names."""

import pytest

from nnscratch.config.settings.base import COMPONENTS, KEY_ALIASES, NAME_ALIASES, spell_out_name


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("swish", {"name": "silu"}),
        ("MSE", {"name": "mean_squared_error"}),
        ({"name": "identity", "x": 1}, {"name": "linear", "x": 1}),
        ("relu", {"name": "relu"}),
        (3, 3),
        ({"alpha": 1}, {"alpha": 1}),
    ],
)
def test_a_name_becomes_a_mapping_of_what_it_is_called_here(given: object, meant: object) -> None:
    assert spell_out_name(given) == meant


def test_no_other_name_has_two_meanings() -> None:
    aliases = [
        alias
        for registry in {id(registry): registry for registry in COMPONENTS.values()}.values()
        for component in registry.values()
        for alias in component.aliases
    ]
    assert sorted(aliases) == sorted(NAME_ALIASES)
    assert len(set(aliases)) == len(aliases)
    assert not set(aliases) & KEY_ALIASES.keys()
