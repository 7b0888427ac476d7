"""`nnscratch compare` and `nnscratch runs`: what differs, what came of it, and how runs ended."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.conftest import Command
from tests.stopped import edit_record, quick_disk, read_record, start, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
USAGE, FAILED = 2, 1


@pytest.fixture
def config(workplace: Path) -> Path:
    return write_config(workplace, "", epochs=3)


def as_json(nnscratch: Command, *runs: object) -> dict[str, Any]:
    result = nnscratch("compare", *runs, "--format", "json")
    assert result.code == 0, result.err
    found = json.loads(result.out)
    assert isinstance(found, dict)
    return found


def table(nnscratch: Command, *runs: object) -> dict[str, list[str]]:
    """Returns the table's rows by their first column; cells hold no two blanks."""
    result = nnscratch("compare", *runs)
    assert result.code == 0, result.err
    lines = [line.split("  ") for line in result.out.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    return {row[0]: row[1:] for row in cells if row}


def test_two_runs_show_what_differs_and_what_came_of_it(config: Path, nnscratch: Command) -> None:
    one, two = start(config), start(config, "optimizer=sgd", "epochs=4", "seed=7", "log_test=true")
    found = as_json(nnscratch, one, two)
    assert found["runs"] == [str(one), str(two)]
    assert found["settings"] == {
        "seed": [42, 7],
        "optimizer": ["adam", "sgd"],
        "optimizer.beta_1": [0.9, None],
        "optimizer.beta_2": [0.999, None],
        "optimizer.epsilon": [1e-8, None],
        "optimizer.momentum": [None, 0.0],
        "optimizer.nesterov": [None, False],
        "epochs": [3, 4],
        "log_test": [False, True],
    }
    # The seed decides which rows are held out, not what the data is.
    assert found["circumstances"].keys() <= {"data"}
    records = [read_record(run) for run in (one, two)]
    results = found["results"]
    assert results["status"] == ["completed", "completed"]
    assert results["epochs"] == [3, 4]
    # 3 · 5 + 5, 5 · 4 + 4 and 4 + 1
    assert results["parameters"] == [49, 49]
    assert results["last loss"] == [record["final"]["loss"] for record in records]
    assert results["best val_loss"] == [record["best"]["val_loss"] for record in records]
    assert results["last test_loss"] == [None, records[1]["final"]["test_loss"]]
    assert results["test accuracy"] == [record["test"]["accuracy"] for record in records]


def test_the_table_says_the_same_in_words(config: Path, nnscratch: Command) -> None:
    runs = [start(config, *changes) for changes in (
        [], ["architecture=[5,5]", "dropout=0.25"], ["max_norm=2.5", "use_bias=false"]
    )]  # fmt: skip
    rows = table(nnscratch, *runs)
    assert [rows[letter] for letter in "ABC"] == [[str(run)] for run in runs]
    assert rows["use_bias"] == ["true", "true", "false"]
    assert rows["dropout"] == ["0.0", "0.25", "0.0"]
    assert rows["max_norm"] == ["2.5"]
    assert "seed" not in rows
    assert rows["parameters"] == ["49", "56", "39"]
    losses = [read_record(run)["final"]["loss"] for run in runs]
    assert rows["last loss"] == [f"{loss:.4f}" for loss in losses]
    tests = [read_record(run)["test"]["accuracy"] for run in runs]
    assert rows["test accuracy"] == [f"{value:.1%}" for value in tests]


def test_the_same_settings_are_said_to_be_so(config: Path, nnscratch: Command) -> None:
    one, two = start(config), start(config)
    assert "all settings are the same" in nnscratch("compare", one, two).out
    found = as_json(nnscratch, one, two, one)
    assert (found["settings"], found["circumstances"]) == ({}, {})
    assert len(found["results"]["status"]) == 3


def test_other_circumstances_are_shown(config: Path, nnscratch: Command) -> None:
    one, two = start(config), start(config)
    versions = {**read_record(one)["versions"], "numpy": "1.0.0"}
    edit_record(two, versions=versions, threads=64)
    found = as_json(nnscratch, one, two)["circumstances"]
    assert found["numpy version"] == [read_record(one)["versions"]["numpy"], "1.0.0"]
    assert found["BLAS threads"][1] == 64


@pytest.mark.parametrize("names", [[], ["mine"]])
def test_too_few_runs_are_refused(names: list[str], config: Path, nnscratch: Command) -> None:
    start(config)
    result = nnscratch("compare", *names)
    assert result.code == USAGE
    assert result.err.startswith("error: ")


@pytest.mark.parametrize("name", ["nothing", "", "alone.npz", "mine.yaml", "configs"])
def test_what_is_no_run_is_refused(name: str, config: Path, nnscratch: Command) -> None:
    run = start(config)
    shutil.copy(run / "weights.npz", "alone.npz")
    result = nnscratch("compare", run, name)
    assert (result.code, result.out) == (USAGE, "")
    assert result.err.startswith("error: ")


@pytest.mark.parametrize(
    "changes",
    [
        {"versions": 5},
        {"versions": None},
        {"final": 5},
        {"final": {"loss": None}},
        {"final": {"loss": "x"}},
        {"best": []},
        {"test": "x"},
        {"threads": {}},
        {"seconds": "long", "epochs_done": []},
        {"status": 5},
        {"final": {"loss": float("nan")}},
        {"final": {"accuracy": None}},
        {"final": {"accuracy": True}},
    ],
    ids=str,
)
@pytest.mark.parametrize("command", ["compare", "compare --format json", "runs"])
def test_a_strange_record_is_no_mistake_of_nnscratch(
    command: str, changes: dict[str, Any], config: Path, nnscratch: Command
) -> None:
    one, two = start(config), start(config)
    edit_record(two, **changes)
    name, *options = command.split()
    result = nnscratch(name, *([one, two] if name == "compare" else []), *options)
    assert "mistake in nnscratch" not in result.err
    if command == "runs":
        assert result.code == 0
        assert one.name in result.out
    if result.code:
        assert "run.json" in result.err


def test_a_figure_that_was_not_finite_is_an_empty_cell(config: Path, nnscratch: Command) -> None:
    one, two = start(config), start(config)
    edit_record(two, final={**read_record(two)["final"], "loss": None})
    loss = read_record(one)["final"]["loss"]
    assert as_json(nnscratch, one, two)["results"]["last loss"] == [loss, None]
    assert table(nnscratch, one, two)["last loss"] == [f"{loss:.4f}"]
    assert nnscratch("plot", two, "--kind", "curves").code == 0


@pytest.mark.parametrize("name", ["run.json", "config.yaml"])
def test_a_damaged_run_is_named(name: str, config: Path, nnscratch: Command) -> None:
    one, two = start(config), start(config)
    (two / name).write_text("{")
    result = nnscratch("compare", one, two)
    assert result.code in (FAILED, USAGE)
    assert f"{two / name}" in result.err


def test_a_run_without_a_finished_epoch_can_be_compared(config: Path, nnscratch: Command) -> None:
    one, two = start(config), start(config)
    keep = ("status", "name", "started", "pid", "versions", "threads")
    (two / "run.json").write_text(json.dumps({k: read_record(two)[k] for k in keep}))
    found = as_json(nnscratch, one, two)["results"]
    assert found["epochs"] == [3, None]
    assert table(nnscratch, one, two)["epochs"] == ["3"]


@pytest.mark.skipif(os.name == "nt", reason="needs locks")
def test_runs_are_listed_with_how_they_ended(config: Path, nnscratch: Command) -> None:
    import fcntl

    running, killed = start(config, until=1), start(config, until=1)
    start(config), start(config, until=2)
    for run in (running, killed):
        edit_record(run, status="running", pid=1)
    failed, odd = start(config), start(config)
    edit_record(failed, status="failed")
    edit_record(odd, status="diverged")
    with (running / "metrics.csv").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        result = nnscratch("runs")
    assert result.code == 0
    lines = [line.split() for line in result.out.splitlines()[2:]]
    assert [line[:3] for line in lines] == [
        [running.name, "running", "1"],
        [killed.name, "interrupted", "1"],
        *([line[0], status, n] for line, status, n in zip(
            lines[2:], ("completed", "interrupted", "failed", "diverged"), "3233", strict=True
        )),
    ]  # fmt: skip
    assert nnscratch("runs").out.split().count("running") == 0


def test_on_a_terminal_long_settings_take_several_lines(
    config: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("tables", "commands.compare"):
        monkeypatch.setattr(f"nnscratch.cli.{module}.console", lambda **_: Console(width=80))
    units = [*range(2, 60)]
    one, two = start(config), start(config, f"architecture={units}")
    lines = nnscratch("compare", one, two).out.splitlines()[2:]  # below the names of the runs
    assert max(map(len, lines)) <= 80
    begin = next(i for i, line in enumerate(lines) if line.startswith("architecture"))
    shown = " ".join([lines[begin].split("[")[2], *map(str.strip, lines[begin + 1 :])])
    assert shown.startswith(", ".join(map(str, units)))


def test_many_runs_take_a_row_each(
    config: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = [
        [f"learning_rate={rate}", f"optimizer={name}"]
        for rate in (1e-4, 0.5)
        for name in ("adam", "sgd")
    ]
    runs = [start(config, *more) for more in changes]
    piped = nnscratch("compare", *runs)
    assert piped.err == ""
    place, header, _, *rows = piped.out.splitlines()
    assert place == f"4 runs in {runs[0].parent}"
    names = re.split("  +", header.strip())
    # All that differs, the details of the optimizers among them, and all results.
    assert names[:2] == ["run", "optimizer"]
    assert {"optimizer.momentum", "learning_rate", "status", "parameters", "test accuracy"} <= {
        *names
    }
    assert [row.split()[:2] for row in rows] == [
        [run.name, name] for run, name in zip(runs, ("adam", "sgd", "adam", "sgd"), strict=True)
    ]
    losses = [read_record(run)["test"]["loss"] for run in runs]
    assert all(f"{loss:.4f}" in row for loss, row in zip(losses, rows, strict=True))

    monkeypatch.setattr("nnscratch.cli.run_table.console", lambda **_: Console(width=80))
    shown = nnscratch("compare", *runs)
    lines = shown.out.splitlines()
    assert max(map(len, lines[1:])) <= 80  # the folder above is as long as it is
    assert "status completed" in lines[1]
    assert "parameters 49" in lines[1]
    (line,) = (line for line in lines if line.startswith("run "))
    # The settings and the figures of the test rows are the last to go.
    assert line.split()[:3] == ["run", "optimizer", "learning_rate"]
    assert line.split()[-2:] == ["loss", "accuracy"]
    assert [line.split()[0] for line in lines[-4:]] == [run.name for run in runs]
    assert "more columns" in shown.err


def test_of_two_directories_of_many_runs_chance_is_judged_in_lines_that_fit(
    config: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("wide", "narrow"):
        made = nnscratch("train", config, "--folds", "2", "--name", name, "--no-plots")
        assert made.code == 0, made.err
    monkeypatch.setattr("nnscratch.cli.commands.compare.console", lambda **_: Console(width=60))
    shown = nnscratch("compare", "wide", "narrow").out
    verdicts = shown.split("\n\n")[1]
    assert max(map(len, verdicts.splitlines())) <= 60
    assert "test accuracy: " in verdicts
    # Neither has a best epoch, as their runs have one each.
    assert "best epoch" not in shown
