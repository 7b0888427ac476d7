"""What the columns and the targets look like: how common each class is, and what tells nothing."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from nnscratch.config import Config
from nnscratch.data.columns import ignore_override
from nnscratch.data.dataset import Dataset
from nnscratch.data.target_encoding import TargetEncoding
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import label_text, plural, some, some_names
from nnscratch.insight.doctor.finding import Finding

# A class below this part of its share, 1/K of the rows, is rare.
_RARE = 0.3


def check_targets(experiment: Experiment) -> Iterator[Finding]:
    """Looks at what is to be predicted, in the rows to train on."""
    encoding, targets = experiment.model.encoding, experiment.dataset.splits["train"].targets
    if encoding.multi_label:
        yield from _check_labels(encoding, targets)
    elif encoding.classes is None:
        yield from _check_numbers(encoding, targets)
    else:
        counts = np.bincount(targets, minlength=len(encoding.classes))
        names = list(map(label_text, encoding.classes))
        absent = [names[k] for k in np.flatnonzero(counts == 0)]
        if absent:
            yield Finding(
                "look",
                f"no row to train on is of {some(absent)}, so no row will be taken for it",
                "hold out fewer rows, or leave the class out of the data",
            )
        yield _weigh_classes(experiment, names, counts)


def _weigh_classes(experiment: Experiment, names: list[str], counts: NDArray[np.intp]) -> Finding:
    """Finds out whether a class is so rare that a network may do without it."""
    rows, present = int(counts.sum()), np.flatnonzero(counts)
    common, rare = present[counts[present].argmax()], present[counts[present].argmin()]
    share = counts[common] / rows
    if counts[common] == counts[rare]:
        each = plural(int(counts[rare]), "row")
        return Finding("fine", f"the {len(present)} classes are equally common: {each} each")
    what = (
        f"of {len(present)} classes the commonest, {names[common]}, has {share:.1%} of the "
        f"{plural(rows, 'row')} to train on, the rarest, {names[rare]}, {counts[rare] / rows:.1%}"
    )
    if counts[rare] * len(present) >= _RARE * rows:
        return Finding("fine", what)
    if experiment.config.class_weight is not None:
        return Finding("fine", f"{what}; class_weight makes up for it")
    way = "class_weight: balanced makes all classes count alike"
    if not experiment.model.encoding.probabilities:
        way = f"{way}, under loss: auto"
    worth = f"always answering {names[common]} is right in {share:.1%} of the rows"
    return Finding("look", what, f"{way}; {worth}, so an accuracy near that is worth nothing")


def _check_labels(encoding: TargetEncoding, targets: NDArray[np.floating]) -> Iterator[Finding]:
    shares, names = targets.mean(axis=0), encoding.target_names
    useless = [name for name, share in zip(names, shares, strict=True) if share in (0.0, 1.0)]
    if useless:
        yield Finding(
            "look",
            f"the same is said in all rows to train on of {_labels(useless)}",
            "leave it out of the targets: there is nothing to learn",
        )
    low, high = int(shares.argmin()), int(shares.argmax())
    yield Finding(
        "fine",
        f"of {plural(len(names), 'label')} the commonest, {label_text(names[high])}, is in "
        f"{shares[high]:.1%} of the rows to train on, the rarest, {label_text(names[low])}, in "
        f"{shares[low]:.1%}",
    )


def _labels(names: Sequence[str]) -> str:
    return f"the label{'s' if len(names) > 1 else ''} {some_names(names)}"


def _check_numbers(encoding: TargetEncoding, targets: NDArray[np.floating]) -> Iterator[Finding]:
    varying = targets.min(axis=0) < targets.max(axis=0)
    for name, column, varies in zip(_target_names(encoding), targets.T, varying, strict=True):
        if not varies:
            yield Finding(
                "look" if varying.any() else "problem",
                f"{name} is {column[0]:g} in all rows to train on: there is nothing to learn",
                "predict another column, or train on more rows",
            )
        else:
            yield Finding(
                "fine",
                f"{name} goes from {column.min():.4g} to {column.max():.4g}, with a mean of "
                f"{column.mean():.4g} and a standard deviation of {column.std():.4g}",
            )


def _target_names(encoding: TargetEncoding) -> list[str]:
    if encoding.numbers == 1 and not encoding.names:
        return ["the number to predict"]
    return [f"the target {label_text(name)}" for name in encoding.target_names]


def check_columns(experiment: Experiment) -> Iterator[Finding]:
    """Looks for columns that never change, and for columns that repeat another."""
    dataset, config = experiment.dataset, experiment.config
    constant = _find_constant(dataset.splits["train"].inputs)
    if dataset.image:
        still = int(constant.sum())
        of = f"of {constant.size:,} pixels"
        yield Finding("fine", f"{still:,} {of} never change, as at the edges of many pictures")
        return
    names = [dataset.features[i].name for i in np.flatnonzero(constant)]
    if names:
        s, no_s = ("s", "") if len(names) > 1 else ("", "s")
        yield Finding(
            "look",
            f"{len(names):,} column{s} never change{no_s} in the rows to train on and tell{no_s} "
            f"nothing: {some_names(names)}",
            leave_out(config, names),
        )
    repeated = _find_repeated(dataset, constant)
    if repeated:
        pairs = some([f"{copy} = {original}" for copy, original in repeated])
        yield Finding(
            "look",
            f"{plural(len(repeated), 'column')} repeat{'s' * (len(repeated) == 1)} another, "
            f"value by value: {pairs}",
            # One override has to name all that are left out.
            leave_out(config, [*names, *(copy for copy, _ in repeated)]),
        )
    if not names and not repeated:
        columns = plural(constant.size, "column")
        yield Finding("fine", f"{columns}: none is constant, and none repeats another")


def _find_constant(inputs: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Says of each column whether it has one value only, holes aside."""
    # These two, unlike min and max, pass holes over.
    lowest, highest = np.fmin.reduce(inputs, axis=0), np.fmax.reduce(inputs, axis=0)
    varies: NDArray[np.bool_] = lowest < highest
    return ~varies


def _find_repeated(dataset: Dataset, constant: NDArray[np.bool_]) -> list[tuple[str, str]]:
    """Returns the names of columns that have a twin before them, and the twin's."""
    first: dict[bytes, str] = {}
    repeated = []
    inputs = dataset.splits["train"].inputs
    for i in np.flatnonzero(~constant):
        feature = dataset.features[i]
        # Adding zero makes −0 and 0 the same.
        column = np.ascontiguousarray(inputs[:, i]) + 0
        digest = blake2b(repr(feature.categories).encode())
        digest.update(column.data)
        original = first.setdefault(digest.digest(), feature.name)
        if original is not feature.name:
            repeated.append((feature.name, original))
    return repeated


def leave_out(config: Config, names: list[str]) -> str:
    """Returns how columns are left out."""
    which = "them" if len(names) > 1 else "it"
    settings = config.dataset.model_dump()
    if "ignore" not in settings:
        return f"leave {which} out of the data"
    if settings["features"]:
        return f"leave {which} out of dataset.features"
    return f"leave {which} out: {ignore_override([*(settings['ignore'] or []), *names])}"
