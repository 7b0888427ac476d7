"""The rows to predict: values from the command line, a table, images, or a run's own data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nnscratch.cli.output import print_message
from nnscratch.cli.progress import Spinner
from nnscratch.data.columns import NameRows, Unseen, rows_text, split_values
from nnscratch.data.decoding import value_text
from nnscratch.data.images import draw_text, read_image
from nnscratch.errors import UsageError
from nnscratch.formatting import label_text, plural, some, typed
from nnscratch.model.predictions import Rows, known_targets
from nnscratch.model.predictor import Predictor
from nnscratch.runs import RunFiles


@dataclass
class RowsToPredict:
    """Rows to predict, some at a time.

    Attributes:
        pieces: The rows.
        name_rows: Names rows in messages.
        unseen: The categories that are not in the training data, by column; filled while the
            pieces are read.
        missing: How many values are missing, by the index of their column; likewise.
    """

    pieces: Iterator[Rows]
    name_rows: NameRows = rows_text
    unseen: Unseen = field(default_factory=dict)
    missing: Counter[int] = field(default_factory=Counter)


def count_missing(pieces: Iterator[Rows], missing: Counter[int]) -> Iterator[Rows]:
    """Yields the pieces, and counts the missing values by the index of their column."""
    for piece in pieces:
        if piece.inputs.dtype.kind == "f":
            counts = np.isnan(piece.inputs).sum(axis=0).tolist()
            missing.update({i: count for i, count in enumerate(counts) if count})
        yield piece


def warn_missing(model: Predictor, missing: Mapping[int, int]) -> None:
    """Warns of missing values in columns in which the training rows had none."""
    for column, count in missing.items():
        # Of an ensemble, one of its members is enough.
        preprocessing = next(
            (m.preprocessing for m in model.members if not m.preprocessing.marks_missing(column)),
            None,
        )
        if preprocessing is None:
            continue
        feature = model.features[column]
        effect = "of no effect"
        if feature.categories is None:
            median = value_text(feature, preprocessing.fill[column])
            effect = f"filled in with the median, {median}"
        values = plural(count, "missing value")
        print_message(f"warning: column {label_text(feature.name)}: {values}, {effect}")


def warn_unseen(unseen: Unseen) -> None:
    """Warns of categories that have no effect on predictions."""
    for name, categories in unseen.items():
        print_message(
            f"warning: column {label_text(name)}: {some(sorted(categories))} unseen in training, "
            "so of no effect"
        )


def from_values(model: Predictor, inputs: Sequence[str]) -> RowsToPredict:
    """Returns rows as a user types them, `5.1,red`, `5.1;red` or `5.1 red`."""
    unseen: Unseen = {}
    try:
        rows = [split_values(text, len(model.features)) for text in inputs]
        return RowsToPredict(iter([Rows(model.as_table(rows, unseen))]), unseen=unseen)
    except UsageError as error:
        raise UsageError(f"--input {' --input '.join(inputs)}: {error}") from None


def from_images(model: Predictor, paths: Sequence[Path], *, show: bool) -> RowsToPredict:
    """Returns the pixels of images.

    Args:
        model: Has the image format.
        paths: The files.
        show: Whether to print what the network sees.
    """
    if model.image is None:
        raise UsageError("--image: the network was not trained on images; give --input or --csv")
    rows = [read_image(path, model.image) for path in paths]
    if show:
        for path, row in zip(paths, rows, strict=True):
            print_message(f"{path}:\n{draw_text(row, model.image)}")
    return RowsToPredict(iter([Rows(np.vstack(rows))]))


def from_run(found: RunFiles, model: Predictor, split: str | None) -> RowsToPredict:
    """Returns a part of the run's own data."""
    # Only this needs the config, which takes long to import.
    from nnscratch.experiment.run_data import choose_split, load_data
    from nnscratch.runs.members import many_of
    from nnscratch.runs.record import OWN_VALIDATION

    check_names_data(found, model)
    with Spinner() as spinner:
        _, part = choose_split(load_data(found, model, report=spinner.say), split)
    many = many_of(found.directory)
    is_apart = many and (many.folds or many.repeat or many.part == OWN_VALIDATION)
    if many and is_apart and many.part != "training":
        print_message(
            "note: most of these networks were trained on these rows; evaluate has the scores of "
            "those that were not"
        )
    return RowsToPredict(iter([Rows(part.inputs, known_targets(model.encoding, part.targets))]))


def check_names_data(found: RunFiles, model: Predictor) -> None:
    """Checks that a run's own data can be looked for.

    Raises:
        UsageError: There is only a weights file.
    """
    if found.config is None:
        example = typed(",".join("0" for _ in model.features[:8]))
        rule = f"{found.weights}: there is no config next to it that names its data"
        raise UsageError(f"{rule}; give rows with --input {example}")
