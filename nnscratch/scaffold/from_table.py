"""A config to start from, written for a table as it is found."""

import os
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from nnscratch.config import Config
from nnscratch.config.reading.document import parse_file
from nnscratch.config.reading.problems import find_problems
from nnscratch.config.reading.yaml import dump_inline
from nnscratch.errors import ConfigError, DataError, Place, UsageError
from nnscratch.experiment.prepare import prepare
from nnscratch.formatting import label_text, plural, some
from nnscratch.scaffold.survey import Column, Survey, survey
from nnscratch.scaffold.templates import TABLE

# More columns than this are easier to take all of than to choose from.
_LISTED = 40
_SMALL = 5000


def from_table(table: Path, output: Path, target: str | None = None) -> str:
    """Returns a config for a table, with what was found in its columns as comments.

    Args:
        table: The CSV file.
        output: Where the config will stand, from where it names the table.
        target: The column to predict; the last one unless given.

    Raises:
        DataError: The table cannot be read or learnt from, or its columns not be named.
        UsageError: There is no such target, or the table's name is no text.
    """
    try:
        str(table).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{table!r}: a name that is no text; rename the file") from None
    text = _compose(table, output, target)
    _try(text, table)
    return text


def _compose(table: Path, output: Path, target: str | None) -> str:
    found = survey(str(table), target)
    rows = len(found.dataset.splits["train"])
    usable = [column for column in found.columns if column.usable]
    classes = found.dataset.classes
    task = "regression" if classes is None else "classification"
    about = "numbers" if classes is None else f"{plural(len(classes), 'class')}: {some(classes)}"
    guess = "" if target else ", the last column; name another if it is not the one"
    size = f"{plural(rows, 'row')}, {plural(len(usable), 'column')} to predict from"
    lines = [
        f"# {label_text(table.name)}: {size}.",
        "dataset:",
        f"  name: {TABLE}",
        f"  path: {dump_inline(_seen_from(output.parent, table))}",
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


def _seen_from(folder: Path, table: Path) -> str:
    return Path(os.path.relpath(table.resolve(), folder.resolve())).as_posix()


def _try(text: str, table: Path) -> None:
    """Prepares what a config describes, so that none is written that could not be trained."""
    document = parse_file(text.encode(), str(table))
    document.data["dataset"]["path"] = str(table.absolute())
    try:
        prepare(Config.model_validate(document.data))
    except ValidationError as error:
        problems = find_problems(error, document)
    except ConfigError as error:
        problems = list(error.problems)
    else:
        return
    # Nobody has seen the config whose lines they name.
    lines = [replace(problem, place=Place(str(table))) for problem in problems]
    raise DataError("\n".join(map(str, lines)))
