"""`nnscratch schema`: what ships with the package is what it prints."""

import json
from pathlib import Path

from tests.conftest import ROOT, Command


def test_json_is_the_schema_that_ships(nnscratch: Command) -> None:
    result = nnscratch("schema")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == json.loads((ROOT / "configs" / "schema.json").read_text())


def test_markdown_is_the_reference_in_docs(nnscratch: Command) -> None:
    result = nnscratch("schema", "--format", "markdown")
    assert (result.code, result.out) == (0, (ROOT / "docs" / "config.md").read_text())


def test_a_new_file_gets_the_same_and_an_old_one_stays(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("schema", "-o", "new.json")
    assert (result.code, result.out, result.err) == (0, "", "wrote new.json\n")
    assert Path("new.json").read_bytes() == nnscratch("schema").out.encode()
    Path("new.json").write_text("mine")
    again = nnscratch("schema", "--output", "new.json")
    assert (again.code, Path("new.json").read_text()) == (2, "mine")
