"""Rows with equal inputs: in training and held-out data, or with contradictory targets."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import plural
from nnscratch.insight.doctor.finding import Finding

# Contradictions that cost less than this share of the best score hardly limit what can be learned.
_TOLERATED_LOSS = 0.01

# With fewer held-out rows a score is hardly more than chance.
_FEW_ROWS = 10

# A number for each row of each part, the same for rows of equal inputs.
RowNumbers = Mapping[str, NDArray[np.intp]]


def check_duplicate_rows(experiment: Experiment) -> Iterator[Finding]:
    """Looks for held-out rows that are training rows too, and for contradictory training rows."""
    splits = experiment.dataset.splits
    numbers = number_rows(splits)
    for name in splits:
        if name != "train":
            yield _check_overlap(name, numbers)
    yield _check_contradictions(experiment.model.encoding, numbers["train"], splits["train"])


def check_held_out_rows(experiment: Experiment) -> Iterator[Finding]:
    """Looks for parts that were drawn from few rows, and are too small to judge anything by."""
    dataset = experiment.dataset
    few = {name: len(dataset.splits[name]) for name in dataset.held_out}
    few = {name: rows for name, rows in few.items() if 0 < rows < _FEW_ROWS}
    if few:
        held_out = " and ".join(plural(rows, f"{name} row") for name, rows in few.items())
        rule = f"scores on {held_out} are hardly more than chance, and training lacks these rows"
        train_on_all = " ".join(f"dataset.{name}=0" for name in few)
        remedy = f"train on all rows with {train_on_all}, or get more rows"
        yield Finding(rule, remedy=remedy, level="look")


def number_rows(splits: Mapping[str, Split]) -> RowNumbers:
    """Gives rows the same number where their inputs are exactly equal, across all parts."""
    rows = np.concatenate([split.inputs for split in splits.values()])
    if rows.dtype.kind == "f":
        rows += 0.0  # −0 and 0 are equal, but not their bytes
        rows[np.isnan(rows)] = np.nan
    width = rows.dtype.itemsize * rows.shape[1]
    _, numbers = np.unique(rows.view(np.dtype((np.void, width))).ravel(), return_inverse=True)
    ends = np.cumsum([len(split) for split in splits.values()])
    return dict(zip(splits, np.split(numbers, ends[:-1]), strict=True))


def _check_overlap(name: str, numbers: RowNumbers) -> Finding:
    """Looks for rows of a held-out part that are in the training part too."""
    held_out = numbers[name]
    shared = int(np.isin(held_out, numbers["train"]).sum())
    if not shared:
        rows = plural(len(held_out), f"{name} row")
        return Finding(f"no {name} row has the inputs of a training row ({rows})")
    share = f"{shared:,} of {len(held_out):,} ({shared / len(held_out):.1%})"
    rule = f"{name} rows with the inputs of a training row: {share}"
    remedy = (
        "remove these rows, unless only few different rows are possible: memorizing them inflates "
        f"the {name} scores"
    )
    return Finding(rule, remedy=remedy, level="look")


def _check_contradictions(
    encoding: TargetEncoding, numbers: NDArray[np.intp], train: Split
) -> Finding:
    """Looks for rows of equal inputs but different targets, and for the best score they allow."""
    groups, numbers = np.unique(numbers, return_inverse=True)
    if encoding.classes is not None:
        best = best_accuracy(numbers, train.targets, len(encoding.classes))
        limit = f"no network can be right for more than {best:.1%} of the rows"
    elif encoding.multi_label:
        labels = train.targets.astype(np.intp).T
        best = float(np.mean([best_accuracy(numbers, label, 2) for label in labels]))
        limit = f"no network can be right for more than {best:.1%} of the labels"
    else:
        best = 1.0 - unexplained_share(numbers, train.targets)
        limit = f"no network can reach an R² above {best:.3f} on them"
    if best == 1.0:
        rule = "no training rows have equal inputs but different targets"
        duplicates = len(numbers) - len(groups)
        return Finding(f"{rule} ({plural(duplicates, 'duplicate')})" if duplicates else rule)
    rule = f"some training rows have equal inputs but different targets: {limit}"
    if 1.0 - best < _TOLERATED_LOSS:
        return Finding(rule)
    remedy = "look for a missing column that tells them apart, or for wrong targets"
    return Finding(rule, remedy=remedy, level="look")


def best_accuracy(numbers: NDArray[np.intp], targets: NDArray[np.intp], classes: int) -> float:
    """Returns the accuracy of predicting for each row the most common class of its equals.

    Args:
        numbers: (rows,), 0, 1, …: the same for rows of equal inputs.
        targets: Class indices (rows,).
        classes: The number of classes.
    """
    pairs, counts = np.unique(numbers * classes + targets, return_counts=True)
    most = np.zeros(int(numbers.max()) + 1, np.intp)
    np.maximum.at(most, pairs // classes, counts)
    return float(most.sum() / len(numbers))


def unexplained_share(numbers: NDArray[np.intp], targets: NDArray[np.floating]) -> float:
    """Returns the share of the targets' variance that is between rows of equal inputs.

    With ȳ_g the mean of a row's equals, this is Σ (y − ȳ_g)² / Σ (y − ȳ)², the mean over outputs.

    Args:
        numbers: As for `best_accuracy`.
        targets: (rows, outputs).
    """
    counts = np.bincount(numbers)
    if len(counts) == len(numbers):
        return 0.0
    shares = []
    for y in targets.T:
        means = np.bincount(numbers, weights=y) / counts
        within = np.square(y - means.take(numbers))
        # What rounding alone leaves of equal targets is no difference.
        within[within <= np.square(1e-12 * np.abs(y))] = 0.0
        total = float(np.square(y - y.mean()).sum())
        shares.append(float(within.sum()) / total if total else 0.0)
    return float(np.mean(shares))
