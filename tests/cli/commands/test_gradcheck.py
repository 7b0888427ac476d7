"""`nnscratch gradcheck`: right for every shipped config, and a planted mistake fails it."""

from pathlib import Path

import numpy as np
import pytest

from nnscratch.nn.activations.sigmoids import Tanh
from tests.conftest import ROOT, Command

CONFIGS = [p for p in sorted((ROOT / "configs").glob("*.yaml")) if "mnist" not in p.name]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_shipped_config_is_right(config: Path, workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("gradcheck", config, "l1=0.001", "l2=0.01", "--most", 40)
    assert result.code == 0, result.out
    assert "WRONG" not in result.out
    assert "dense_1.kernel" in result.out
    assert not (workplace / "runs").exists()


def test_dropout_normalization_and_weights_are_checked_too(
    workplace: Path, nnscratch: Command
) -> None:
    changes = ["dropout=0.3", "batch_norm=true", "label_smoothing=0.1", "class_weight={setosa: 3}"]
    result = nnscratch("gradcheck", "configs/iris.yaml", *changes, "--most", 40)
    assert result.code == 0, result.out + result.err
    assert "batch_norm_1.gamma" in result.out
    assert "WRONG" not in result.out


def test_a_variance_of_one_row_is_the_users_mistake(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("gradcheck", "configs/xor.yaml", "batch_norm=true", "--rows", 1)
    assert result.code == 2
    assert result.err == "error: batch_norm needs at least 2 rows to compute a variance\n"


def test_a_wrong_derivative_fails(
    workplace: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubled(self: object, z: np.ndarray, output: np.ndarray, grad: np.ndarray) -> None:
        grad *= 2 * (1 - output * output)

    monkeypatch.setattr(Tanh, "backward", doubled)
    result = nnscratch("gradcheck", "configs/xor.yaml")
    assert result.code == 1
    verdicts = {line.split()[0]: line.split()[-1] for line in result.out.splitlines()[2:]}
    assert verdicts == {
        "dense_1.kernel": "WRONG", "dense_1.bias": "WRONG",
        "dense_2.kernel": "right", "dense_2.bias": "right",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (["nowhere.yaml"], "cannot be read"),
        (["configs/xor.yaml", "l2=-1"], "`l2` must be at least 0"),
        (["configs/xor.yaml", "l1=x"], "`l1` must be a number"),
        (["configs/xor.yaml", "clip_norm=0"], "`clip_norm` must be above 0"),
        (["configs/xor.yaml", "--rows", "0"], "--rows"),
        (["configs/xor.yaml", "--most", "x"], "--most"),
    ],
)
def test_wrong_requests_are_usage_errors(
    arguments: list[str], fragment: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("gradcheck", *arguments)
    assert result.code == 2
    assert fragment in result.err
