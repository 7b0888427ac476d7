"""Runs whose networks get pieces of numbers: the edges are found again wherever a run is used."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nnscratch import Model, load_model
from nnscratch.model.predictor import Predictor
from nnscratch.nn.embeddings.piecewise_linear import PiecewiseLinear
from tests.conftest import Command
from tests.stopped import assert_same_run, quick_disk, start

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
CONFIG = """
name: mine
dataset: {name: csv, path: t.csv, target: kind, missing: impute, validation: 0.2}
numeric_embedding: piecewise_linear
input_scale: true
rate_factors: {embedding: 0.1}
architecture: [6]
epochs: 6
"""
QUIET = ("--quiet", "--no-plots")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a table with heavy tails, a constant, two values, dates, categories and gaps."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(6)
    lines = ["heavy,same,flag,when,colour,gaps,kind"]
    for number in range(160):
        heavy = float(f"{np.exp(3 * rng.normal()):.6g}")
        gaps = "" if rng.random() < 0.2 else f"{rng.normal(1e4, 1):.6g}"
        parts = (
            heavy, 7, number % 2, f"2024-{1 + number % 12:02}-{1 + number % 28:02}",
            "blue" if rng.random() < 0.5 else "red", gaps, "high" if heavy > 1 else "low",
        )  # fmt: skip
        lines.append(",".join(map(str, parts)))
    Path("t.csv").write_text("\n".join([*lines, ""]))
    Path("mine.yaml").write_text(CONFIG)
    return tmp_path / "mine.yaml"


def rows_of_table() -> list[dict[str, Any]]:
    header, *lines = Path("t.csv").read_text().splitlines()
    names = header.split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines]
    return [{k: v or None for k, v in row.items() if k != "kind"} for row in rows]


def load_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_exported_agrees(model: Predictor, path: Path) -> None:
    rows = rows_of_table()
    found = [load_module(path).predict_proba(row) for row in rows]
    expected = model.predict_proba(rows)
    np.testing.assert_allclose([list(each.values()) for each in found], expected, atol=1e-5)


def test_a_run_is_resumed_verified_explained_and_exported(config: Path, nnscratch: Command) -> None:
    whole, stopped = start(config), start(config, until=2)
    assert nnscratch("resume", stopped, *QUIET).code == 0
    assert_same_run(stopped, whole)
    verified = nnscratch("verify", whole)
    assert "bit for bit" in verified.out, verified.err

    model = Model.load(whole)
    embedding = model.network.numeric_embedding
    assert isinstance(embedding, PiecewiseLinear)
    names = [model.preprocessing.output_names[i] for i in embedding.columns]
    pieces = dict(zip(names, embedding.pieces, strict=True))
    assert pieces["heavy"] == 16
    assert (pieces["same"], pieces["flag"], pieces["when: month"]) == (0, 1, 11)

    explained = nnscratch("explain", whole, "--row", 3)
    assert explained.code == 0, explained.err
    assert "passed: how many pieces lie below x" in explained.out
    assert "gradients of embedding" not in explained.out
    assert "up to 16 pieces" in nnscratch("show", whole).out
    gradients = nnscratch("gradcheck", "mine.yaml", "--most", 3, "--rows", 5)
    assert gradients.code == 0, gradients.out + gradients.err
    assert nnscratch("plot", whole, "--kind", "gradients").code == 0

    exported = nnscratch("export", whole, "--to", "python", "--output", "exported.py")
    assert exported.code == 0, exported.err
    assert_exported_agrees(model, Path("exported.py"))


def test_each_network_of_an_ensemble_has_edges_of_its_own(config: Path, nnscratch: Command) -> None:
    trained = nnscratch("train", "mine.yaml", *QUIET, "--folds", 3, "epochs=1")
    assert trained.code == 0, trained.err
    assert nnscratch("verify", trained.out.strip()).code == 0
    ensemble = load_model(trained.out.strip())
    edges = {str(member.network.numeric_embedding) for member in ensemble.members}
    assert len(edges) == len(ensemble.members) == 3
    assert nnscratch("export", trained.out.strip(), "--to", "python", "--output", "e.py").code == 0
    assert_exported_agrees(ensemble, Path("e.py"))
