"""How the targets are distributed: how balanced classes and labels are, how far numbers range."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text, plural, some, some_names
from nnscratch.insight.doctor.finding import Finding

# A class is rare below this share of 1/K of the rows, which each of K balanced classes has.
_RARE = 0.3


def check_targets(experiment: Experiment) -> Iterator[Finding]:
    """Looks for classes that are missing or rare, and for targets that never vary."""
    encoding = experiment.model.encoding
    targets = experiment.dataset.splits["train"].targets
    if encoding.multi_label:
        yield from _check_labels(encoding, targets)
    elif encoding.classes is None:
        yield from _check_numbers(encoding, targets)
    else:
        names = list(map(label_text, encoding.classes))
        counts = np.bincount(targets, minlength=len(names))
        missing = [name for name, count in zip(names, counts, strict=True) if not count]
        if missing:
            rule = f"classes without training rows, which will never be predicted: {some(missing)}"
            remedy = "hold out fewer rows, or remove these classes from the data"
            yield Finding(rule, remedy=remedy, level="look")
        yield _check_balance(experiment, names, counts)


def _check_balance(experiment: Experiment, names: list[str], counts: NDArray[np.intp]) -> Finding:
    """Checks whether a class is so rare that the network may ignore it."""
    rows, classes = int(counts.sum()), np.count_nonzero(counts)
    common, rare = counts.argmax(), np.where(counts, counts, rows).argmin()
    if counts[common] == counts[rare]:
        each = plural(int(counts[rare]), "row")
        return Finding(f"the {classes} classes are balanced, with {each} each")
    share = f"{counts[common] / rows:.1%}"
    rule = (
        f"the most common of {classes} classes, {names[common]}, makes up {share} of the "
        f"{plural(rows, 'training row')}, the rarest, {names[rare]}, {counts[rare] / rows:.1%}"
    )
    if counts[rare] * classes >= _RARE * rows:
        return Finding(rule)
    if experiment.config.class_weight is not None:
        return Finding(f"{rule}; class_weight compensates for it")
    loss = "" if experiment.model.encoding.probabilities else ", with loss: auto,"
    remedy = (
        f"class_weight: balanced{loss} gives all classes the same weight; an accuracy near {share} "
        f"is worthless, since always predicting {names[common]} reaches it"
    )
    return Finding(rule, remedy=remedy, level="look")


def _check_labels(encoding: TargetEncoding, targets: NDArray[np.floating]) -> Iterator[Finding]:
    shares, names = targets.mean(axis=0), encoding.target_names
    constant = [name for name, share in zip(names, shares, strict=True) if share in (0.0, 1.0)]
    if constant:
        rule = f"labels that are the same in all training rows: {some_names(constant)}"
        remedy = "leave these out of the targets: there is nothing to learn"
        yield Finding(rule, remedy=remedy, level="look")
    low, high = int(shares.argmin()), int(shares.argmax())
    yield Finding(
        f"the most common of {plural(len(names), 'label')}, {label_text(names[high])}, applies to "
        f"{shares[high]:.1%} of the training rows, the rarest, {label_text(names[low])}, to "
        f"{shares[low]:.1%}"
    )


def _check_numbers(encoding: TargetEncoding, targets: NDArray[np.floating]) -> Iterator[Finding]:
    names = [f"the target {label_text(name)}" for name in encoding.target_names]
    if encoding.numbers == 1 and not encoding.names:
        names = ["the target"]
    all_constant = not np.ptp(targets, axis=0).any()
    for name, column in zip(names, targets.T, strict=True):
        if np.ptp(column):
            # Squares of tiny numbers are 0.
            largest = np.abs(column).max()
            deviation = (column / largest).std() * largest
            yield Finding(
                f"{name} ranges from {column.min():.4g} to {column.max():.4g}, with a mean of "
                f"{column.mean():.4g} and a standard deviation of {deviation:.4g}"
            )
            continue
        rule = f"{name} is {column[0]:g} in all training rows: there is nothing to learn"
        remedy = "predict another column, or train on more rows"
        yield Finding(rule, remedy=remedy, level="problem" if all_constant else "look")
