"""What to do about columns and values of a table, as text that can be typed."""

import json
import shlex
from collections.abc import Iterable, Sequence

import numpy as np

from nnscratch.config import Config
from nnscratch.data.columns import ignore_override
from nnscratch.experiment.experiment import Experiment

# Larger whole numbers are written with an exponent.
_LARGEST_WRITTEN_OUT = 1e15


def leave_out(config: Config, names: Sequence[str]) -> str:
    """Returns how to leave columns of the data out."""
    settings = config.dataset.model_dump()
    if "ignore" not in settings:
        return "remove from the data"
    if settings["features"]:
        return "remove from dataset.features"
    return f"leave out with {ignore_override([*(settings['ignore'] or []), *names])}"


def read_as_missing(experiment: Experiment, values: Iterable[float]) -> str:
    """Returns how to have numbers read as missing values; empty where the data is no table."""
    settings = experiment.config.dataset.model_dump()
    if "missing" not in settings:
        return ""
    # What is given replaces the usual texts.
    given = settings.get("missing_values") or []
    texts = [*dict.fromkeys([*given, *map(written, values)])]
    override = shlex.quote(f"dataset.missing_values={json.dumps(texts, ensure_ascii=False)}")
    filled_in = " dataset.missing=impute" if settings["missing"] == "error" else ""
    parts = experiment.dataset.splits.values()
    has_others = not given and any(np.isnan(part.inputs).any() for part in parts)
    others = ", with NA and the like where the file has them" if has_others else ""
    return f"{override}{filled_in} (for all columns{others})"


def written(value: float) -> str:
    """Returns a number as it stands in most files: `-999`, `0.5`, `1e+300`."""
    if value == round(value) and abs(value) < _LARGEST_WRITTEN_OUT:
        return f"{value:.0f}"
    return repr(float(value))
