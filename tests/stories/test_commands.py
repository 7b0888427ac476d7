"""Each command prints what it promises, where it promises, and leaves the right files."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Model
from tests.conftest import TRUTH, Command

GATES = {**TRUTH, "not": [1, 0]}


@pytest.mark.parametrize("name", ["xor", "parity", "four-points", "xor-two-sigmoids", "not"])
def test_a_runs_own_config_trains_to_the_same_bits(
    name: str, workplace: Path, nnscratch: Command
) -> None:
    first = (
        workplace
        / nnscratch(
            "train", f"configs/{name}.yaml", "epochs=40", "batch_size=2", "--quiet", "--no-plots"
        ).out.strip()
    )
    second = (
        workplace / nnscratch("train", first / "config.yaml", "--quiet", "--no-plots").out.strip()
    )
    assert first != second
    assert (first / "weights.npz").read_bytes() == (second / "weights.npz").read_bytes()
    assert (first / "config.yaml").read_text() == (second / "config.yaml").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_a_bar_redrawn_ten_times_a_second(workplace: Path) -> None:
    import pty

    screen, terminal = pty.openpty()
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "nnscratch", "train", "configs/xor.yaml", "epochs=20000",
         "--no-plots"],
        cwd=workplace,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(screen, 65536):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(screen)
    assert process.wait() == 0
    assert b"20,000/20,000" in shown
    assert b"rows/s" in shown
    assert shown.count(b"rows/s") <= 10 * (time.monotonic() - started) + 3


def test_plot_draws_one_run_and_several(workplace: Path, trained: Path, nnscratch: Command) -> None:
    result = nnscratch("plot")
    assert result.out == f"wrote runs/{trained.name}/plots/curves.png\n"
    assert (trained / "plots" / "curves.png").read_bytes().startswith(b"\x89PNG")
    nnscratch("train", "configs/and.yaml", "--quiet", "--no-plots")
    assert nnscratch("plot", "xor", "and", "--output", "both.svg").code == 0
    svg = Path("both.svg").read_text()
    assert "<svg" in svg
    (workplace / "runs" / "a$b^^$c").mkdir()  # what matplotlib takes for mathematics
    for name in ("run.json", "metrics.csv"):
        (workplace / "runs" / "a$b^^$c" / name).write_bytes((trained / name).read_bytes())
    assert nnscratch("plot", "runs/a$b^^$c", "xor", "--output", "dollar.png").code == 0
    assert nnscratch("plot", "runs/a$b^^$c").code == 0
    again = nnscratch("plot", "xor", "and", "--output", "both.svg")
    assert again.code == 2
    assert "exists already" in again.err
    assert Path("both.svg").read_text() == svg


def test_a_file_of_the_user_is_never_overwritten_by_a_plot(
    trained: Path, nnscratch: Command
) -> None:
    nnscratch("train", "configs/and.yaml", "--quiet", "--no-plots")
    Path("curves.png").write_text("mine")
    result = nnscratch("plot", "xor", "and")
    assert (result.code, Path("curves.png").read_text()) == (2, "mine")
    assert nnscratch("plot", "xor").code == 0
    assert nnscratch("plot", "xor").code == 0  # a run's own picture of itself


def test_validate_passes_all_shipped_configs(workplace: Path, nnscratch: Command) -> None:
    configs = sorted((workplace / "configs").glob("*.yaml"))
    result = nnscratch("validate", *configs)
    assert result.code == 0
    assert result.out.count(": fine") == len(configs)


def test_validate_reports_every_file(workplace: Path, nnscratch: Command) -> None:
    (workplace / "a.yaml").write_text("dataset: xro\nepochs: -1\n")
    (workplace / "b.yaml").write_text("dataset: xor\noutput_activation: tanh\n")
    result = nnscratch("validate", "a.yaml", "configs/xor.yaml", "b.yaml")
    assert result.code == 2
    assert result.out == "configs/xor.yaml: fine\n"
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert [line.split()[1] for line in errors] == ["a.yaml:1:1:", "a.yaml:2:1:", "b.yaml:2:1:"]
    assert "\n      1 | dataset: xro\n        | ^\n" in result.err


def test_the_weights_are_those_after_the_last_epoch(trained: Path, nnscratch: Command) -> None:
    longer = nnscratch("train", "configs/xor.yaml", "epochs=501", "--quiet", "--no-plots")
    first, second = Model.load(trained), Model.load(longer.out.strip())
    difference = np.abs(first.network.params.flat - second.network.params.flat).max()
    assert 0 < difference < 0.06  # one step of Adam moves a weight by about its learning rate


@pytest.mark.parametrize(
    "command", ["train", "predict", "evaluate", "plot", "runs", "show", "validate"]
)
def test_every_command_has_help_with_an_example(command: str, nnscratch: Command) -> None:
    result = nnscratch(command, "--help")
    assert result.code == 0
    assert f"Example: nnscratch {command}" in result.out


def test_without_a_command_the_help_is_printed_as_a_usage_error(nnscratch: Command) -> None:
    result = nnscratch()
    assert result.code == 2
    assert "Commands:" in result.out


def test_version(nnscratch: Command) -> None:
    assert nnscratch("--version").out == "nnscratch 0.1.0\n"
