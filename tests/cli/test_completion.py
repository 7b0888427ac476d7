"""What a shell offers to complete, asked for as the shell asks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnscratch.cli.completion import (
    complete_config,
    complete_plot_kind,
    complete_run,
    complete_setting,
)


def ask(*words: str) -> list[str]:
    """Returns what bash gets for the last of the words."""
    line = " ".join(["nnscratch", *words])
    environment = {"_NNSCRATCH_COMPLETE": "complete_bash", "COMP_WORDS": line}
    done = subprocess.run(
        [sys.executable, "-c", "from nnscratch.cli import run; run()"],
        env={**os.environ, **environment, "COMP_CWORD": str(len(words))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def make_run(name: str) -> None:
    (Path("runs") / name).mkdir(parents=True)
    (Path("runs") / name / "run.json").write_text("{}")


def test_a_shell_completes_commands_configs_settings_and_runs(workplace: Path) -> None:
    make_run("xor-20260101-000000")
    make_run("iris-20260102-000000")
    Path("mine.yaml").write_text("dataset: xor\n")
    assert ask("tra") == ["train"]
    assert ask("train", "m") == ["mine.yaml"]
    assert "configs/xor.yaml" in ask("train", "configs/x")
    assert ask("train", "mine.yaml", "ep") == ["epochs=20"]
    assert ask("resume", "x") == ["xor"]
    assert ask("compare", "xor", "runs/i") == ["runs/iris-20260102-000000"]


def test_settings_are_offered_with_a_value(workplace: Path) -> None:
    assert complete_setting("learning_r") == ["learning_rate=0.01"]
    assert complete_setting("optimizer.beta") == ["optimizer.beta_1=0.9", "optimizer.beta_2=0.999"]
    assert {"optimizer=sgd", "optimizer=adam"} <= set(complete_setting("optimizer="))
    assert complete_setting("dtype=") == ["dtype=float32", "dtype=float64"]
    assert complete_setting("zzz") == []
    assert complete_setting("nothing.of.this=") == []


def test_kinds_of_plots_are_offered(workplace: Path) -> None:
    assert complete_plot_kind("b") == ["boundary"]
    assert {"all", "curves", "training"} <= {*complete_plot_kind("")}
    assert ask("plot", "--kind", "sche") == ["schedule"]


def test_runs_are_offered_newest_first(workplace: Path) -> None:
    for name in ("a-20260101-000000", "b-20260103-000000", "a-20260102-000000"):
        make_run(name)
    assert complete_run("")[:3] == ["latest", "b", "a"]
    assert complete_run("runs/a") == ["runs/a-20260102-000000", "runs/a-20260101-000000"]


@pytest.mark.parametrize(
    "incomplete", ["nowhere/", "/nowhere/\0", "a" * 5000, "\ud800", "~nobody/x"]
)
def test_what_cannot_be_looked_up_is_met_with_silence(incomplete: str, workplace: Path) -> None:
    for complete in (complete_config, complete_run, complete_setting, complete_plot_kind):
        assert complete(incomplete) == []


def test_a_folder_is_offered_on_the_way_to_a_config(workplace: Path) -> None:
    (workplace / "deep" / "er").mkdir(parents=True)
    (workplace / "deep" / "er" / "x.yml").write_text("")
    assert complete_config("de") == ["deep/"]
    assert complete_config("deep/") == ["deep/er/"]
    assert complete_config("deep/er/") == ["deep/er/x.yml"]
