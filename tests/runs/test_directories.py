"""Runs are told apart by their names, and the newest by when it began, wherever that was."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnscratch.errors import UsageError
from nnscratch.runs import RunDirectory, RunRecord, directories, find
from nnscratch.runs.directories import directory_names, list_runs, name_of


def store(parent: Path, name: str, started: object = None) -> None:
    (parent / name).mkdir(parents=True)
    values = {} if started is None else {"started": started}
    (parent / name / "run.json").write_text(json.dumps(values))


def names_of(runs: list[Path]) -> list[str]:
    return [run.name for run in runs]


def test_runs_that_do_not_say_when_they_began_are_listed_by_their_names(tmp_path: Path) -> None:
    names = [
        "b-20260101-000001",
        "b-20260101-000001-2",
        "b-20260101-000001-10",
        "a-20260102-000000",
    ]
    for name in (*reversed(names), "renamed"):
        store(tmp_path, name)
    (tmp_path / "no-run").mkdir()
    assert names_of(list_runs(tmp_path)) == ["renamed", *names]
    assert directory_names(tmp_path) == ["renamed", *names]
    assert list_runs(tmp_path / "nowhere") == []


def test_a_flight_to_the_west_does_not_make_a_run_older(tmp_path: Path) -> None:
    """Ten in the morning in Tokyo is before three in the morning in Berlin."""
    store(tmp_path, "xor-20260501-100000", "2026-05-01T10:00:00+09:00")
    store(tmp_path, "xor-20260501-030000", "2026-05-01T03:00:00+02:00")
    store(tmp_path, "xor-20260430-220000", "2026-04-30T22:00:00-04:00")
    order = ["xor-20260501-030000", "xor-20260501-100000", "xor-20260430-220000"]
    # In UTC: 1 May 1:00, 1 May 1:00, and 1 May 2:00; the first two began at once.
    assert names_of(list_runs(tmp_path))[2] == order[2]
    for reference in ("latest", "xor"):
        assert find(reference, tmp_path).directory == tmp_path / order[2]


def test_the_hour_that_comes_twice_when_summer_ends(tmp_path: Path) -> None:
    store(tmp_path, "a-20261025-025500", "2026-10-25T02:55:00+02:00")
    store(tmp_path, "a-20261025-020500", "2026-10-25T02:05:00+01:00")  # ten minutes later
    assert find("latest", tmp_path).directory == tmp_path / "a-20261025-020500"


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


@pytest.mark.slow  # trains in several time zones
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be changed here")
def test_runs_made_here_and_then_elsewhere(tmp_path: Path, in_zone: pytest.MonkeyPatch) -> None:
    made = []
    for zone in ("Pacific/Auckland", "UTC", "Pacific/Honolulu"):
        in_zone.setenv("TZ", zone)
        time.tzset()
        run = RunDirectory.create(tmp_path, "xor", "dataset: xor\n", RunRecord())
        run.finish("completed")
        made.append(run.path)
        time.sleep(1.01)  # run.json has whole seconds
    assert list_runs(tmp_path) == made
    assert find("xor", tmp_path).directory == made[-1]


def test_runs_of_the_same_second_are_listed_by_when_their_config_was_written(
    tmp_path: Path,
) -> None:
    for name, written in (("b", 3), ("a", 2), ("c", 1)):
        store(tmp_path, f"{name}-20260101-000000", "2026-01-01T00:00:00+00:00")
        config = tmp_path / f"{name}-20260101-000000" / "config.yaml"
        config.touch()
        os.utime(config, ns=(written, written))
    assert [name_of(run.name) for run in list_runs(tmp_path)] == ["c", "a", "b"]


@pytest.mark.parametrize(
    "content",
    [
        *(
            "",
            "{",
            "[]",
            "null",
            "7",
            '{"started": null}',
            '{"started": 7}',
            "\ufeff{}",
            "[" * 9999,
        ),
        *('{"started": "yesterday"}', '{"started": ["2030-01-01"]}', '{"started": {}}'),
    ],
)
def test_a_damaged_record_leaves_the_time_in_the_name(content: str, tmp_path: Path) -> None:
    store(tmp_path, "a-20260101-000000", "2026-01-01T00:00:00+00:00")
    store(tmp_path, "b-20260110-000000")
    (tmp_path / "b-20260110-000000" / "run.json").write_text(content, "utf-8")
    store(tmp_path, "c-20260120-000000", "2026-01-20T00:00:00+00:00")
    store(tmp_path, "d-99999999-999999")  # no time
    (tmp_path / "e-20260102-000000").mkdir()
    (tmp_path / "e-20260102-000000" / "run.json").mkdir()
    assert [name_of(run.name) for run in list_runs(tmp_path)] == ["d", "a", "b", "c"]


def test_a_file_is_no_directory_of_runs(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for listing in (list_runs, directory_names):
        with pytest.raises(UsageError, match="not a directory of runs"):
            listing(tmp_path / "file")


def test_only_the_runs_that_are_asked_for_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a-20260101-000000", "b-20260102-000000", "a-20260103-000000", "a"):
        store(tmp_path, name)
    read = []

    def note(path: Path) -> object:
        read.append(path.parent.name)
        raise OSError

    monkeypatch.setattr(directories, "open_regular", note)
    assert len(directory_names(tmp_path)) == 4
    assert read == []
    assert names_of(list_runs(tmp_path, "a")) == ["a", "a-20260101-000000", "a-20260103-000000"]
    assert sorted(read) == ["a", "a-20260101-000000", "a-20260103-000000"]
    read.clear()
    assert names_of(list_runs(tmp_path, "b-20260102-000000")) == ["b-20260102-000000"]
    assert read == ["b-20260102-000000"]


def test_who_only_lists_runs_waits_for_nothing_slow() -> None:
    script = "import sys, nnscratch.runs.directories; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not {"numpy", "pydantic", "yaml"} & set(done.stdout.split())
