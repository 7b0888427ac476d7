"""`nnscratch train`: a whole run directory, and what is printed of it."""

import json
import re
from pathlib import Path

from tests.conftest import Command

RUN_FILES = {"config.yaml", "metrics.csv", "run.json", "weights.npz", "checkpoint.npz"}


def test_train_makes_a_whole_run(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "configs/xor.yaml")
    assert result.code == 0
    (run,) = (workplace / "runs").iterdir()
    assert re.fullmatch(r"xor-\d{8}-\d{6}", run.name)
    files = {str(path.relative_to(run)) for path in run.rglob("*") if path.is_file()}
    kinds = ("loss", "accuracy", "boundary", "diagram", "confusion", "gradients", "histograms")
    plots = {f"plots/{kind}.png" for kind in kinds}
    assert files == {*RUN_FILES, *plots}
    assert all((run / name).read_bytes().startswith(b"\x89PNG") for name in plots)
    record = json.loads((run / "run.json").read_text())
    assert record["status"] == "completed"
    assert record["stop_reason"] == "all epochs done"
    assert record["parameters"] == 33
    assert record["epochs_done"] == 500
    assert record["final"]["accuracy"] == 1.0
    assert record["final"]["loss"] == record["best"]["loss"]
    assert len((run / "metrics.csv").read_text().splitlines()) == 501


def test_quiet_prints_the_path_and_nothing_else(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", "configs/xor.yaml", "--quiet", "--no-plots")
    assert result.err == ""
    (run,) = (workplace / "runs").iterdir()
    assert result.out == f"runs/{run.name}\n"


def test_overrides_and_options_of_train(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch(
        "train", "configs/xor.yaml", "epochs=3", "optimizer=sgd", "--runs-dir", "elsewhere",
        "--name", "mine", "--quiet", "--no-plots",
    )  # fmt: skip
    run = workplace / result.out.strip()
    assert run.parent.name == "elsewhere"
    assert run.name.startswith("mine-")
    assert len((run / "metrics.csv").read_text().splitlines()) == 4
    assert "name: sgd" in (run / "config.yaml").read_text()
