"""The functions that an exported Python file needs, as the text of python_runtime and _reading."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FILES = tuple(Path(__file__).with_name(f"python_{name}.py") for name in ("runtime", "reading"))


def choose_source(names: Iterable[str]) -> tuple[str, str]:
    """Returns the imports and the definitions that some names of the runtime need.

    Args:
        names: What is used: functions, classes and types of the runtime, and modules.
    """
    definitions, imports = _read()
    wanted: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name in wanted:
            continue
        wanted.add(name)
        if name in definitions:
            left += definitions[name][1]
    chosen = [text for name, (text, _) in definitions.items() if name in wanted]
    lines = {_import_line(each, wanted) for each in imports} - {""}
    return "\n".join(sorted(lines)), "\n\n\n".join(chosen)


@cache
def _read() -> tuple[dict[str, tuple[str, set[str]]], list[ast.Import | ast.ImportFrom]]:
    """Returns the text of each definition with the names in it, and the imports."""
    definitions: dict[str, tuple[str, set[str]]] = {}
    imports: list[ast.Import | ast.ImportFrom] = []
    for file in _FILES:
        source = file.read_text("utf-8")
        lines = source.splitlines()
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports.append(node)
            elif name := _name_of(node):
                decorators = getattr(node, "decorator_list", [])
                first = min(each.lineno for each in (node, *decorators))
                inside = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                definitions[name] = "\n".join(lines[first - 1 : node.end_lineno]), inside
    return definitions, imports


def _name_of(node: ast.stmt) -> str:
    """Returns the name that a statement defines, if any."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _import_line(node: ast.Import | ast.ImportFrom, wanted: set[str]) -> str:
    """Returns an import with those of its names that are wanted; nothing if there are none."""
    names = [each for each in node.names if each.name in wanted]
    is_own = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnscratch")
    if is_own or not names:
        return ""
    kept = type(node)(**{**dict(ast.iter_fields(node)), "names": names})
    return ast.unparse(kept)
