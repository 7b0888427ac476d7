"""Weights and checkpoints that are sealed, but hold what no run would have written.

Every field of the manifest is replaced by values of other kinds, and the file is sealed again by
the package's own writer: each forgery is one clear error, or changes nothing that is printed.
"""

import copy
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.files import npz
from tests.conftest import Command, Result

FORGERIES: list[Any] = [None, float("nan"), -1, 10**100, "", [], {}, "\ud800"]
CONFIGS = {
    "numbers": (
        "dataset: {name: csv, path: rows.csv, target: [t, u], validation: 0.25}\n"
        "architecture: [{units: 3, activation: {name: elu, alpha: 0.5}, batch_norm: true}]\n"
        "loss: {name: huber, delta: 2.0}\ndropout: 0.1\nepochs: 2\noptimizer: nadam\n"
        "schedule: {name: reduce_on_plateau, patience: 1}\naverage: 0.5\nearly_stopping: 5\n"
    ),
    "classes": (
        "dataset: {name: csv, path: rows.csv, target: k, validation: 0.25}\narchitecture: [2]\n"
        "activation: {name: leaky_relu, negative_slope: 0.1}\nepochs: 2\nlabel_smoothing: 0.1\n"
    ),
}
# What is done with a forged file until a command refuses it.
COMMANDS = {
    "weights.npz": [
        ["predict", "{run}", "--format", "csv"],
        ["predict", "{run}", "--format", "json"],
        ["evaluate", "{run}"],
        ["explain", "{run}"],
        ["graph", "{run}"],
    ],
    "checkpoint.npz": [["resume", "{run}", "epochs=3", "--no-plots"], ["evaluate", "{run}"]],
}
# A checkpoint's config is checked like any other, by `test_config_fuzz`.
SKIPPED = {("arrays",), ("checksum",)}


def fields(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yields the path of each field of a manifest; of lists, those of the first two items."""
    if path:
        yield path
    keys = value if isinstance(value, dict) else range(2) if isinstance(value, list) else ()
    for key in [*keys][: len(value) if keys else 0]:
        if (*path, key) not in SKIPPED and path != ("config",):
            yield from fields(value[key], (*path, key))


def forge(manifest: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Returns a manifest with another value at a path."""
    forged = copy.deepcopy(manifest)
    place: Any = forged
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return forged


def complaint(result: Result) -> str:
    """Returns what is wrong with how a command took a forgery; empty if nothing is."""
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    if "mistake in nnscratch" in result.err or "Warning" in result.err:
        return result.err
    if result.code == 0:
        found = re.search(r".*\b(nan|inf)\b.*", result.out, re.IGNORECASE)
        return found[0] if found else ""
    return "" if result.code in (1, 2) and len(errors) == 1 else f"{result.code}: {result.err}"


@pytest.mark.parametrize(
    "forgeries",
    [
        pytest.param(FORGERIES[:1], id="one"),
        pytest.param(FORGERIES[1:], id="others", marks=pytest.mark.slow),  # two minutes
    ],
)
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("config", CONFIGS)
def test_a_forged_field_is_one_clear_error_or_does_no_harm(
    config: str, name: str, forgeries: list[Any], workplace: Path, nnscratch: Command
) -> None:
    rows = (f"{i},{'rgb'[i % 3]},{2 * i + 0.5},{i - 3.25},k{i % 2}\n" for i in range(40))
    (workplace / "rows.csv").write_text("x,c,t,u,k\n" + "".join(rows))
    (workplace / "forged.yaml").write_text(CONFIGS[config])
    trained = nnscratch("train", "forged.yaml", "--quiet", "--no-plots")
    assert trained.code == 0, trained.err
    run, whole = Path(trained.out.strip()), workplace / "whole"
    shutil.copytree(run, whole)
    read, manifest = npz.read(whole / name)
    arrays = {key: np.array(array) for key, array in read.items()}
    wrong, refused = {}, 0
    for path in fields(manifest):
        for value in forgeries:
            for file in whole.iterdir():
                if file.is_file():
                    shutil.copy(file, run / file.name)
            npz.write(run / name, arrays, forge(manifest, path, value))
            for command in COMMANDS[name]:
                result = nnscratch(*(part.format(run=run) for part in command))
                problem = complaint(result)
                if problem:
                    wrong[".".join(map(str, path)), repr(value)[:20], command[0]] = problem
                if result.code:
                    refused += 1
                    break
    assert not wrong
    assert refused > 20 * len(forgeries)  # most cannot be taken for anything else
