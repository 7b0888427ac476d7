"""Kinds: each file describes one, and what it says of itself fits together."""

import subprocess
import sys

import pytest

from nnscratch.plots.kind import PlotKind
from nnscratch.plots.kinds import describe_kind, kind_names, load_kind


def test_kinds_are_found_by_their_files() -> None:
    assert [*kind_names()] == sorted(kind_names())
    assert {"boundary", "curves", "schedule", "training"} <= {*kind_names()}


@pytest.mark.parametrize("name", kind_names())
def test_each_kind_says_what_it_shows_and_is_a_plot_kind(name: str) -> None:
    assert isinstance(load_kind(name), PlotKind)
    description = describe_kind(name)
    assert 20 < len(description) < 100
    assert not description.endswith(".")


def test_names_and_descriptions_import_nothing_slow() -> None:
    script = (
        "import sys; from nnscratch.plots.kinds import describe_kind, kind_names; "
        "print([describe_kind(name) for name in kind_names()] and ''); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {*done.stdout.split()} & {"numpy", "matplotlib", "pydantic", "nnscratch.plots.kind"}
