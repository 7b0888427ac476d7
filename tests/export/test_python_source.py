"""An exported file gets the functions that it needs, and no others."""

import ast

from nnscratch.export.python_source import choose_source


def test_what_is_needed_comes_with_what_it_needs() -> None:
    imports, text = choose_source({"softmax", "check_finite"})
    defined = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert defined == ["softmax", "check_finite"]
    assert "class RowError(ValueError):" in text
    assert "Numbers = list[float]" in text
    assert imports == "import math"


def test_nothing_of_nnscratch_is_imported() -> None:
    imports, text = choose_source({"read_row", "print_predictions", "read_table", "unpack"})
    assert "nnscratch" not in imports + text
    assert "import base64" in imports
    assert "@cache\ndef category_codes" in text
    exec(compile(f"{imports}\n\n{text}", "runtime", "exec"), {"__name__": "runtime"})  # noqa: S102 - our own text
