"""Tables: aligned, and never cut in a pipe."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from nnscratch import load_config, prepare
from nnscratch.cli.tables import print_predictions, print_table
from nnscratch.model.predictions import Rows, known_targets


def test_numbers_are_aligned_to_the_right_and_texts_to_the_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(["name", "rows"], [["a", 5], ["longer", 12_345]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "rows"]
    assert [line.rstrip() for line in lines[2:]] == ["a            5", "longer  12,345"]


def test_a_wide_table_is_not_cut_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a" * 200, "b"], [["x" * 300, "y" * 300]], stderr=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "x" * 300 in captured.err
    assert "y" * 300 in captured.err


def test_wide_characters_take_two_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["日本", "n"], [["é", 1], ["長い名前", 22]])
    lines = capsys.readouterr().out.splitlines()
    # Four Chinese characters are as wide as eight letters, and an accent is none of its own.
    assert lines[0] == "日本       n"
    assert lines[1] == "─" * 12
    assert lines[2:] == ["é          1", "長い名前  22"]


def test_a_name_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a\x1b[31m", "b\n"], [["c\r", "[bold]d[/]"]])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.splitlines() == ["a\\x1b[31m  b\\n", "─" * 21, "c\\r        [bold]d[/]"]


def test_a_table_without_rows_is_its_header(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a", "bc"], [])
    assert capsys.readouterr().out == "a  bc\n─────\n"


def test_thousands_of_rows_take_no_time(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [[f"run-{i}", "completed", i, 0.25, "50.0%", None, "3 d"] for i in range(5000)]
    began = time.process_time()
    print_table(list("abcdefg"), rows)
    seconds = time.process_time() - began
    assert len(capsys.readouterr().out.splitlines()) == 5002
    assert seconds < 1  # a millisecond a row would be five


def test_the_last_row_may_be_a_total(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["n"], [[1], [2], [3]], last_is_total=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in lines[2:]] == ["1", "2", "", "3"]


def test_a_closed_stderr_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return False

        def write(self, _: str) -> int:
            raise OSError("closed")

        def flush(self) -> None:
            raise OSError("closed")

    monkeypatch.setattr(sys, "stderr", Closed())
    print_table(["a"], [[1]], stderr=True)


def test_predictions_stand_beside_inputs_and_targets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("dataset: xor\n")
    experiment = prepare(load_config(path))
    split = experiment.dataset.splits["train"]
    targets = known_targets(experiment.model.encoding, split.targets)
    print_predictions(experiment.model, Rows(split.inputs, targets))
    header, _, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == ["row", "x1", "x2", "target", "prediction", "p(0)", "p(1)"]
    assert [row.split()[:4] for row in rows] == [
        ["0", "0", "0", "0"],
        ["1", "0", "1", "1"],
        ["2", "1", "0", "1"],
        ["3", "1", "1", "0"],
    ]
    print_predictions(experiment.model, Rows(np.array([[0.5, 0.5]])))
    assert "target" not in capsys.readouterr().out


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of forty columns."""
    monkeypatch.setattr("nnscratch.cli.tables.console", lambda **_: Console(width=40))


def test_on_a_terminal_columns_give_way_until_the_rest_fits(
    narrow: None, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ["row", *(f"input {i}" for i in range(8)), "prediction"]
    print_table(header, [[0, *[1.5] * 8, "a"]], expendable=range(1, 9))
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    # 3 + 10 and three columns of 7, each with a gap of 2.
    assert lines[0].split("  ") == ["row", "input 0", "input 1", "prediction"]
    assert max(map(len, lines)) <= 40
    assert captured.err == "… 6 more columns\n"


def test_columns_that_must_be_seen_stay_although_they_do_not_fit(
    narrow: None, capsys: pytest.CaptureFixture[str]
) -> None:
    print_table(["a", "prediction"], [["x" * 50, "y" * 50]], expendable=[0])
    captured = capsys.readouterr()
    assert "y" * 50 in captured.out.replace("\n", "")
    assert captured.err == "… 1 more column\n"


def test_in_a_pipe_no_column_gives_way(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["a"] * 9, [["x" * 2000] * 9], expendable=range(9), left_out=2)
    captured = capsys.readouterr()
    assert captured.out.count("x") == 18_000
    assert captured.err == "… 2 more columns\n"


def test_inputs_give_way_before_probabilities_and_these_before_ids(
    narrow: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("dataset: {name: xor, inputs: 3}\n")
    model = prepare(load_config(path)).model
    rows = Rows(np.zeros((1, 3)), {"target": [1]}, {"id": ["a" * 12]})
    print_predictions(model, rows)
    captured = capsys.readouterr()
    header = captured.out.splitlines()[0].split()
    # row, id, target and prediction take 3 + 12 + 6 + 10 and gaps of 6, a probability 6 more.
    assert header == ["row", "id", "target", "prediction"]
    assert captured.err == "… 5 more columns\n"


def test_a_column_of_the_data_may_be_called_as_one_of_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    (tmp_path / "t.csv").write_text(
        "target,row,y\n" + "".join(f"{i},7,{i % 2}\n" for i in range(9))
    )
    path.write_text("dataset: {name: csv, path: t.csv, target: y}\n")
    model = prepare(load_config(path)).model
    print_predictions(model, Rows(np.array([[3.0, 7.0]]), {"target": [1]}))
    header, _, row = capsys.readouterr().out.splitlines()
    assert header.startswith("row  target (input)  row (input)  target  prediction")
    assert row.split()[:4] == ["0", "3", "7", "1"]
