"""What is refused before a search begins, and who trains."""

from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.errors import ConfigError, UsageError
from nnscratch.search.crews.alone import Alone
from nnscratch.search.crews.processes import Processes
from nnscratch.search.launch import check_search, cores, gather
from nnscratch.search.task import DataCache
from tests.searching import BASE, small


def test_a_config_without_a_search_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BASE)
    with pytest.raises(UsageError, match="has no `search`"):
        check_search(load(tmp_path / "a.yaml"), DataCache())


def test_the_experiment_is_that_of_the_config_itself(tmp_path: Path) -> None:
    config = small(tmp_path)
    experiment = check_search(config, DataCache())
    assert experiment.config.search is None
    assert experiment.config.epochs == config.epochs


def test_of_an_ensemble_one_network_is_trained(tmp_path: Path) -> None:
    config = small(tmp_path, base=f"{BASE}ensemble: 3\nown_validation: true\n")
    experiment = check_search(config, DataCache())
    alone = check_search(small(tmp_path), DataCache())
    assert experiment.config.ensemble == 1
    assert experiment.data_fingerprint == alone.data_fingerprint


def test_a_warm_up_that_is_longer_than_the_first_rung_is_refused(tmp_path: Path) -> None:
    base = f"{BASE}schedule: {{name: constant, warmup_epochs: 2}}\n"
    config = small(tmp_path, "prune: halving", base=base)
    with pytest.raises(ConfigError, match=r"`search\.prune` trains the first trials for 1 epoch"):
        check_search(config, DataCache())


@pytest.mark.parametrize(
    ("workers", "threads", "there", "expected"),
    [(1, "auto", 8, 1), (4, "auto", 8, 4), (4, 4, 8, 2), (4, "auto", 2, 2), (2, 16, 8, 1)],
)
def test_workers_times_threads_are_no_more_than_the_cores(
    workers: int,
    threads: int | str,
    there: int,
    expected: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nnscratch.search.launch.cores", lambda: there)
    config = small(tmp_path).model_copy(update={"threads": threads})
    crew, count = gather(workers, DataCache(), config)
    assert count == expected
    assert isinstance(crew, Alone if expected == 1 else Processes)


def test_there_is_a_core() -> None:
    assert cores() >= 1
