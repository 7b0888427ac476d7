"""Rows out of a table of the user's own: to predict, with columns beside them, or to score."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nnscratch.cli.output import print_message
from nnscratch.cli.prediction_inputs import (
    RowsToPredict,
    count_missing,
    warn_missing,
    warn_unseen,
)
from nnscratch.cli.standard_input import rename
from nnscratch.data.dataset import Split
from nnscratch.data.decoding import decode_column
from nnscratch.data.known_targets import read_known_targets
from nnscratch.data.table_rows import open_rows, read_labelled_rows, read_rows
from nnscratch.data.tables import TableFile, TableFormat
from nnscratch.errors import NNScratchError, UsageError
from nnscratch.formatting import plural, some, some_names
from nnscratch.model.predictions import Rows, name_columns
from nnscratch.model.predictor import Predictor
from nnscratch.runs import RunFiles

if TYPE_CHECKING:
    from nnscratch.data.columns import Unseen


def from_csv(
    found: RunFiles, model: Predictor, path: Path, columns: Sequence[str] | None
) -> RowsToPredict:
    """Returns the rows of a table, which are read while they are predicted.

    Args:
        found: The run, whose config may name the targets.
        model: Its model.
        path: The table.
        columns: The columns to repeat beside the predictions; None for all.

    Raises:
        UsageError: The table lacks one of them.
    """
    unseen: Unseen = {}
    file = open_rows(path, model.table or TableFormat(), model.features)
    # That a table lacks an input is reported when it is read, whether the input is repeated or not.
    lacking = {feature.name for feature in model.features} - {*file.names}
    wanted = None if columns is None else [name for name in columns if name not in lacking]
    repeated = choose_columns(wanted, file.names, str(path))
    targets = _find_targets(found, model, file)
    names = name_columns("target", model.encoding) if targets else ()

    def pieces() -> Iterator[Rows]:
        inputs = read_rows(file, model.features, unseen)
        if not targets and not repeated:
            yield from map(Rows, inputs)
            return
        # Read once more, as the text that is in the file.
        frames = (frame for frame in file.pieces(file.names) if len(frame))
        for table, frame in zip(inputs, frames, strict=True):
            values = read_known_targets(frame, targets, model.encoding, file.notation)
            texts = frame.astype(object).where(frame.notna(), None)
            beside = {name: texts[name].tolist() for name in repeated}
            yield Rows(table, dict(zip(names, values, strict=True)), beside)

    return RowsToPredict(pieces(), name_rows=file.name_rows, unseen=unseen)


def repeat_inputs(
    model: Predictor, source: RowsToPredict, columns: Sequence[str] | None
) -> RowsToPredict:
    """Returns rows with the model's inputs beside them, as `from_csv` repeats columns of a table.

    Args:
        model: The model.
        source: The rows.
        columns: The columns to repeat; None for all.

    Raises:
        UsageError: The model has no such column.
    """
    features = {feature.name: i for i, feature in enumerate(model.features)}
    chosen = choose_columns(columns, list(features), "the rows")

    def pieces() -> Iterator[Rows]:
        for rows in source.pieces:
            beside = {
                name: decode_column(model.features[i], rows.inputs[:, i])
                for name in chosen
                for i in [features[name]]
            }
            yield replace(rows, beside=beside)

    return replace(source, pieces=pieces())


def labelled_rows(found: RunFiles, model: Predictor, path: Path, targets: Sequence[str]) -> Split:
    """Returns the rows of a table with their targets, checked; prints what is to be known of them.

    Args:
        found: The run, whose config may name the targets.
        model: Its model.
        path: The table.
        targets: The target columns, if they are given.

    Raises:
        UsageError: The targets are not as many as those of the model, or unknown.
        Others as `read_labelled_rows` and `Predictor.check`.
    """
    from nnscratch.experiment.run_data import find_target_names

    names = tuple(targets) or find_target_names(found, model)
    count = 1 if model.encoding.classes else model.encoding.numbers
    if not names:
        raise UsageError(f"{path}: which column is the target? --target COLUMN names it")
    if len(names) != count:
        rule = f"the network has {plural(count, 'target')}; got --target for {some(names)}"
        raise UsageError(rule)
    unseen: Unseen = {}
    missing: Counter[int] = Counter()
    file = open_rows(path, model.table or TableFormat(), model.features)
    split, table, notes = read_labelled_rows(file, model.features, names, model.encoding, unseen)
    model.check(split.inputs, table.name_rows)
    for note in notes:
        print_message(f"note: {rename(note, path)}")
    list(count_missing(iter([Rows(split.inputs)]), missing))
    warn_unseen(unseen)
    warn_missing(model, missing)
    return split


def _find_targets(found: RunFiles, model: Predictor, file: TableFile) -> tuple[str, ...]:
    """Returns the target columns of a table; none if it lacks one or their names are unknown."""
    from nnscratch.experiment.run_data import find_target_names

    # The config, which takes long to read, is needed only where there may be a target.
    if not set(file.names) - {feature.name for feature in model.features}:
        return ()
    try:
        targets = find_target_names(found, model)
    except NNScratchError:  # predictions do not need it
        return ()
    return targets if set(targets) <= set(file.names) else ()


def choose_columns(wanted: Sequence[str] | None, names: Sequence[str], source: str) -> list[str]:
    """Returns the columns to repeat, each once.

    Args:
        wanted: Their names; None for all.
        names: The columns that there are.
        source: What has them, for messages.

    Raises:
        UsageError: There is no such column.
    """
    if wanted is None:
        return list(names)
    absent = [name for name in wanted if name not in names]
    if absent:
        rule = f"{source}: has no column {some_names(absent)}; it has {some_names(names)}"
        raise UsageError(f"--id: {rule}")
    return list(dict.fromkeys(wanted))
