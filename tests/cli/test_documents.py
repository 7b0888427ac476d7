"""A mistake as JSON: in its parts, and as the line that people see."""

from nnscratch.cli.documents import problem_document
from nnscratch.errors import Place, Problem


def test_a_mistake_has_its_parts_and_its_line() -> None:
    place = Place("c.yaml", 2, 1)
    assert problem_document(Problem("must be above 0", "epochs", "leave it out", place)) == {
        "text": "c.yaml:2:1: `epochs` must be above 0; leave it out",
        "rule": "must be above 0",
        "key": "epochs",
        "remedy": "leave it out",
        "place": {"source": "c.yaml", "line": 2, "column": 1},
    }


def test_what_is_not_known_is_null() -> None:
    document = problem_document(Problem("the file is empty"))
    assert document == {
        "text": "the file is empty",
        "rule": "the file is empty",
        "key": None,
        "remedy": None,
        "place": None,
    }
