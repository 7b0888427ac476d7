"""What the runs of folds say of the rows that they were not trained on."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.data.folds import fold_of_rows, rows_of_fold
from nnscratch.data.held_out_rows import Rows as RowNumbers
from nnscratch.experiment.loading import split_seed
from nnscratch.model.ensemble import Ensemble
from nnscratch.model.predictions import Predictions, Rows, known_targets
from nnscratch.model.predictor import Predictor


@dataclass(frozen=True)
class TestedFold:
    """A fold and the network that was not trained on it.

    Attributes:
        seed: The seed of the run, which tells repeats apart.
        fold: Which fold it is, counted from 1.
        rows: The numbers of its rows among all rows of the data.
        predictor: Takes rows of all data.
    """

    seed: int
    fold: int
    rows: RowNumbers
    predictor: Predictor


def find_fold(config: Config, dataset: Dataset, predictor: Predictor) -> TestedFold:
    """Returns the fold that a run has tested.

    Args:
        config: The config of the run.
        dataset: The data before any rows are held out.
        predictor: What the run has learned.
    """
    folds, fold = getattr(config.dataset, "folds", None), getattr(config.dataset, "fold", None)
    assert folds is not None
    assert fold is not None
    split = getattr(config.dataset, "split", "random")
    fold_of_row = fold_of_rows(dataset, folds, seed=split_seed(config), split=split)
    _, rows = rows_of_fold(fold_of_row, fold - 1, split=split)
    return TestedFold(config.seed, fold, rows, Ensemble(predictor.members, dataset.features))


def prediction_lines(tested: Sequence[TestedFold], dataset: Dataset) -> Iterator[str]:
    """Yields the lines of predictions.csv: a header, and a row for each row of the data.

    `row` is the row's number among the rows of the data, from 0. Where all is repeated there is a
    row for each repeat, and a first column `seed`.

    Args:
        tested: All folds.
        dataset: The data before any rows are held out.
    """
    seeds = list(dict.fromkeys(fold.seed for fold in tested))
    for number, seed in enumerate(seeds):
        before = {"seed": seed} if len(seeds) > 1 else {}
        lines: list[list[Any]] = []
        header: list[str] = []
        for fold in (fold for fold in tested if fold.seed == seed):
            columns = _predict(fold, dataset)
            header = [*before, *columns]
            lines += [[*before.values(), *cells] for cells in zip(*columns.values(), strict=True)]
        row = header.index("row")
        rows = sorted(lines, key=lambda cells: int(cells[row]))
        yield _text([header, *rows] if number == 0 else rows)


def _predict(fold: TestedFold, dataset: Dataset) -> dict[str, Sequence[Any]]:
    """Returns the columns of predictions.csv for the rows of a fold."""
    split = dataset.splits["train"][fold.rows]
    targets = known_targets(fold.predictor.encoding, split.targets)
    columns = Predictions.of(fold.predictor, Rows(split.inputs, targets)).table()
    del columns["row"]  # a number among those of the fold
    return {"row": fold.rows.tolist(), "fold": [fold.fold] * len(split), **columns}


def _text(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
