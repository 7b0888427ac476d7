"""A table of runs: what is common stands above it, and a narrow terminal cuts no word unmarked."""

import pytest
from rich.console import Console

from nnscratch.cli.run_table import print_run_table

RUNS = {
    "run": ["moons-20261130-120000", "moons-20261130-120001"],
    "status": ["completed", "completed"],
    "learning_rate": ["0.001", "10.5"],
    "last accuracy": ["9.5%", "100.0%"],
    "never": ["", ""],
    "metric": ["mae 1.5", ""],
    "data": ["[2, 3]", "[4]"],
}


@pytest.fixture
def width(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    """The width of the terminal."""
    width: int = request.param
    monkeypatch.setattr("nnscratch.cli.run_table.console", lambda **_: Console(width=width))
    return width


def test_a_pipe_gets_all_columns_with_one_header(capsys: pytest.CaptureFixture[str]) -> None:
    print_run_table(RUNS, first_to_go=["data"])
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "run                    status     learning_rate  last accuracy   metric  data",
        "─" * 79,
        "moons-20261130-120000  completed          0.001           9.5%  mae 1.5  [2, 3]",
        "moons-20261130-120001  completed           10.5         100.0%           [4]",
    ]


@pytest.mark.parametrize("width", [80], indirect=True)
def test_what_all_have_in_common_stands_above(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    print_run_table(RUNS, first_to_go=[])
    assert capsys.readouterr().out.splitlines() == [
        "the same in all 2: status completed",
        "                                          last",
        "run                    learning_rate  accuracy   metric  data",
        "─" * 63,
        "moons-20261130-120000          0.001      9.5%  mae 1.5  [2, 3]",
        "moons-20261130-120001           10.5    100.0%           [4]",
    ]


@pytest.mark.parametrize("width", [80], indirect=True)
def test_of_a_single_run_nothing_is_common(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    print_run_table({name: texts[:1] for name, texts in RUNS.items()}, first_to_go=[])
    assert "completed" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("width", [56], indirect=True)
def test_columns_give_way_in_their_order(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    print_run_table(RUNS, first_to_go=["never", "data", "metric", "learning_rate"])
    out, err = capsys.readouterr()
    assert out.splitlines()[2].split() == ["run", "learning_rate", "accuracy", "metric"]
    assert err == "… 1 more column; in a pipe all are shown\n"


@pytest.mark.parametrize("width", [60], indirect=True)
def test_a_long_name_keeps_its_beginning_and_its_time(
    width: int, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"a{'-very' * 12}-long-name-20261130-12000{i}" for i in range(2)]
    print_run_table({**RUNS, "run": names}, first_to_go=["data"])
    out, _ = capsys.readouterr()
    lines = out.splitlines()
    assert max(map(len, lines)) <= width
    # 60 less the columns of 13, 8 and 7 and three gaps of 2 are 26 for a name.
    assert [line[:26] for line in lines[-2:]] == [
        "a-very-ve…-20261130-120000",
        "a-very-ve…-20261130-120001",
    ]


@pytest.mark.parametrize("width", [40], indirect=True)
def test_names_cannot_command_the_terminal(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    print_run_table({"run": ["a\x1b[31m", "b"], "c\n": ["d\r", "e"]}, first_to_go=[])
    out, _ = capsys.readouterr()
    assert "\x1b" not in out
    assert "\r" not in out
    assert len(out.splitlines()) == 4
