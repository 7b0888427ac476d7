"""What is about to be trained, printed before training begins: the data and the network."""

import numpy as np

from nnscratch.cli.output import print_message
from nnscratch.cli.tables import print_table
from nnscratch.data.dataset import Dataset
from nnscratch.experiment.experiment import Experiment
from nnscratch.formatting import cell, label_text, plural, some

_NAMED_CLASSES = 10
# The rows of each class are counted unless there are too few rows or too many classes.
_FEW_ROWS = 20
_MANY_CLASSES = 40
_LINE_WIDTH = 79
_SPLIT_NAMES = {"train": "training", "validation": "validation", "test": "test"}


def print_preview(experiment: Experiment, *, first: str = "") -> None:
    """Prints the data, its splits and the network to stderr.

    Args:
        experiment: What is trained, or the first of many runs.
        first: The name of that, if other runs hold out other rows.
    """
    config, dataset, model = experiment.config, experiment.dataset, experiment.model
    network = model.network
    print_message(f"data     {config.dataset.name}: {_describe_splits(dataset)}")
    targets = _describe_targets(dataset, multi_label=model.encoding.multi_label)
    print_message(f"         {_describe_inputs(dataset, network.inputs)}, {targets}")
    if first:
        print_message(f"         note: these are the rows of {first}; others hold out other rows")
    for note in dataset.notes:
        print_message(f"         note: {note}")
    _print_class_counts(dataset)
    widths = [network.inputs, *(dense.units for dense in network.dense)]
    print_message(
        f"network  {'-'.join(map(str, widths))}, {plural(network.params.flat.size, 'parameter')}, "
        f"{config.loss.name}, {config.optimizer.name} at {config.learning_rate:g}"
    )


def _describe_splits(dataset: Dataset) -> str:
    """Returns such as `105 training, 45 test rows`."""
    counts = {name: len(split) for name, split in dataset.splits.items()}
    if counts == {"train": 1}:
        return "1 training row"
    return ", ".join(f"{count:,} {_SPLIT_NAMES[name]}" for name, count in counts.items()) + " rows"


def _describe_inputs(dataset: Dataset, inputs: int) -> str:
    columns = len(dataset.features)
    if columns == inputs:
        return plural(inputs, "input")
    return f"{plural(columns, 'column')} as {plural(inputs, 'input')}"


def _describe_targets(dataset: Dataset, *, multi_label: bool) -> str:
    if multi_label:
        labels = plural(dataset.numbers, "label")
        names = some(dataset.target_names, _NAMED_CLASSES)
        return f"{labels}: {names}" if names else labels
    if dataset.classes is None:
        return f"{plural(dataset.numbers, 'number')} to predict"
    names = ", ".join(map(label_text, dataset.classes[:_NAMED_CLASSES]))
    if len(dataset.classes) > _NAMED_CLASSES:
        names += ", …"
    return f"{plural(len(dataset.classes), 'class')}: {names}"


def _print_class_counts(dataset: Dataset) -> None:
    """Prints how many rows of each class each split has: a row for each split if that fits."""
    if dataset.classes is None or len(dataset.classes) > _MANY_CLASSES:
        return
    if sum(map(len, dataset.splits.values())) < _FEW_ROWS:
        return
    names = [label_text(label) for label in dataset.classes]
    counts = {
        split_name: np.bincount(split.targets, minlength=len(names)).tolist()
        for split_name, split in dataset.splits.items()
    }
    longest = max(len(cell(number)) for numbers in counts.values() for number in numbers)
    if sum(max(len(name), longest) + 2 for name in names) + len("validation") <= _LINE_WIDTH:
        header = ["class", *names]
        rows = [[split_name, *numbers] for split_name, numbers in counts.items()]
    else:
        header = ["class", *counts]
        rows = [list(row) for row in zip(names, *counts.values(), strict=True)]
    print_table(header, rows, stderr=True)
