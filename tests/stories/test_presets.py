"""A preset from a config to a run: it is shown with its reasons, and a run keeps what it set.

What a later version of a preset sets must not change a run that was made before.
"""

from pathlib import Path

import pytest

from nnscratch.config.presets import PRESETS, Preset
from tests.conftest import Command

CONFIG = """
dataset: {name: iris, validation: 0.15}
preset: tabular
ensemble: 1
architecture: [8, 6]
epochs: 4
max_seconds: 1000
"""


def change_presets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces the preset by what a later version might make of it."""
    values = {"epochs": 7, "learning_rate": 0.5, "average": 0.9, "input_scale": False}
    monkeypatch.setitem(PRESETS, "tabular", Preset("Later.", values, dict.fromkeys(values, "new")))


def test_show_says_what_it_sets_and_why(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(CONFIG)

    shown = nnscratch("show", "mine.yaml", "dropout=0.4").out.splitlines()

    preset = PRESETS["tabular"]
    for key in preset.values.keys() - {
        "ensemble",
        "own_validation",
        "architecture",
        "epochs",
        "dropout",
    }:
        (line,) = [line for line in shown if line.startswith(f"{key}: ")]
        assert line.endswith(f"  # preset tabular: {preset.reasons[key]}")
    assert "architecture: [8, 6]" in shown
    assert "dropout: 0.4" in shown
    # What it prints is a config that describes the same run.
    text = "\n".join(shown).partition("\n\n")[0]
    Path("shown.yaml").write_text(text)
    again = nnscratch("show", "shown.yaml").out.partition("\n\n")[0]
    assert [line.partition("  # ")[0] for line in again.splitlines()] == [
        line.partition("  # ")[0] for line in text.splitlines()
    ]


@pytest.mark.parametrize(
    ("dataset", "reasoned"),
    [
        ("name: iris, validation: 0.15", {"calibrate", "own_validation"}),
        ("name: iris, validation: 0", set()),
        ("name: iris, validation: 0.15, split: in_order", {"calibrate"}),
        ("name: diabetes, validation: 0.15", {"own_validation"}),  # numbers have no temperature
    ],
)
def test_show_gives_the_reason_for_what_is_in_use(
    dataset: str, reasoned: set[str], tmp_path: Path, nnscratch: Command
) -> None:
    config = tmp_path / "mine.yaml"
    config.write_text(f"dataset: {{{dataset}}}\npreset: tabular\n")
    shown = nnscratch("show", config).out.splitlines()
    for key in ("calibrate", "own_validation"):
        (line,) = [line for line in shown if line.startswith(f"{key}: ")]
        why = f"preset tabular: {PRESETS['tabular'].reasons[key]}"
        assert line.partition("  # ")[2] == (why if key in reasoned else "preset tabular")


def test_a_run_stays_as_it_is_when_the_preset_changes(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(CONFIG)
    assert nnscratch("train", "mine.yaml", "--quiet", "--no-plots", "--name", "old").code == 0
    before = nnscratch("show", "old").out
    change_presets(monkeypatch)

    assert nnscratch("show", "old").out == before
    verified = nnscratch("verify", "old")
    assert verified.code == 0, verified.err
    assert "bit for bit" in verified.out
    resumed = nnscratch("resume", "old", "max_seconds=2000")
    assert "is completed" in resumed.err
    # A new run has what the word means now.
    assert "average: {decay: 0.9}" in nnscratch("show", "mine.yaml").out


def test_what_a_preset_makes_can_be_looked_into(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(CONFIG)
    assert nnscratch("gradcheck", "mine.yaml", "--most", 2, "--rows", 3).code == 0
    assert nnscratch("train", "mine.yaml", "--quiet", "--no-plots", "--name", "one").code == 0
    explained = nnscratch("explain", "one", "--row", 1).out
    for part in ("\nembedding\n", "\ninput_scale\n", "\ngradients of input_scale\n"):
        assert part in explained
    assert "each step is multiplied by the factor of its kind: 1 / √inputs for W" in explained
