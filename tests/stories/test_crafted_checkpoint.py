"""Checkpoints with right checksums but wrong content are refused in one line or do no harm."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnscratch.files import npz
from nnscratch.model.model import Model
from tests.conftest import Command

CONFIG = "dataset: not\narchitecture: [2]\nepochs: 2\noptimizer: {name: sgd, momentum: 0.5}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nnscratch: Command) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_bytes(CONFIG.encode())
    result = nnscratch("train", "tiny.yaml", "--quiet", "--no-plots")
    assert result.code == 0, result.err
    return Path(result.out.strip())


LAST: dict[str, Any] = {
    "epoch": 2,
    "scores": {"loss": 0.5, "accuracy": 1.0},
    "learning_rate": 0.1,
    "seconds": 0.1,
}
EPOCHS: list[Any] = [-1, 0, 3, 10**12, 1.5, None, True, [2]]
SCORES: list[Any] = [None, [], 5, {}, {"loss": "x"}]
STATES: list[Any] = [{}, [], {"steps": "x"}, {"steps": None}, None, 5]
WRONG: dict[str, list[Any]] = {
    "last": [
        *[None, 5, [], {}, {**LAST, "epoch": "2"}, {**LAST, "x": 1}],
        *[{**LAST, "epoch": value} for value in EPOCHS],
        *[{**LAST, "scores": value} for value in SCORES],
    ],
    "best": [5, [], {"epoch": 1}, "best", {**LAST, "scores": None}],
    "seconds": [None, "x", [], {}, 10**400],
    "numbers": [
        *[None, 5, [], {}],
        *[{"optimizer": value} for value in STATES],
    ],
    "config": [None, 5, [], {}, {"dataset": "xor"}, {"dataset": 5}],
    "data_fingerprint": [None, 5, "0" * 64, []],
    "format": [None, "nnscratch model", []],
    "version": [None, 0, 2, "1", [1]],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in WRONG.items() for value in values], ids=repr
)
def test_a_checkpoint_that_describes_another_training_run(
    key: str, value: object, run: Path, nnscratch: Command
) -> None:
    arrays, manifest = npz.read(run / "checkpoint.npz")
    npz.write(run / "checkpoint.npz", arrays, {**manifest, key: value})
    refused_or_harmless(run, nnscratch)


@pytest.mark.parametrize("array", [None, 5.0, "ints", "other dtype", "longer", "two axes", "nan"])
@pytest.mark.parametrize("part", ["weights", "best_weights", "optimizer.velocity"])
def test_a_checkpoint_whose_arrays_do_not_fit(
    array: object, part: str, run: Path, nnscratch: Command
) -> None:
    arrays, manifest = npz.read(run / "checkpoint.npz")
    old = arrays.get(part, arrays["weights"])
    wrong = {
        5.0: np.array(5.0),
        "ints": np.ones(old.shape, np.int64),
        "other dtype": old.astype(np.float64),
        "longer": np.ones(old.size + 1, old.dtype),
        "two axes": old.reshape(1, -1),
        "nan": np.full_like(old, np.nan),
    }
    if array is None:
        arrays.pop(part, None)
    elif (part, array) == ("optimizer.velocity", "nan"):
        pytest.skip("a training that diverges at once says so")
    else:
        arrays[part] = wrong[array]
    npz.write(run / "checkpoint.npz", arrays, manifest)
    refused_or_harmless(run, nnscratch)


def refused_or_harmless(run: Path, nnscratch: Command) -> None:
    """What is refused is said in one line and changes nothing; else the run goes on to its end."""
    copy = run.with_name(f"copy-{run.name}")
    shutil.copytree(run, copy)
    result = nnscratch("resume", copy, "epochs=4", "--quiet", "--no-plots")
    assert "Traceback" not in result.err
    assert "mistake in nnscratch" not in result.err, result.err
    if result.code:
        assert result.code in (1, 2)
        assert all(line.startswith("error: ") for line in result.err.splitlines()), result.err
        for path in run.iterdir():
            assert path.read_bytes() == (copy / path.name).read_bytes(), path.name
    else:
        rows = (copy / "metrics.csv").read_text().splitlines()
        assert [row.split(",")[0] for row in rows] == ["epoch", "1", "2", "3", "4"]
        assert np.isfinite(Model.load(copy).network.params.flat).all()
