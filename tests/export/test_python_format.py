"""The Python file: what it holds, what it refuses, and that no name of others runs in it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from nnscratch.errors import NNScratchError
from nnscratch.export import python_format
from nnscratch.export.python_format import write
from nnscratch.export.python_text import about
from nnscratch.export.subject import Subject
from tests.export.models import HOSTILE, MODELS, build


def text_of(subject: Subject) -> str:
    return write(subject).files[".py"].decode()


def test_steps_are_those_of_the_operations() -> None:
    text = text_of(Subject.of(MODELS["people"]()))
    (compute,) = (
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name == "compute"
    )
    calls = [
        n.func.id
        for n in ast.walk(compute)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    ]
    order = [name for name in calls if name in ("read_row", "flag_missing", "impute", "scale",
             "encode_categories", "cast", "dense", "softmax", "check_finite")]  # fmt: skip
    assert order == ["read_row", "flag_missing", "impute", "scale", "encode_categories", "cast",
                     "dense", "dense", "softmax", "check_finite"]  # fmt: skip


def test_no_name_leaves_its_place() -> None:
    model = MODELS["hostile"]()
    plain = ast.parse(text_of(Subject.of(model, "plain")))
    names = "".join(HOSTILE)
    tree = ast.parse(text_of(Subject.of(model, names)))
    # The docstring alone differs, and only in harmless characters.
    assert [ast.dump(node) for node in tree.body[1:]] == [ast.dump(n) for n in plain.body[1:]]
    for name in HOSTILE:
        docstring = about(Subject.of(build(), name))
        assert docstring.isascii()
        assert not {'"', "\\", "'"} & set(docstring)


@pytest.mark.slow  # mypy takes seconds
def test_the_file_has_types(tmp_path: Path) -> None:
    for name in ("people", "labels", "log1p", "hinge", "large-picture"):
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(text_of(Subject.of(MODELS[name]())))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.11", "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_a_network_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_format, "MOST_NUMBERS", 50)
    with pytest.raises(NNScratchError, match="too many for Python"):
        write(Subject.of(build()))
