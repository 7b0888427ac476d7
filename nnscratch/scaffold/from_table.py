"""Writing a config for a table, with what was found in its columns as comments.

A config is only written if the table can be trained on with it.
"""

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

# Up to this many columns are listed, so that a user can choose from them.
_MAX_LISTED = 40
# Tables with fewer rows than this are trained on for more epochs.
_FEW_ROWS = 5000


def from_table(table: Path, output: Path, target: str | None = None) -> str:
    """Returns the text of a config for a table.

    Args:
        table: The CSV file.
        output: Where the config will be written; it names the table relative to its folder.
        target: The column to predict; by default the last one.

    Raises:
        DataError: The table cannot be read or learned from, or a column's name fits no config.
        UsageError: The table has no such target, or its file name is not text.
    """
    try:
        str(table).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{table!r}: the file name is not valid text; rename the file") from None
    path = Path(os.path.relpath(table.resolve(), output.parent.resolve())).as_posix()
    text = _compose(table.name, path, survey(str(table), target), chosen=target is not None)
    _check_trainable(text, table)
    return text


def _compose(title: str, path: str, found: Survey, *, chosen: bool) -> str:
    """Returns the config; `chosen` says whether the user chose the target."""
    rows = len(found.dataset.splits["train"])
    usable = sum(column.usable for column in found.columns)
    size = f"{plural(rows, 'row')}, {plural(usable, 'column')}"
    lines = [
        f"# {label_text(title)}: {size} to predict from.",
        "dataset:",
        f"  name: {TABLE}",
        f"  path: {dump_inline(path)}",
        f"  target: {dump_inline(found.target)}  # {_describe_target(found, chosen=chosen)}",
        f"  task: {'regression' if found.dataset.classes is None else 'classification'}",
        *_list_columns(found.columns),
    ]
    if found.incomplete:
        lines.append(
            f"  missing: impute  # missing values in {some(found.incomplete)} are filled in"
        )
    lines += [
        f"  scaling: {'minmax' if found.dataset.image else 'standardize'}",
        "  test: 0.2  # share of the rows held out to measure the result",
        "  validation: 0.1  # share of the rows held out to choose the best epoch",
        "architecture: [16]",
        "learning_rate: 0.01",
        f"epochs: {100 if rows < _FEW_ROWS else 20}",
        "",
    ]
    return "\n".join(lines)


def _describe_target(found: Survey, *, chosen: bool) -> str:
    classes = found.dataset.classes
    about = "numbers" if classes is None else f"{plural(len(classes), 'class')}: {some(classes)}"
    return about if chosen else f"{about} (the last column, unless you choose another)"


def _list_columns(columns: tuple[Column, ...]) -> list[str]:
    """Returns the lines that choose the columns to predict from."""
    if len(columns) > _MAX_LISTED:
        names = [column.name for column in columns if not column.usable]
        return [f"  ignore: {dump_inline(names)}  # cannot be learned from"] if names else []
    names = [dump_inline(column.name) for column in columns]
    width = max(map(len, names))
    return [
        "  features:",
        *(
            f"    {'' if column.usable else '# '}- {name:{width}}  # {column.about}"
            for name, column in zip(names, columns, strict=True)
        ),
    ]


def _check_trainable(text: str, table: Path) -> None:
    """Raises DataError if what the config describes cannot be prepared for training."""
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
    # The user has not seen the config whose lines the problems name.
    places = [replace(problem, place=Place(str(table))) for problem in problems]
    raise DataError("\n".join(map(str, places)))
