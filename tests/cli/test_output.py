"""Problems as text on stderr: a line each, and the line of the file that a problem is about."""

import pytest

from nnscratch.cli.output import print_message, print_problems
from nnscratch.errors import Place, Problem

TEXTS = {"c.yaml": "dataset: xor\nepochs: 0\n"}


def test_a_problem_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem("must be above 0", "epochs", place=Place("c.yaml", 2, 1))])
    assert capsys.readouterr() == ("", "error: c.yaml:2:1: `epochs` must be above 0\n")


def test_its_line_is_shown_where_the_text_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems(
        [Problem("is large", "epochs", place=Place("c.yaml", 2, 9))], level="warning", texts=TEXTS
    )
    assert capsys.readouterr().err == (
        "warning: c.yaml:2:9: `epochs` is large\n      2 | epochs: 0\n        |         ^\n"
    )


@pytest.mark.parametrize(
    "place", [None, Place("c.yaml"), Place("other.yaml", 1, 1), Place("c.yaml", 7, 1)]
)
def test_no_line_is_shown_where_none_is_known(
    place: Place | None, capsys: pytest.CaptureFixture[str]
) -> None:
    print_problems([Problem("is wrong", place=place)], texts=TEXTS)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_many_problems_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem(f"wrong {i}") for i in range(53)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 51
    assert lines[-1] == "error: and 3 more mistakes"


def test_a_message_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    print_message("done")
    assert capsys.readouterr() == ("", "done\n")
