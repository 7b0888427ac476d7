"""A mistake, a warning or a finding as JSON; docs/json.md describes what every command prints."""

from typing import Any

from nnscratch.errors import Problem


def problem_document(problem: Problem) -> dict[str, Any]:
    """Returns a mistake, a warning or a finding in its parts, and as the line that people see."""
    place = problem.place
    return {
        "text": str(problem),
        "rule": problem.rule,
        "key": problem.key or None,
        "remedy": problem.remedy or None,
        "place": place and {"source": place.source, "line": place.line, "column": place.column},
    }
