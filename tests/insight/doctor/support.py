"""What the tests of `doctor` share: experiments, and findings looked up by their text."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.preprocessing import StandardScaler

from nnscratch.config import load
from nnscratch.experiment.experiment import Experiment
from nnscratch.experiment.prepare import prepare
from nnscratch.insight.doctor.finding import Finding
from tests.conftest import ROOT


def make(folder: Path, **settings: Any) -> Experiment:
    """Returns the experiment of a config with these keys."""
    path = folder / "config.yaml"
    path.write_text(json.dumps(settings))
    return prepare(load(path))


def inline(folder: Path, inputs: list[Any], targets: list[Any], **settings: Any) -> Experiment:
    """Returns an experiment with rows of its own."""
    dataset = {"name": "inline", "inputs": inputs, "targets": targets}
    return make(folder, dataset=dataset, **settings)


def shipped(name: str, *overrides: str) -> Experiment:
    """Returns the experiment of a config in configs/."""
    return prepare(load(ROOT / "configs" / f"{name}.yaml", list(overrides)))


def find(text: str, findings: Iterable[Finding]) -> Finding:
    """Returns the only finding that contains a text."""
    (finding,) = [finding for finding in findings if text in finding.rule]
    return finding


def scaled(experiment: Experiment, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns training inputs, a part's inputs and its targets, standardized by scikit-learn."""
    train, part = experiment.dataset.splits["train"], experiment.dataset.splits[name]
    scaler = StandardScaler().fit(train.inputs)
    return scaler.transform(train.inputs), scaler.transform(part.inputs), part.targets


def table_of(folder: Path, columns: Mapping[str, Any], **dataset: Any) -> Experiment:
    """Returns the experiment of a table with these columns, whose target is y."""
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(map(str, row)) for row in (columns, *rows)]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")
    settings = {"name": "csv", "path": "rows.csv", "target": "y", "test": 0, **dataset}
    return make(folder, dataset=settings)
