"""The JSON file: it fits its schema, and an interpreter of the documentation predicts alike."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

import nnscratch.export
from nnscratch.errors import NNScratchError
from nnscratch.export import json_format
from nnscratch.export.json_format import as_bytes, describe
from nnscratch.export.subject import Subject
from tests.export.models import IMPORTANT, MODELS, build
from tests.export.test_json_values import unpack

FOLDER = Path(nnscratch.export.__file__).parent
SCHEMA = json.loads((FOLDER / "json_schema.json").read_text())


def exported(name: str) -> Any:
    return json.loads(json_format.write(Subject.of(MODELS[name](), name)).files[".json"])


@pytest.mark.parametrize("name", IMPORTANT)
def test_a_file_fits_its_schema(name: str) -> None:
    jsonschema.validate(exported(name), SCHEMA)


def test_the_schema_refuses_what_is_no_export() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    known = exported("people")
    changes: list[Any] = [
        {"version": 2},
        {"operations": [{}]},
        {"columns": [{"name": "x"}]},
        {"y": 1},
    ]
    for change in changes:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**known, **change}, SCHEMA)


def test_weights_are_exact_and_in_the_order_of_the_operations() -> None:
    model = MODELS["wide"]()
    content = exported("wide")
    kinds = [each["operation"] for each in content["operations"]]
    assert kinds[:4] == ["ReadColumns", "Cast", "Dense", "Activate"]
    kernels = [unpack(each["kernel"]) for each in content["operations"] if "kernel" in each]
    for number, kernel in enumerate(kernels, start=1):
        expected = model.members[0].network.params[f"dense_{number}.kernel"]
        np.testing.assert_array_equal(kernel, expected)


def test_names_come_through_whatever_they_hold() -> None:
    model = MODELS["hostile"]()
    content = exported("hostile")
    assert [each["name"] for each in content["columns"]] == [f.name for f in model.features]
    assert content["answer"]["names"] == list(model.encoding.classes or ())


def test_half_a_character_is_written_as_an_escape() -> None:
    text = as_bytes({"name": "a\ud800b", "list": [{"x": 1}, {"y": [2]}]})
    assert json.loads(text) == {"name": "a\ud800b", "list": [{"x": 1}, {"y": [2]}]}


def test_a_network_that_is_too_large_is_named_with_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_format, "MOST_NUMBERS", 50)
    with pytest.raises(
        NNScratchError, match="the network has 57 numbers, too many for JSON, which"
    ):
        describe(Subject.of(build()))
