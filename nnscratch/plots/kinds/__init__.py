"""The kinds of plots, one file each, found by their file names and imported when they are drawn.

A file's first line says what the plot shows; its `KIND` says everything else.
"""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnscratch.plots.kind import PlotKind

_FOLDER = Path(__file__).parent


def kind_names() -> list[str]:
    """Returns the names of all kinds, in alphabetical order."""
    files = [path for path in _FOLDER.iterdir() if path.suffix == ".py"]
    return sorted(path.stem for path in files if not path.stem.startswith("_"))


def load_kind(name: str) -> "PlotKind":
    """Returns the kind of a name from `kind_names`."""
    kind: PlotKind = import_module(f"{__name__}.{name}").KIND
    return kind


def describe_kind(name: str) -> str:
    """Returns what a kind shows, the first line of its file, without importing it."""
    import ast

    docstring = ast.get_docstring(ast.parse((_FOLDER / f"{name}.py").read_text("utf-8"))) or ""
    return docstring.partition("\n")[0].removesuffix(".")
