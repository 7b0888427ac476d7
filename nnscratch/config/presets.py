"""Presets: words that stand for values of many keys, each with the reason for it.

They are laid under a config when its file is read, so every value can be overridden. A config that
is written out has `applied: true` beside the word: all its values are there, and it stays the same
when a later version has other ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnscratch.errors import Place


@dataclass(frozen=True)
class Preset:
    """What a word stands for.

    Attributes:
        summary: What it is for, in one line.
        values: The value of each key at the top.
        reasons: Why, in a few words, by the same keys.
    """

    summary: str
    values: Mapping[str, Any]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class PresetPlace(Place):
    """The place of a value that a preset has set: `preset tabular`."""


# What the presets for tables share: the value of each key, and the reason for it. The figures are
# in docs/tables.md.
_TABLES: dict[str, tuple[Any, str]] = {
    "architecture": ([64, 64], "small, so that a step is fast"),
    "activation": ("mish", "smooth, and nowhere dead"),
    "dropout": (0.1, "tables are small, and a network would learn them by heart"),
    "calibrate": ("auto", "so that probabilities are neither overconfident nor underconfident"),
    "numeric_embedding": (
        "piecewise_linear",
        "the pieces of a column let it have steps and peaks, as in a tree",
    ),
    "input_scale": (True, "a network can turn down the columns that do not help"),
    "rate_factors": (
        {"fan_in": True, "bias": 0.1, "input_scale": 6.0, "embedding": 0.1},
        "one learning rate then suits narrow and wide layers, and scales move fast",
    ),
    "learning_rate": (0.03, "large, as the factors and the schedule make it smaller"),
    "schedule": ("cosine", "large steps first, tiny ones at the end"),
    "batch_size": (128, "few enough rows for many steps, enough for fast products"),
    "epochs": (60, "more gain nothing"),
}
_FIVE: dict[str, tuple[Any, str]] = {
    "ensemble": (5, "the mean of several networks errs less than one"),
    "own_validation": (True, "nearly every row then trains some of them"),
}


def _preset(summary: str, **changes: tuple[Any, str]) -> Preset:
    parts = {**_TABLES, **changes}
    return Preset(
        summary,
        {key: value for key, (value, _) in parts.items()},
        {key: reason for key, (_, reason) in parts.items()},
    )


PRESETS = {
    "tabular": _preset(
        "Five small networks for a table of numbers and categories, whose mean predicts.", **_FIVE
    ),
    "tabular-best": _preset(
        "Five larger ones, which take two to three times as long.",
        architecture=([128, 128, 128], "wider layers gain little more"),
        dropout=(0.15, "more, as the networks are larger"),
        **_FIVE,
    ),
    "tabular-fast": _preset("One small network, in about a quarter of the time."),
}
