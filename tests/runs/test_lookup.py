"""Runs are found by directory, by weights file, by name, or as the latest of all."""

import json
from pathlib import Path

import pytest

from nnscratch.errors import UsageError
from nnscratch.runs import find, find_weights


def store(directory: Path, *names: str) -> None:
    for name in names:
        (directory / name).mkdir(parents=True)
        (directory / name / "run.json").write_text("{}")


def test_a_run_is_found_by_each_of_its_names(tmp_path: Path) -> None:
    store(tmp_path, "xor-20260101-000000", "xor-20260102-000000", "xor-relu-20260103-000000")
    assert find("xor", tmp_path).directory == tmp_path / "xor-20260102-000000"
    assert find("latest", tmp_path).directory == tmp_path / "xor-relu-20260103-000000"
    assert find("xor-20260101-000000", tmp_path).directory == tmp_path / "xor-20260101-000000"
    path = tmp_path / "xor-20260101-000000"
    assert find(str(path), Path("elsewhere")).weights == path / "weights.npz"
    (path / "weights.npz").write_bytes(b"")
    assert find(str(path / "weights.npz"), Path("elsewhere")).directory == path


def test_a_weights_file_alone_belongs_to_no_run(tmp_path: Path) -> None:
    (tmp_path / "mine.npz").write_bytes(b"")
    found = find(str(tmp_path / "mine.npz"), tmp_path)
    assert (found.directory, found.config) == (None, None)


def test_an_unknown_run_gets_the_nearest_name(tmp_path: Path) -> None:
    store(tmp_path, "parity-20260101-000000")
    with pytest.raises(UsageError, match="did you mean parity"):
        find("partiy", tmp_path)
    with pytest.raises(UsageError, match="known: parity"):
        find("mnist", tmp_path)
    with pytest.raises(UsageError, match="none yet"):
        find("latest", tmp_path / "nowhere")


def test_a_run_without_weights_is_refused_with_what_goes_on(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "xor-20261101-120000"
    run.mkdir(parents=True)
    for status, ending in (
        ("interrupted", f"interrupted; nnscratch resume {run} goes on with it"),
        ("diverged", "its status is diverged"),
    ):
        (run / "run.json").write_text(json.dumps({"status": status}))
        with pytest.raises(UsageError, match="has saved no weights") as caught:
            find_weights("xor", tmp_path / "runs")
        assert str(caught.value).endswith(ending)
