"""Labels of runs: what differs, and nothing else; no two are the same."""

from pathlib import Path

import pytest

from nnscratch.plots.plotted_run import PlottedRun
from nnscratch.plots.run_labels import label_runs
from nnscratch.runs import RunFiles


def run_with(directory: Path, settings: str) -> PlottedRun:
    directory.mkdir(parents=True)
    (directory / "config.yaml").write_text(f"dataset: xor\n{settings}\n")
    (directory / "run.json").write_text("{}")
    return PlottedRun(RunFiles(directory / "weights.npz", directory))


@pytest.mark.parametrize(
    ("settings", "labels"),
    [
        (
            ["learning_rate: 0.1", "learning_rate: 0.01"],
            ["learning_rate 0.1", "learning_rate 0.01"],
        ),
        (["seed: 1\nepochs: 5", "seed: 2\nepochs: 5"], ["seed 1", "seed 2"]),
        (["name: a\nseed: 1", "name: b\nseed: 2"], ["seed 1", "seed 2"]),
        (["epochs: 5", "epochs: 5"], ["run-0", "run-1"]),  # nothing differs
        (
            ["seed: 1\nepochs: 5", "seed: 2\nepochs: 6"],
            ["epochs 5, seed 1", "epochs 6, seed 2"],
        ),
        (
            ["seed: 1", "seed: 2\nepochs: 6\nl2: 0.1\nlearning_rate: 0.5"],
            ["run-0", "run-1"],  # too much to read
        ),
        (
            ["learning_rate: 0.1", "learning_rate: 0.1", "learning_rate: 0.2"],
            ["learning_rate 0.1, run-0", "learning_rate 0.1, run-1", "learning_rate 0.2"],
        ),
    ],
)
def test_runs_are_called_by_what_differs(
    tmp_path: Path, settings: list[str], labels: list[str]
) -> None:
    runs = [run_with(tmp_path / f"run-{i}", text) for i, text in enumerate(settings)]
    found = [{*label.split(", ")} for label in label_runs(runs)]
    assert found == [{*label.split(", ")} for label in labels]


def test_runs_without_a_config_are_called_by_name_or_path(tmp_path: Path) -> None:
    named = [PlottedRun(RunFiles(tmp_path / f"{name}.npz", None)) for name in "ab"]
    assert label_runs(named) == ["a.npz", "b.npz"]
    alike = [PlottedRun(RunFiles(tmp_path / name / "a.npz", None)) for name in "ab"]
    assert label_runs(alike) == [str(tmp_path / name / "a.npz") for name in "ab"]
