"""Starting many runs, and going on with them: what does not fit is refused before it is written."""

from pathlib import Path

import pytest

from nnscratch import load_config, load_model, prepare, train, train_many
from nnscratch.errors import ConfigError, DataError, UsageError
from nnscratch.runs import RunFiles, read_record
from nnscratch.search.plan import Plan
from nnscratch.search.start import resume_many, start_many
from tests.search.many import IRIS, XOR, begin, carry_out
from tests.search.many import train_many as make_many

TABLE = "dataset: {name: csv, path: t.csv, target: kind}\nepochs: 2\n"

OWN = "ensemble: 2\nown_validation: true\n"


def write_table(folder: Path, rows: int = 40) -> None:
    lines = [f"{i},{'xy'[i % 2]}" for i in range(rows)]
    (folder / "t.csv").write_text("\n".join(["a,kind", *lines]) + "\n")


def files(run: Path) -> RunFiles:
    return RunFiles(run / "weights.npz", run)


def test_nothing_is_written_before_it_is_entered(tmp_path: Path) -> None:
    begin(tmp_path, XOR, Plan(repeat=2))
    assert not (tmp_path / "runs").exists()


def test_the_config_of_the_directory_trains_one_of_its_runs(tmp_path: Path) -> None:
    run = make_many(tmp_path, IRIS, Plan(repeat=2))
    config = load_config(run / "config.yaml")
    assert (config.name, config.seed) == ("c", 42)
    assert config.to_dict()["dataset"]["test"] == 0.2  # what the data decides is written


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        (TABLE, Plan(repeat=2)),
        (TABLE, Plan(folds=2)),
        (TABLE, Plan(ensemble=2)),
        (TABLE.replace("kind}", "kind, validation: 9}") + OWN, Plan(ensemble=2)),
    ],
    ids=["repeat", "folds", "ensemble", "own validation"],
)
def test_data_that_have_changed_are_refused(text: str, plan: Plan, tmp_path: Path) -> None:
    write_table(tmp_path)
    many = begin(tmp_path, text, plan)
    carry_out(many, until=1)
    write_table(tmp_path, rows=41)
    with pytest.raises(DataError, match=r"the data have changed .*; train new runs on them"):
        resume_many(files(many.path))


def test_what_the_data_does_not_allow_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path, rows=6)
    (tmp_path / "c.yaml").write_text(TABLE)
    config = load_config(tmp_path / "c.yaml")
    with pytest.raises(ConfigError, match=r"`dataset\.folds` needs at least 7 rows"):
        start_many(config, Plan(folds=7), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_directory_without_a_config_cannot_go_on(tmp_path: Path) -> None:
    run = make_many(tmp_path, XOR, Plan(repeat=2))
    (run / "config.yaml").unlink()
    with pytest.raises(UsageError, match="belongs to no run that could go on"):
        resume_many(files(run))


def test_two_processes_do_not_train_in_one_directory(tmp_path: Path) -> None:
    many = begin(tmp_path, XOR, Plan(repeat=2))
    with many:
        with pytest.raises(UsageError, match="is training it"):
            resume_many(files(many.path))
        many.stop("stopped by the test")


def test_how_often_it_went_on_is_recorded(tmp_path: Path) -> None:
    many = begin(tmp_path, XOR, Plan(repeat=2))
    carry_out(many, until=1)
    carry_out(resume_many(files(many.path), command=["nnscratch", "resume"]))
    (resumed,) = read_record(many.path).resumed or []
    assert resumed.command == ["nnscratch", "resume"]


def test_all_is_trained_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(XOR)
    config = load_config(tmp_path / "c.yaml")
    result = train_many(config, tmp_path / "runs", repeat=3)
    assert (result.status, result.record.many and result.record.many.completed) == ("completed", 3)
    members = load_config(tmp_path / "c.yaml", ["ensemble=2"])
    assert len(load_model(train_many(members, tmp_path / "runs").path).members) == 2


def test_what_asks_for_several_networks_does_not_train_one(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(XOR + "ensemble: 2\n")
    with pytest.raises(UsageError, match="train_many trains them"):
        train(prepare(load_config(tmp_path / "c.yaml")), tmp_path / "runs")


def test_one_network_is_not_many(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(XOR)
    with pytest.raises(UsageError, match="is a single run"):
        train_many(load_config(tmp_path / "c.yaml"), tmp_path / "runs")
