"""`nnscratch schema`: what ships with the package is what it prints."""

import json

from tests.conftest import ROOT, Command


def test_json_is_the_schema_that_ships(nnscratch: Command) -> None:
    result = nnscratch("schema")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == json.loads((ROOT / "configs" / "schema.json").read_text())


def test_markdown_is_the_reference_in_docs(nnscratch: Command) -> None:
    result = nnscratch("schema", "--format", "markdown")
    assert (result.code, result.out) == (0, (ROOT / "docs" / "config.md").read_text())
