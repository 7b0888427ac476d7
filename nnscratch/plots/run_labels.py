"""What several runs of one plot are called: the settings in which they differ."""

import json
from collections.abc import Sequence
from typing import Any

from nnscratch.errors import NNScratchError
from nnscratch.formatting import abridge, label_text, plain_text
from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.runs.compare import compare

# Of more settings that differ, the name of the run says more.
_MOST_SETTINGS = 3
_LONGEST_VALUE = 24
# What a config calls itself says nothing of the training run.
_LEFT_OUT = "name"


def label_runs(runs: Sequence[PlottedRun]) -> list[str]:
    """Returns a label for each run, no two of which are the same.

    That is `learning_rate 0.1`, or the run's name where the settings are the same, are not known,
    or differ in much; where even the names are the same, the path.
    """
    names = _distinct([run.name for run in runs], [_path(run) for run in runs])
    differences = _differences(runs)
    if not 0 < len(differences) <= _MOST_SETTINGS:
        return names
    labels = [
        ", ".join(f"{key} {_text(values[i])}" for key, values in differences.items())
        for i in range(len(runs))
    ]
    return _distinct(
        labels, [f"{label}, {name}" for label, name in zip(labels, names, strict=True)]
    )


def _differences(runs: Sequence[PlottedRun]) -> dict[str, list[Any]]:
    """Returns the values of each setting that is not the same in all; none if one is not known."""
    files = [run.files for run in runs if run.files]
    assert len(files) == len(runs), "a config alone is plotted alone"
    try:
        settings = compare(files).settings
    except NNScratchError:
        return {}
    return {key: values for key, values in settings.items() if key != _LEFT_OUT}


def _distinct(short: list[str], long: list[str]) -> list[str]:
    """Returns the short labels; the long one of each that another has too."""
    return [
        label if short.count(label) == 1 else longer
        for label, longer in zip(short, long, strict=True)
    ]


def _path(run: PlottedRun) -> str:
    return label_text(run.directory if run.has_directory else run.weights)


def _text(value: Any) -> str:
    text = json.dumps(value) if isinstance(value, list | dict) else plain_text(value)
    return label_text(abridge(text, _LONGEST_VALUE, end=0))
