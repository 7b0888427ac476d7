"""Files that a config names: where they are looked for, and the error if they are missing."""

from pathlib import Path

import pytest
import yaml

from nnscratch.config import load
from nnscratch.errors import ConfigError
from tests.conftest import Command, without_columns

TABLE = "a,kind\n1,x\n2,y\n3,x\n4,y\n5,x\n6,y\n"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config in one folder, the current one being another."""
    for name in ("project/data", "here"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def put(path: Path) -> Path:
    path.write_text(TABLE)
    return path


def config(folders: Path, *lines: str, target: str = "kind") -> Path:
    path = folders / "project" / "mine.yaml"
    settings = "".join(f"  {line}\n" for line in ("name: csv", f"target: {target}", *lines))
    path.write_text(f"dataset:\n{settings}epochs: 2\n")
    return path


def assert_refused(path: Path, fragments: list[str], *changes: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(path, changes)
    (problem,) = map(without_columns, map(str, caught.value.problems))
    for fragment in fragments:
        assert fragment in problem


@pytest.mark.parametrize("given", ["data/t.csv", "./data/t.csv", "../project/data/t.csv"])
def test_a_path_in_a_config_is_seen_from_the_configs_folder(given: str, folders: Path) -> None:
    table = put(folders / "project/data/t.csv")
    (folders / "here/data").mkdir()
    put(folders / "here/data/t.csv")
    found = Path(load(config(folders, f"path: {given}")).dataset.model_dump()["path"])
    assert found.is_absolute()
    assert found.samefile(table)


def test_a_path_on_the_command_line_is_seen_from_the_current_folder(folders: Path) -> None:
    mine = config(folders, "path: t.csv")
    put(folders / "project/t.csv")
    here = put(folders / "here/t.csv")
    for change in ("dataset.path=t.csv", "dataset={name: csv, target: kind, path: t.csv}"):
        assert load(mine, [change]).dataset.model_dump()["path"] == str(here)
    beside = load(mine, ["dataset.target=kind"]).dataset.model_dump()["path"]
    assert beside == str(folders / "project/t.csv")


def test_each_place_is_looked_at_after_the_other(folders: Path) -> None:
    mine = config(folders, "path: t.csv")
    here = put(folders / "here/t.csv")
    assert load(mine).dataset.model_dump()["path"] == str(here)
    beside = put(folders / "project/data/u.csv")
    dataset = load(mine, ["dataset.path=data/u.csv"]).dataset
    assert Path(dataset.model_dump()["path"]) == beside


def test_absolute_paths_stay_what_they_are(folders: Path) -> None:
    table = put(folders / "t.csv")
    mine = config(folders, f"path: {table}", f"test_path: {table}", f"validation_path: {table}")
    dataset = load(mine).dataset.model_dump()
    paths = [dataset[key] for key in ("path", "test_path", "validation_path")]
    assert paths == [str(table)] * 3


def test_a_config_in_the_current_folder_needs_no_folder(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(folders, "path: t.csv")
    table = put(folders / "project/t.csv")
    monkeypatch.chdir(folders / "project")
    assert load("mine.yaml").dataset.model_dump()["path"] == str(table)


@pytest.mark.parametrize("key", ["path", "test_path", "validation_path"])
def test_a_missing_file_is_named_with_its_line_and_the_places(key: str, folders: Path) -> None:
    put(folders / "project/t.csv")
    lines = [f"{key}: none.csv"] if key == "path" else ["path: t.csv", f"{key}: none.csv"]
    mine = config(folders, *lines)
    number = 4 if key == "path" else 5
    places = [str(folders / "project/none.csv"), " or none.csv"]
    assert_refused(mine, [f"{mine}:{number}: `dataset.{key}` does not exist: ", *places])
    change = f"dataset.{key}=nowhere/else.csv"
    assert_refused(mine, [f"command line, {change}: ", f"`dataset.{key}`"], "epochs=1", change)


def test_all_missing_files_are_named_at_once(folders: Path) -> None:
    mine = config(folders, "path: a.csv", "test_path: b.csv")
    with pytest.raises(ConfigError) as caught:
        load(mine)
    assert [str(problem.place) for problem in caught.value.problems] == [
        f"{mine}:4:3",
        f"{mine}:5:3",
    ]


@pytest.mark.parametrize("given", ["a" * 300, "x/" * 100 + "y" * 300, '"a\\0b"', "t.csv/inside"])
def test_a_path_that_no_file_can_have_is_a_config_error(given: str, folders: Path) -> None:
    put(folders / "project/t.csv")
    mine = config(folders, f"path: {given}")
    assert_refused(mine, [f"{mine}:4: `dataset.path`"])


@pytest.mark.parametrize(
    ("lines", "fragments"),
    [
        (["path: 5"], ["mine.yaml:4: `dataset.path` must be text; got 5"]),
        (["path:"], ["mine.yaml:4: `dataset.path`"]),
        (['path: ""'], ["mine.yaml:4: `dataset.path` must be at least one character"]),
        (
            ["path: t.csv", 'test_path: ""'],
            ["mine.yaml:5: `dataset.test_path` must be at least one character"],
        ),
        ([f"path: {'x' * 1001}"], ["mine.yaml:4: `dataset.path` must be at most 1,000 characters"]),
        (["target2: a"], ["`dataset.path` is missing"]),
        (["path: t.csv", "tasks: classes"], ["mine.yaml:5", "did you mean `task`?"]),
        (
            ["path: t.csv", "task: class"],
            ["`dataset.task` must be one of auto, regression, "],
        ),
        (["path: t.csv", "missing: drop"], ["`dataset.missing` must be one of error, impute"]),
        (["path: t.csv", "features: a"], ["mine.yaml:5: `dataset.features` must be a list"]),
        (["path: t.csv", "features: [1]"], ["mine.yaml:5: `dataset.features", "must be text"]),
        (
            ["path: t.csv", "features: []"],
            ["mine.yaml:5: `dataset.features` must be a list of at least 1 item"],
        ),
        (["path: t.csv", "features: [a]", "ignore: [b]"], ["`dataset.ignore`", "`features`"]),
        (["path: t.csv", "test: 1.5"], ["mine.yaml:5: `dataset.test`"]),
    ],
)
def test_settings_that_are_refused(lines: list[str], fragments: list[str], folders: Path) -> None:
    put(folders / "project/t.csv")
    with pytest.raises(ConfigError) as caught:
        load(config(folders, *lines))
    message = without_columns(str(caught.value))
    assert all(fragment in message for fragment in fragments), message
    # Pydantic's own names for the rules.
    assert not any(word in str(caught.value) for word in ("too_short", "too_long", "valid ("))


@pytest.mark.parametrize(
    ("dataset", "key"),
    [
        ("{name: openml}", "data_name"),
        ("{name: openml, data_name: iris, data_id: 61}", "data_name"),
        ("{name: openml, data_id: 0}", "data_id"),
        ("{name: openml, data_name: ''}", "data_name"),
        ("{name: openml, data_name: iris, version: 0}", "version"),
        ("{name: openml, data_name: iris, path: a.csv}", "path"),
    ],
)
def test_openml_is_named_one_way(dataset: str, key: str, folders: Path) -> None:
    mine = folders / "mine.yaml"
    mine.write_text(f"dataset: {dataset}\n")
    assert_refused(mine, [f"{mine}:1: ", f"dataset.{key}`"])


def test_openml_by_name_and_by_number(folders: Path) -> None:
    mine = folders / "mine.yaml"
    mine.write_text("dataset: {name: openml, data_name: iris, version: 3}\n")
    assert load(mine).dataset.model_dump()["version"] == 3
    assert load(mine, ["dataset={name: openml, data_id: 61}"]).dataset.model_dump()["version"] == 1


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (["path: t.csv", "target: knid"], "target"),
        (["path: t.csv", "features: [b]"], "features"),
        (["path: t.csv", "ignore: [b]"], "ignore"),
        (["path: t.csv", "test_path: t.csv", "test: 0.5"], "test"),
        (["path: t.csv", "validation: 6"], "validation"),
    ],
)
def test_a_setting_that_does_not_fit_the_file_is_named_with_its_line(
    lines: list[str], key: str, folders: Path, nnscratch: Command
) -> None:
    put(folders / "project/t.csv")
    mine = folders / "project/mine.yaml"
    mine.write_text("\n".join(["dataset:", " name: csv", *(f" {line}" for line in lines)]))
    if key != "target":
        mine.write_text(mine.read_text() + "\n target: kind\n")
    number = next(i for i, line in enumerate(lines, start=3) if line.startswith(f"{key}:"))
    for command in ("train", "show", "validate"):
        result = nnscratch(command, mine)
        assert result.code == 2
        assert result.err.startswith(f"error: {mine}:{number}:2: `dataset.{key}` ")


def test_a_runs_config_can_be_trained_again_from_elsewhere(
    folders: Path, nnscratch: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, other = put(folders / "project/data/t.csv"), put(folders / "here/other.csv")
    mine = config(folders, "path: data/t.csv")
    first = nnscratch("train", mine, "dataset.test_path=other.csv", "--quiet", "--no-plots")
    assert first.code == 0, first.err
    run = folders / "here" / first.out.strip()
    dataset = yaml.safe_load((run / "config.yaml").read_text())["dataset"]
    assert dataset["path"] == str(table)
    assert dataset["test_path"] == str(other)
    (folders / "elsewhere").mkdir()
    monkeypatch.chdir(folders / "elsewhere")
    moved = run.rename(folders / "elsewhere" / "moved")
    mine.unlink()
    second = nnscratch("train", moved / "config.yaml", "--quiet", "--no-plots")
    assert second.code == 0, second.err
    weights = [(path / "weights.npz").read_bytes() for path in (moved, Path(second.out.strip()))]
    assert weights[0] == weights[1]
    assert nnscratch("predict", moved, "--split", "test").out.count("\n") == 7

    table.unlink()
    gone = nnscratch("predict", moved, "--split", "test")
    assert (gone.code, gone.out) == (2, "")
    assert f"`dataset.path` does not exist: {table}" in gone.err


def test_a_run_notices_that_its_file_has_changed(folders: Path, nnscratch: Command) -> None:
    table = put(folders / "project/t.csv")
    first = nnscratch("train", config(folders, "path: t.csv"), "--quiet", "--no-plots")
    table.write_text(TABLE.replace("6,y", "7,y"))
    changed = nnscratch("predict", first.out.strip(), "--split", "train")
    assert (changed.code, changed.out) == (2, "")
    assert "names other data" in changed.err


@pytest.mark.parametrize("given", ["~nosuchuser/x.csv", "~nosuchuser", "~/nowhere/x.csv"])
@pytest.mark.parametrize("key", ["path", "validation_path"])
def test_a_home_that_is_not_there_is_a_config_error(
    key: str, given: str, folders: Path, nnscratch: Command
) -> None:
    put(folders / "project/t.csv")
    lines = [f"{key}: {given}"] if key == "path" else ["path: t.csv", f"{key}: {given}"]
    mine = config(folders, *lines)
    where, what = f"{mine}:{3 + len(lines)}", f": `dataset.{key}` does not exist: "
    assert_refused(mine, [f"{where}{what}"])
    result = nnscratch("train", mine)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {where}:3{what}")


def test_a_tilde_is_the_users_own_home(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folders / "project"))
    monkeypatch.setenv("USERPROFILE", str(folders / "project"))
    table = put(folders / "project/t.csv")
    assert load(config(folders, "path: ~/t.csv")).dataset.model_dump()["path"] == str(table)


@pytest.mark.parametrize("name", ["mine.csv", "my table.XLSX"])
def test_a_table_is_no_config_but_one_can_be_written_for_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("a,b\n1,2\n" * 200_000)
    with pytest.raises(ConfigError) as refused:
        load(Path(name))
    shown = name if " " not in name else f'"{name}"'
    command = f"nnscratch init csv {shown} writes a config for it"
    assert str(refused.value) == f"{name}: is a table, not a config; {command}"
