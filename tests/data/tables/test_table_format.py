"""How a table is written goes into a file and comes out again."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnscratch.data.tables import Layout, Notation, TableFormat

texts = st.lists(st.text(max_size=5), max_size=4).map(tuple)
formats = st.builds(
    TableFormat,
    st.builds(Layout, st.none() | st.text(max_size=3), st.none() | st.text(), st.booleans(), texts),
    st.builds(Notation, texts, st.sampled_from(".,"), st.none() | st.sampled_from(",. '"), texts),
)


@settings(deadline=None)
@given(formats)
def test_what_json_has_kept_is_the_same(form: TableFormat) -> None:
    assert TableFormat.from_json(json.loads(json.dumps(form.to_json()))) == form


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("layout", {"header": None}),
        ("layout", {"header": "yes"}),
        ("layout", {"header": 1}),
        ("layout", {"separator": 5}),
        ("layout", {"names": "ab"}),
        ("layout", {"names": [1, 2]}),
        ("layout", {"names": None}),
        ("layout", {"colour": "red"}),
        ("notation", {"decimal": None}),
        ("notation", {"decimal": ["."]}),
        ("notation", {"strip": None}),
        ("notation", {"thousands": True}),
        ("notation", {"is_plain": True}),
        ("notation", {"to_number": "x"}),
    ],
)
def test_a_value_of_another_kind_is_refused(part: str, change: dict[str, Any]) -> None:
    values = json.loads(json.dumps(TableFormat().to_json()))
    values[part] |= change
    with pytest.raises(TypeError):
        TableFormat.from_json(values)


def test_a_part_that_is_missing_or_no_part_is_refused() -> None:
    with pytest.raises(KeyError):
        TableFormat.from_json({"layout": {}})
    with pytest.raises(AttributeError):
        TableFormat.from_json({"layout": [], "notation": {}})
    assert TableFormat.from_json({"layout": {}, "notation": {}}) == TableFormat()
