"""Writing a config for a table, with what was found in its columns as comments.

A config is only written if the table can be trained on with it.
"""

import os
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from nnscratch.config import Config
from nnscratch.config.presets import PRESETS
from nnscratch.config.reading.document import parse_file
from nnscratch.config.reading.presets import lay_under
from nnscratch.config.reading.problems import find_problems
from nnscratch.config.reading.yaml import dump_inline
from nnscratch.data.dataset import Dataset
from nnscratch.errors import ConfigError, DataError, Place, UsageError
from nnscratch.experiment.loading import split_dataset
from nnscratch.experiment.prepare import prepare
from nnscratch.formatting import label_text, plural, some
from nnscratch.scaffold.survey import Survey, survey
from nnscratch.scaffold.templates import TABLE

# Up to this many columns are listed, so that a user can choose from them.
_MAX_LISTED = 40
# The least and the most rows in a step. For a small table it is the largest power of two with which
# an epoch has at least this many steps.
_BATCH_SIZES = (16, 128)
_STEPS_AN_EPOCH = 6
# The pieces of more columns take too long.
_MANY_NUMBERS = 200
# Lines end here, unless what must be in them is longer.
_WIDTH = 100
# Tables with fewer rows than this have none to hold out.
_TINY = 30


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
    found = survey(str(table), target)
    text = _compose(table.name, path, found, chosen=target is not None)
    _check_trainable(text, table, found.dataset)
    return text


def _compose(title: str, path: str, found: Survey, *, chosen: bool) -> str:
    """Returns the config; `chosen` says whether the user chose the target."""
    rows = len(found.dataset.splits["train"])
    usable = sum(column.usable for column in found.columns)
    columns = f"{plural(usable, 'column')} to predict from"
    size = f"{plural(rows, 'row')}, {columns}."
    if not found.is_whole:
        size = f"{columns}, judged by the first {rows:,} rows."
    lines = [
        f"# {label_text(title)}: {size}",
        "dataset:",
        f"  name: {TABLE}",
        f"  path: {dump_inline(path)}",
        *_list_format(found),
        _list_target(found, chosen=chosen),
        f"  task: {_describe_task(found)}",
        *_list_columns(found),
        "  missing: impute  # the median for a number; a missing category is one of its own",
        *_list_left_out(found),
        f"  scaling: {'minmax' if found.dataset.image else 'standardize'}",
        *_list_held_out(found),
        *_list_training(found),
        "",
    ]
    return "\n".join(lines)


def _list_training(found: Survey) -> list[str]:
    """Returns the lines that describe the network and its training."""
    batch_size = _choose_batch_size(len(found.dataset.splits["train"]))
    if found.dataset.image:
        return [
            "architecture: [64, 64]",
            "learning_rate: 0.01",
            "schedule: cosine  # the learning rate falls to 0 at the end",
            f"batch_size: {batch_size}",
            "epochs: 60",
        ]
    numbers = sum(feature.categories is None for feature in found.dataset.features)
    word = "tabular" if numbers <= _MANY_NUMBERS else "tabular-fast"
    number = "five networks" if "ensemble" in PRESETS[word].values else "a network"
    lines = [f"preset: {word}  # {number} for tables; nnscratch show prints what it sets"]
    if batch_size != PRESETS[word].values["batch_size"]:
        lines.append(f"batch_size: {batch_size}  # fewer than usual, as there are few rows")
    if word == "tabular-fast":
        lines.append("numeric_embedding: false  # pieces of so many columns would take long")
    return lines


def _choose_batch_size(rows: int) -> int | str:
    """Returns the number of rows in a step for a table with this many rows to train on."""
    least, most = _BATCH_SIZES
    if rows < least:
        return "full"
    size = 1 << (max(rows // _STEPS_AN_EPOCH, 1).bit_length() - 1)
    return min(max(size, least), most)


def _list_format(found: Survey) -> list[str]:
    """Returns the lines that say how the table is written, where that is not the usual way."""
    lines = [] if found.source.header else ["  header: false  # the first row holds values"]
    for key in ("missing_values", "decimal", "thousands", "strip"):
        if key in found.notes:
            value = dump_inline(getattr(found.source, key))
            lines.append(f"  {key}: {value}  # {found.notes[key]}")
    return lines


def _describe_task(found: Survey) -> str:
    """Returns the task, with the question that only the user can answer."""
    classes = found.dataset.classes
    if classes is None:
        return "regression"
    are_numbers = len(classes) > 2 and all(isinstance(each, int) for each in classes)
    if are_numbers:
        span = f"{len(classes)} whole numbers from {classes[0]} to {classes[-1]}"
        return f"classification  # {span}: classes, or amounts? then regression"
    return "classification"


def _list_left_out(found: Survey) -> list[str]:
    if found.source.missing_target == "error":
        return []
    return ["  missing_target: drop  # rows without a target are left out"]


def _list_held_out(found: Survey) -> list[str]:
    if len(found.dataset.splits["train"]) < _TINY:
        return ["  test: 0  # so few rows are all needed to learn from"]
    return [
        "  test: 0.2  # share of the rows held out to measure the result",
        "  validation: 0.15  # share of the rows held out to choose the best epoch",
    ]


def _list_target(found: Survey, *, chosen: bool) -> str:
    line = f"  target: {dump_inline(found.target)}  # "
    default = "" if chosen else " (the last column, unless you choose another)"
    classes = found.dataset.classes
    if classes is None:
        return f"{line}numbers{default}"
    line += f"{plural(len(classes), 'class')}: "
    return f"{line}{some(classes, room=_WIDTH - len(line) - len(default))}{default}"


def _list_columns(found: Survey) -> list[str]:
    """Returns the lines that choose the columns to predict from."""
    columns = found.columns
    codes = found.source.categorical
    lines = [f"  categorical: {dump_inline(codes)}  # digits that are codes"] if codes else []
    if len(columns) > _MAX_LISTED:
        names = [column.name for column in columns if not column.usable]
        ignore = f"  ignore: {dump_inline(names)}  # cannot be learned from"
        return [ignore, *lines] if names else lines
    names = [dump_inline(column.name) for column in columns]
    width = max(map(len, names))
    return [
        "  features:",
        *(
            f"    {'' if column.usable else '# '}- {name:{width}}  # {column.about}"
            for name, column in zip(names, columns, strict=True)
        ),
        *lines,
    ]


def _check_trainable(text: str, table: Path, dataset: Dataset) -> None:
    """Raises DataError if what the config describes cannot be prepared for training."""
    document = parse_file(text.encode(), str(table))
    lay_under(document)
    document.data["dataset"]["path"] = str(table.absolute())
    try:
        config = Config.model_validate(document.data)
        prepare(config, dataset=split_dataset(config, dataset))
    except ValidationError as error:
        problems = find_problems(error, document)
    except ConfigError as error:
        problems = list(error.problems)
    else:
        return
    # The user has not seen the config whose lines the problems name.
    raise DataError("\n".join(str(replace(p, place=Place(str(table)))) for p in problems))
