"""Schedules on the command line are drawn before training, recorded by it, refused if senseless."""

from pathlib import Path

import pytest

from nnscratch.runs import read_metrics
from tests.conftest import Command


@pytest.fixture
def config(workplace: Path) -> str:
    (workplace / "mine.yaml").write_text("dataset: xor\nepochs: 4\nschedule: linear\nlr: 0.5\n")
    return "mine.yaml"


def test_a_schedule_is_drawn_without_training_and_overwrites_nothing(
    config: str, workplace: Path, nnscratch: Command
) -> None:
    drawn = nnscratch("plot", "--kind", "schedule", config)
    assert (drawn.code, drawn.out) == (0, "wrote mine-schedule.png\n")
    assert (workplace / "mine-schedule.png").read_bytes().startswith(b"\x89PNG")
    assert not (workplace / "runs").exists()
    assert nnscratch("plot", "--kind", "schedule", config).code == 2
    assert nnscratch("plot", "--kind", "schedule", config, "--output", "rate.svg").code == 0
    assert b"<svg" in (workplace / "rate.svg").read_bytes()


@pytest.mark.parametrize("configs", [[], ["mine.yaml", "mine.yaml"], ["nowhere.yaml"]])
def test_a_schedule_needs_exactly_one_config(
    configs: list[str], config: str, nnscratch: Command
) -> None:
    result = nnscratch("plot", "--kind", "schedule", *configs)
    assert result.code == 2
    assert result.err.startswith("error: ")


def test_the_rates_are_in_the_metrics_and_the_schedule_in_the_config(
    config: str, workplace: Path, nnscratch: Command
) -> None:
    run = workplace / nnscratch("train", config, "--quiet", "--no-plots").out.strip()
    # XOR's four rows are one step an epoch: 0.5 (1 - t / 4).
    assert read_metrics(run)["learning_rate"] == pytest.approx([0.5, 0.375, 0.25, 0.125])
    assert "schedule: {name: linear, warmup_epochs: 0.0, end: 0.0}" in (
        run / "config.yaml"
    ).read_text().replace("\n  ", " ")


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        ("schedule.warmup_epochs=4", "`schedule.warmup_epochs` must be below `epochs`, 4"),
        ("schedule=cosin", "did you mean cosine?"),
        ("schedule={name: step, every: 0}", "`schedule.every` must be at least 1e-09"),
        ("schedule={name: exponential, gamma: 1.5}", "`schedule.gamma` must be at most 1"),
        ("schedule={name: one_cycle, peak: 1}", "`schedule.peak` must be below 1"),
        ("schedule.every=3", "`schedule.every` is an unknown key"),
    ],
)
def test_senseless_schedules_are_refused_before_training(
    change: str, fragment: str, config: str, workplace: Path, nnscratch: Command
) -> None:
    result = nnscratch("train", config, change)
    assert result.code == 2
    assert fragment in result.err
    assert not (workplace / "runs").exists()
