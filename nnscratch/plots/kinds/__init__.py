"""The kinds of plots, one file each, found by their file names and imported when they are drawn.

A file's first line says what the plot shows; its `KIND` says everything else.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnscratch.plots.kind import PlotKind


def kind_names() -> list[str]:
    """Returns the names of all kinds, in alphabetical order."""
    return [module.name for module in iter_modules(__path__)]


def load_kind(name: str) -> "PlotKind":
    """Returns the kind of a name from `kind_names`."""
    kind: PlotKind = import_module(f"{__name__}.{name}").KIND
    return kind


def describe_kind(name: str) -> str:
    """Returns what a kind shows, the first line of its file, without importing it."""
    import ast

    source = Path(__path__[0], f"{name}.py").read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(source)) or ""
    return docstring.partition("\n")[0].removesuffix(".")
