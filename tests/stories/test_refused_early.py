"""What can be said without data from the network, or a long look at a table, is said before."""

import os
from pathlib import Path

import pytest

from tests.conftest import Command

USAGE, FAILED = 2, 1


@pytest.fixture
def alone(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on a computer where nothing was fetched and nothing can be."""

    def unreachable(*_: object, **__: object) -> None:
        raise AssertionError("asks the network")

    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(workplace / "nothing"))
    monkeypatch.setattr("nnscratch.data.fetching._call", unreachable)
    return workplace


@pytest.mark.parametrize("command", ["explain", "graph"])
@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (["--input", "0,1", "--row", "3"], "error: give --input, or --row with --split, not both"),
        (["--target", "3"], "error: --target is the target of --input; a row has its own"),
    ],
    ids=str,
)
def test_options_that_do_not_go_together(
    command: str, options: list[str], rule: str, alone: Path, nnscratch: Command
) -> None:
    assert nnscratch(command, "configs/mnist.yaml", *options) == (USAGE, "", f"{rule}\n")


def test_a_picture_that_is_there(alone: Path, nnscratch: Command) -> None:
    Path("mine.svg").write_text("precious")
    result = nnscratch("graph", "configs/mnist.yaml", "--output", "mine.svg")
    assert result == (USAGE, "", "error: mine.svg: exists already; --output writes another\n")
    assert Path("mine.svg").read_text() == "precious"


@pytest.mark.parametrize("dataset", ["mnist", "{name: openml, data_id: 61}"])
@pytest.mark.parametrize("command", ["train", "validate", "show", "doctor", "gradcheck", "explain"])
def test_settings_that_contradict_each_other(
    command: str, dataset: str, alone: Path, nnscratch: Command
) -> None:
    config = f"dataset: {dataset}\narchitecture: []\nepochs: 3\ndropout: 0.5\n"
    Path("mine.yaml").write_text(f"{config}schedule: {{name: cosine, warmup_epochs: 3}}\n")
    result = nnscratch(command, "mine.yaml")
    assert (result.code, result.out) == (USAGE, "")
    errors = [line for line in result.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 2
    assert errors[0].startswith("error: mine.yaml:4")
    assert "warmup_epochs" in errors[1]
    assert not Path("runs").exists()


def test_a_folder_for_runs_that_is_none(alone: Path, nnscratch: Command) -> None:
    Path("file").touch()
    result = nnscratch("train", "configs/mnist.yaml", "--runs-dir", "file")
    assert (result.code, result.out) == (FAILED, "")
    assert result.err == "error: file: cannot write the run: it is a file, not a folder\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_config_that_is_there_before_the_table_is_read(
    workplace: Path, nnscratch: Command
) -> None:
    Path("mine.yaml").write_text("precious")
    # Whoever opened it would wait for somebody to write into it.
    os.mkfifo("table.csv")
    result = nnscratch("init", "csv", "table.csv", "--output", "mine.yaml")
    assert result.code == USAGE
    assert result.err.startswith("error: mine.yaml: exists already; --force replaces it")
    assert Path("mine.yaml").read_text() == "precious"


def test_a_table_of_predictions_that_nothing_can_hold(trained: Path, nnscratch: Command) -> None:
    result = nnscratch("predict", trained, "--csv", "absent.csv", "--output", "no/where.csv")
    assert result == (FAILED, "", "error: no/where.csv: No such file or directory\n")
