"""A search directory belongs to one process and to one config."""

import json
from pathlib import Path

import pytest

from nnscratch.config import load
from nnscratch.errors import ConfigError, RunError, UsageError
from nnscratch.search.crews.alone import Alone
from nnscratch.search.directory import SearchDirectory, read_search, status_of
from nnscratch.search.launch import go_on
from nnscratch.search.task import DataCache
from tests.searching import BASE, finish, resumed, small, start, write_config


@pytest.fixture
def directory(tmp_path: Path) -> SearchDirectory:
    config = small(tmp_path, "trials: 4; objective: val_loss")
    return SearchDirectory.create(tmp_path / "runs", config, ["nnscratch", "search"])


def test_another_process_is_refused_until_it_is_closed(directory: SearchDirectory) -> None:
    with pytest.raises(UsageError, match="another process carries out this search"):
        SearchDirectory.reopen(directory.path)
    assert status_of(directory.path, read_search(directory.path)) == "running"
    directory.close()
    assert status_of(directory.path, read_search(directory.path)) == "interrupted"
    SearchDirectory.reopen(directory.path).close()


def test_it_records_who_began_it(directory: SearchDirectory) -> None:
    record = read_search(directory.path)
    assert (record.command, record.name) == (["nnscratch", "search"], "small")
    directory.close()
    SearchDirectory.reopen(directory.path).close()
    assert len(read_search(directory.path).resumed) == 1


def test_a_config_that_changed_is_refused_with_the_difference(directory: SearchDirectory) -> None:
    directory.close()
    file = directory.path / "search.yaml"
    text = file.read_text().replace("epochs: 6", "epochs: 7").replace("0.001", "0.002")
    file.write_text(text.replace("trials: 4", "trials: 40"))  # more trials are fine
    with pytest.raises(ConfigError) as caught:
        SearchDirectory.reopen(directory.path)
    epochs, rate = caught.value.problems
    assert (epochs.key, rate.key) == ("epochs", "search.space.learning_rate.log_uniform")
    assert epochs.rule.startswith("was 6 and is 7")
    assert epochs.place
    assert epochs.place.line
    assert rate.rule.startswith("was [0.001, 1.0] and is [0.002, 1.0]")
    file.write_text(text.replace("epochs: 7", "epochs: 6").replace("0.002", "0.001"))
    SearchDirectory.reopen(directory.path).close()


def test_a_refused_search_can_be_opened_by_others(directory: SearchDirectory) -> None:
    directory.close()
    with pytest.raises(ConfigError):
        SearchDirectory.reopen(directory.path, ["epochs=7"])
    SearchDirectory.reopen(directory.path, ["search.trials=9"]).close()
    assert "trials: 9" in (directory.path / "search.yaml").read_text()


def test_how_many_networks_the_best_is_for_may_change(directory: SearchDirectory) -> None:
    directory.close()
    finish(go_on(directory.path, crew=Alone(DataCache())))  # of one network
    SearchDirectory.reopen(directory.path, ["ensemble=3", "own_validation=true"]).close()
    assert finish(go_on(directory.path, crew=Alone(DataCache()))).directory.config.ensemble == 3
    best = load(directory.path / "best.yaml")
    assert (best.ensemble, best.own_validation) == (3, True)


def test_the_config_is_kept_without_defaults(tmp_path: Path) -> None:
    search = finish(start(small(tmp_path, "trials: 1"), tmp_path / "runs"))
    text = (search.directory.path / "search.yaml").read_text()
    assert "log_uniform: [0.001, 1.0]" in text
    assert "batch_size" not in text


def test_files_of_the_data_are_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"{i},{i % 2}\n" for i in range(40))
    (tmp_path / "data.csv").write_text(f"x,y\n{rows}")
    data = "dataset: {name: csv, path: data.csv, target: y, validation: 0.25}\nepochs: 1\n"
    search = start(small(tmp_path, "trials: 1", base=data), tmp_path / "runs")
    finish(search)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert len(finish(resumed(search, "search.trials=2")).ledger.searched) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seconds": "long"}'])
def test_a_damaged_record_is_named(directory: SearchDirectory, text: str) -> None:
    directory.close()
    (directory.path / "search.json").write_text(text)
    with pytest.raises(RunError, match=r"search\.json: cannot be read"):
        read_search(directory.path)


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    with pytest.raises(RunError, match="cannot write the search"):
        SearchDirectory.create(tmp_path / "runs", small(tmp_path), [])
    assert write_config(tmp_path).is_file()


def test_a_search_of_an_earlier_version_keeps_what_was_a_default_then(tmp_path: Path) -> None:
    base = f"{BASE}calibrate: true\nearly_stopping: 5\n"
    path = finish(start(small(tmp_path, "trials: 1", base=base), tmp_path / "runs")).directory.path
    record = json.loads((path / "search.json").read_text())
    record["settings"] |= {"search.objective": "val_loss", "early_stopping.monitor": "val_loss"}
    (path / "search.json").write_text(json.dumps(record))
    for changes in ([], ["search.trials=2"], []):
        directory = SearchDirectory.reopen(path, changes)
        directory.close()
        config = directory.config
        assert config.search
        assert config.early_stopping
        assert (config.search.objective, config.early_stopping.monitor) == ("val_loss", "val_loss")
    assert "trials: 2" in (path / "search.yaml").read_text()
    with pytest.raises(ConfigError, match=r"search\.objective"):
        SearchDirectory.reopen(path, ["search.objective=val_accuracy"])
