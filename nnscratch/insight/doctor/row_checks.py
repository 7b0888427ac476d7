"""Rows that stand in the data twice: in two parts of it, or with two different targets."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.dataset import Split
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import plural
from nnscratch.insight.doctor.finding import Finding

# Fewer contradictions than this part of the rows hardly limit what can be learnt.
_FEW = 0.01

# A number for each row of each part, the same for rows of equal inputs.
RowNumbers = Mapping[str, NDArray[np.intp]]


def check_rows(experiment: Experiment) -> Iterator[Finding]:
    """Looks for rows that held-out parts share with training, and for contradicting ones."""
    splits = experiment.dataset.splits
    numbers = number_rows(splits)
    for name in splits:
        if name != "train":
            yield _check_held_out(name, numbers)
    yield _check_contradictions(experiment.model.encoding, numbers["train"], splits["train"])


def number_rows(splits: Mapping[str, Split]) -> RowNumbers:
    """Gives rows the same number where their inputs are exactly equal, in whatever part."""
    rows = np.concatenate([split.inputs for split in splits.values()])
    if rows.dtype.kind == "f":
        rows += 0.0  # −0 and 0 are equal, but not their bytes
        rows[np.isnan(rows)] = np.nan
    width = rows.dtype.itemsize * rows.shape[1]
    _, numbers = np.unique(rows.view(np.dtype((np.void, width))).ravel(), return_inverse=True)
    ends = np.cumsum([len(split) for split in splits.values()])
    return dict(zip(splits, np.split(numbers, ends[:-1]), strict=True))


def _check_held_out(name: str, numbers: RowNumbers) -> Finding:
    """Finds rows of a held-out part that are in the training part too."""
    held_out = numbers[name]
    common = int(np.isin(held_out, numbers["train"]).sum())
    rows = plural(len(held_out), f"{name} row")
    if not common:
        return Finding("fine", f"none of the {rows} is among the rows to train on")
    return Finding(
        "look",
        f"{common:,} of the {rows} ({common / len(held_out):.1%}) {'is' if common == 1 else 'are'} "
        "also among the rows to train on, all inputs equal",
        f"drop such rows, unless few different rows are possible: what was learnt by heart "
        f"flatters the {name} scores",
    )


def _check_contradictions(
    encoding: TargetEncoding, numbers: NDArray[np.intp], train: Split
) -> Finding:
    """Finds rows of equal inputs with different targets, and what they leave to be reached."""
    groups, numbers = np.unique(numbers, return_inverse=True)
    if encoding.classes is not None:
        lost = 1.0 - best_accuracy(numbers, train.targets, len(encoding.classes))
        reach = f"no network can be right in more than {1 - lost:.1%} of the rows"
    elif encoding.multi_label:
        lost = float(
            np.mean([1.0 - best_accuracy(numbers, y.astype(np.intp), 2) for y in train.targets.T])
        )
        reach = f"no network can be right in more than {1 - lost:.1%} of the labels"
    else:
        lost = unexplained_share(numbers, train.targets)
        reach = f"no network can get an R² above {1 - lost:.3f} on them"
    if not lost:
        repeated = len(numbers) - len(groups)
        copies = f"; {repeated:,} {'is a copy' if repeated == 1 else 'are copies'} of another"
        what = "no rows to train on have equal inputs and different targets"
        return Finding("fine", f"{what}{copies if repeated else ''}")
    what = f"some rows to train on have equal inputs and different targets: {reach}"
    if lost < _FEW:
        return Finding("fine", what)
    return Finding(
        "look", what, "a column that tells them apart may be missing, or some targets are wrong"
    )


def best_accuracy(numbers: NDArray[np.intp], targets: NDArray[np.intp], classes: int) -> float:
    """Returns the accuracy of answering each row with the commonest class of its equals.

    Args:
        numbers: (rows,), 0, 1, …: the same for rows of equal inputs.
        targets: Class indices (rows,).
        classes: How many there are.
    """
    pairs, counts = np.unique(numbers * classes + targets, return_counts=True)
    commonest = np.zeros(int(numbers.max()) + 1, np.intp)
    np.maximum.at(commonest, pairs // classes, counts)
    return float(commonest.sum() / len(numbers))


def unexplained_share(numbers: NDArray[np.intp], targets: NDArray[np.floating]) -> float:
    """Returns the part of the targets' variance that is between rows of equal inputs.

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
        inside = np.square(y - means.take(numbers))
        # What rounding alone leaves of equal targets is no difference.
        inside[inside <= np.square(1e-12 * np.abs(y))] = 0.0
        total = float(np.square(y - y.mean()).sum())
        shares.append(float(inside.sum()) / total if total else 0.0)
    return float(np.mean(shares))
