"""Configs to start from: the shipped ones, or one written for a table as it is found."""

import os
from pathlib import Path
from textwrap import shorten

from nnscratch.config.yaml import dump_inline
from nnscratch.data.survey import Column, Survey, survey
from nnscratch.errors import UsageError
from nnscratch.wording import plural, some, some_names

# What people look for, and the shipped config that shows it.
_OTHER_NAMES = {"regression": "diabetes"}
_TABLE = "csv"
_EDITOR = "# yaml-language-server: "
# More columns than this are easier to take all of than to choose from.
_LISTED = 40
_SMALL = 5000
_TITLE = 60


def templates() -> dict[str, Path]:
    """Returns the shipped configs by name."""
    package = Path(__file__).parent
    # In a clone they stand beside the package.
    folder = next(f for f in (package / "templates", package.parent / "configs") if f.is_dir())
    found = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    return found | {name: found[other] for name, other in _OTHER_NAMES.items()}


def title(template: Path) -> str:
    """Returns what a template's first comment says that it is, on a short line."""
    first = _without_editor_line(template.read_text("utf-8")).partition("\n")[0]
    return shorten(first.lstrip("# "), _TITLE, placeholder=" …")


def from_template(name: str) -> str:
    """Returns the text of a template.

    Raises:
        UsageError: There is none of that name, or it needs a table.
    """
    known = templates()
    if name == _TABLE:
        raise UsageError("csv needs your table: nnscratch init csv data.csv --target price")
    if name not in known:
        raise UsageError(f"{name!r} is no template; there are {some_names(list(known))}")
    return _without_editor_line(known[name].read_text("utf-8"))


def from_table(table: Path, output: Path, target: str | None = None) -> str:
    """Returns a config for a table, with what was found in its columns as comments.

    Args:
        table: The CSV file.
        output: Where the config will stand, from where it names the table.
        target: The column to predict; the last one unless given.

    Raises:
        DataError: The table cannot be read or learnt from.
        UsageError: There is no such target.
    """
    found = survey(str(table), target)
    rows = len(found.dataset.splits["train"])
    usable = [column for column in found.columns if column.usable]
    classes = found.dataset.classes
    task = "numbers" if classes is None else "classes"
    about = "numbers" if classes is None else f"{len(classes)} classes: {some(classes)}"
    guess = "" if target else ", the last column; name another if it is not the one"
    lines = [
        f"# {table.name}: {plural(rows, 'row')}, {plural(len(usable), 'column')} to predict from.",
        "dataset:",
        f"  name: {_TABLE}",
        f"  path: {dump_inline(Path(os.path.relpath(table, output.parent)).as_posix())}",
        f"  target: {dump_inline(found.target)}  # {about}{guess}",
        f"  task: {task}",
        *_columns(found.columns),
        *_holes(found),
        f"  scaling: {'minmax' if found.dataset.image else 'standardize'}",
        "  test: 0.2  # rows held out to judge the result by",
        "  validation: 0.1  # rows held out to choose the best epoch by",
        "architecture: [16]",
        "learning_rate: 0.01",
        f"epochs: {100 if rows < _SMALL else 20}",
    ]
    return "\n".join([*lines, ""])


def _columns(columns: tuple[Column, ...]) -> list[str]:
    """Returns the lines that say what to predict from."""
    if len(columns) > _LISTED:
        names = [column.name for column in columns if not column.usable]
        return [f"  ignore: {dump_inline(names)}  # cannot be learnt from"] if names else []
    width = max(len(dump_inline(column.name)) for column in columns)
    return [
        "  features:",
        *(_column(column, width) for column in columns),
    ]


def _column(column: Column, width: int) -> str:
    out = "" if column.usable else "# "
    return f"    {out}- {dump_inline(column.name):{width}}  # {column.about}"


def _holes(found: Survey) -> list[str]:
    if not found.holes:
        return []
    return [f"  missing: impute  # holes, which are in {some(found.holes)}, are filled"]


def _without_editor_line(text: str) -> str:
    """Returns a config without the line that leads editors to a schema beside it."""
    return "".join(line for line in text.splitlines(True) if not line.startswith(_EDITOR))
