"""What a training is about to do, before it begins: the data, its parts, and the network."""

from typing import TYPE_CHECKING

from nnscratch.cli import output
from nnscratch.cli.tables import print_table
from nnscratch.formatting import cell, label_text, plural, some

if TYPE_CHECKING:
    from nnscratch.data.dataset import Dataset
    from nnscratch.experiment.experiment import Experiment

_NAMED_CLASSES = 10
# Fewer rows than this are seen at a glance; more classes than this by nobody.
_FEW_ROWS, _MANY_CLASSES = 20, 40
_WIDTH = 79
_PARTS = {"train": "training", "validation": "validation", "test": "test"}


def describe(prepared: "Experiment") -> None:
    """Says what is trained, to stderr."""
    config, dataset, network = prepared.config, prepared.dataset, prepared.model.network
    counts = {name: len(split) for name, split in dataset.splits.items()}
    parts = ", ".join(f"{count:,} {_PARTS[name]}" for name, count in counts.items())
    noun = "row" if counts == {"train": 1} else "rows"
    columns, widths = len(dataset.features), [d.units for d in network.dense]
    inputs = plural(columns, "column") if columns != network.inputs else ""
    inputs += f"{inputs and ' as '}{plural(network.inputs, 'input')}"
    output.say(f"data     {config.dataset.name}: {parts} {noun}")
    multi_label = prepared.model.encoding.multi_label
    output.say(f"         {inputs}, {_targets(dataset, multi_label=multi_label)}")
    for note in dataset.notes:
        output.say(f"         note: {note}")
    _print_counts(dataset)
    output.say(
        f"network  {'-'.join(map(str, [network.inputs, *widths]))}, "
        f"{plural(network.params.flat.size, 'parameter')}, "
        f"{config.loss.name}, {config.optimizer.name} at {config.learning_rate:g}"
    )


def _targets(dataset: "Dataset", *, multi_label: bool) -> str:
    if multi_label:
        names = f": {some(dataset.target_names, _NAMED_CLASSES)}" if dataset.target_names else ""
        return f"{plural(dataset.numbers, 'label')}{names}"
    if dataset.classes is None:
        return f"{plural(dataset.numbers, 'number')} to predict"
    more = ", …" if len(dataset.classes) > _NAMED_CLASSES else ""
    names = ", ".join(map(label_text, dataset.classes[:_NAMED_CLASSES]))
    return f"{plural(len(dataset.classes), 'class')}: {names}{more}"


def _print_counts(dataset: "Dataset") -> None:
    """Prints how many rows of each class each part has."""
    import numpy as np

    if dataset.classes is None or len(dataset.classes) > _MANY_CLASSES:
        return
    if sum(map(len, dataset.splits.values())) < _FEW_ROWS:
        return
    names = [label_text(label) for label in dataset.classes]
    counts = {
        part: np.bincount(split.targets, minlength=len(names)).tolist()
        for part, split in dataset.splits.items()
    }
    longest = max(len(cell(number)) for numbers in counts.values() for number in numbers)
    if sum(max(len(name), longest) + 2 for name in names) + len("validation") <= _WIDTH:
        rows = [[part, *numbers] for part, numbers in counts.items()]
        print_table(["class", *names], rows, stderr=True)
    else:
        rows = [list(row) for row in zip(names, *counts.values(), strict=True)]
        print_table(["class", *counts], rows, stderr=True)
