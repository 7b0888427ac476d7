"""`nnscratch search`: from a config to a search directory, and what is refused."""

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.searching import write_config


@pytest.fixture(autouse=True)
def _in_a_folder(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_it_searches_and_says_what_it_found(tmp_path: Path, nnscratch: Command) -> None:
    result = nnscratch("search", write_config(tmp_path, "trials: 9; confirm: 2"))
    assert result.code == 0, result.err
    lines = result.out.splitlines()
    assert lines[0].startswith("completed: 9 trials in ")
    (best,) = (line for line in lines if line.startswith("best "))
    (verdict,) = (line for line in lines if line.startswith("verdict "))
    assert "over 2 other seeds" in verdict
    (search,) = (tmp_path / "runs").iterdir()
    assert f"search   runs/{search.name}" in lines
    assert sorted(path.name for path in (search / "plots").iterdir()) == [
        *("importances.png", "parameters.png", "progress.png")
    ]
    trained = nnscratch("train", search / "best.yaml", "--quiet", "--no-plots")
    assert trained.code == 0, trained.err
    number = int(best.split()[2].rstrip(","))
    ours = (tmp_path / trained.out.strip() / "weights.npz").read_bytes()
    assert ours == (search / "trials" / f"{number:04d}" / "weights.npz").read_bytes()


def test_of_an_ensemble_it_says_what_a_trial_is(tmp_path: Path, nnscratch: Command) -> None:
    config = write_config(tmp_path, "trials: 2")
    said = "ensemble each trial trains one network; best.yaml trains 3\n"
    result = nnscratch("search", config, "ensemble=3", "search.trials=1", "--no-plots")
    assert said in result.err
    assert said in nnscratch("resume", "latest", "search.trials=2", "--no-plots").err
    assert "each trial" not in nnscratch("search", config, "--no-plots").err


def test_json_has_the_result(tmp_path: Path, nnscratch: Command) -> None:
    config = write_config(tmp_path, "trials: 2")
    result = nnscratch("search", config, "--format", "json", "--no-plots")
    document = json.loads(result.out)
    assert (document["status"], document["trials"]) == ("completed", 2)
    assert document["point"]


def test_quiet_prints_the_path_alone(tmp_path: Path, nnscratch: Command) -> None:
    config = write_config(tmp_path, "trials: 2")
    result = nnscratch("search", config, "search.trials=1", "--name", "mine", "-q", "--no-plots")
    assert result.err == ""
    assert result.out.startswith("runs/mine-")
    assert len(list((tmp_path / result.out.strip() / "trials").iterdir())) == 2


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("dataset.validation=0", "no rows are held out for validation"),
        ("search=null", "the config has no `search`"),
        ("search.objective=val_mae", "must be val_loss or val_accuracy"),
        ("search.space={epochs: {uniform: [1, 2]}}", "must be a whole number"),
    ],
)
def test_what_cannot_be_searched_is_refused_before_anything_is_made(
    change: str, rule: str, tmp_path: Path, nnscratch: Command
) -> None:
    result = nnscratch("search", write_config(tmp_path), change)
    assert (result.code, result.out) == (2, "")
    assert rule in result.err
    assert not (tmp_path / "runs").exists()


def test_a_search_without_a_trial_that_trains_fails(tmp_path: Path, nnscratch: Command) -> None:
    base = "dataset: {name: moons, samples: 40, validation: 0.25}\nloss: mse\nepochs: 2\n"
    space = "\n  space: {label_smoothing: {uniform: [0.1, 0.2]}}\n"
    config = write_config(tmp_path, "trials: 2", base=base, space=space)
    result = nnscratch("search", config, "--no-plots")
    assert result.code == 1
    assert "no trial could be trained" in result.err
    assert "label_smoothing" in result.err


def test_more_workers_than_cores_are_not_started(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnscratch.search.launch.cores", lambda: 1)
    config = write_config(tmp_path, "trials: 1")
    result = nnscratch("search", config, "--workers", "4", "--no-plots")
    assert result.code == 0
    assert "warning: 1 worker for the cores that are here, each with 1 thread" in result.err


def test_a_scheduler_that_is_not_there_is_named(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="needs Dask: pip install -e '.[dask]'")
    monkeypatch.setattr("nnscratch.search.crews.cluster._CONNECT_SECONDS", 1)
    config = write_config(tmp_path, "trials: 1")
    result = nnscratch("search", config, "--scheduler", "tcp://127.0.0.1:9")
    assert result.code == 2
    assert "tcp://127.0.0.1:9: no Dask scheduler answers" in result.err
    assert not (tmp_path / "runs").exists()


def test_without_dask_a_cluster_is_refused(
    tmp_path: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnscratch.search.crews.cluster.find_spec", lambda _: None)
    config = write_config(tmp_path, "trials: 1")
    result = nnscratch("search", config, "--scheduler", "tcp://127.0.0.1:9")
    assert result.code == 2
    assert 'pip install "nnscratch[dask]"' in result.err
