"""`nnscratch init`: a config to start from, which works as it is; nothing is lost."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nnscratch.cli.main import main
from nnscratch.config import load
from nnscratch.experiment.prepare import prepare
from nnscratch.scaffold.templates import templates
from nnscratch.training.trainer import Trainer
from tests.conftest import ROOT, TRUTH, Command
from tests.starting import assert_refused, assert_works

ROWS = 40
TEMPLATES = sorted({path.stem for path in (ROOT / "configs").glob("*.yaml")} - {"csv"})
QUICK = {"gates": "nand", "xor": "xor", "iris": "iris", "regression": "diabetes"}


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(*columns: str, cells: Callable[[int], str], rows: int = ROWS) -> str:
    return ",".join(columns) + "\n" + "".join(f"{cells(i)}\n" for i in range(rows))


GOOD = table("a", "b", "y", cells=lambda i: f"{i * i},{i % 7},{'uv'[i % 2]}")


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


@pytest.mark.parametrize("name", [*TEMPLATES, "regression"])
def test_a_template_is_the_shipped_file_and_is_valid(
    name: str, empty: Path, nnscratch: Command
) -> None:
    result = nnscratch("init", name)

    path = Path(f"configs/{name}.yaml")
    assert (result.code, result.err, files(empty)) == (0, "", [str(path)])
    assert result.written == [path]
    assert f"nnscratch train {path}" in result.out
    shipped = ROOT / "configs" / f"{'diabetes' if name == 'regression' else name}.yaml"
    first, rest = shipped.read_text("utf-8").split("\n", 1)
    assert first.startswith("# yaml-language-server")
    assert path.read_text("utf-8") == rest
    checked = nnscratch("validate", path)
    assert (checked.code, checked.err) == (0, "")


@pytest.mark.parametrize(("name", "dataset"), QUICK.items())
def test_a_quick_template_trains(name: str, dataset: str, empty: Path, nnscratch: Command) -> None:
    path = nnscratch("init", name).written[0]

    assert load(path).dataset.name == dataset
    assert_works(nnscratch, path)


def test_all_templates_are_listed_within_80_columns(empty: Path, nnscratch: Command) -> None:
    result = nnscratch("init")

    _, rule, *rows = result.out.splitlines()
    assert result.code == 0
    assert [row.split()[0] for row in rows] == list(templates())
    assert {*TEMPLATES, "csv", "regression"} == set(templates())
    assert all(len(line) <= 80 for line in (rule, *rows))
    assert "…" not in result.out
    assert {"spiral", "circles", "blobs", "moons", "imbalance"} <= set(templates())
    assert "into configs/: nnscratch init xor" in result.err
    assert all(len(row.split()) > 3 for row in rows)  # each says what it is
    assert files(empty) == []


@pytest.mark.parametrize(
    ("name", "near"),
    [("xro", "xor"), ("gate", "gates"), ("mnits", "mnist"), ("Xor", "xor"), ("XOR", "xor"),
     ("xor.yaml", "xor"), ("configs/xor.yaml", "xor"), ("diabetis", "diabetes"),
     ("regresion", "regression"), ("CSV", "csv")],
)  # fmt: skip
def test_a_template_that_is_nearly_right_gets_the_right_name(
    name: str, near: str, empty: Path, nnscratch: Command
) -> None:
    result = nnscratch("init", name)

    assert_refused(result, name, f"did you mean {near}?")
    assert files(empty) == []


@pytest.mark.parametrize("name", ["", "price-of-houses", "/", "-"])
def test_a_template_that_is_nothing_like_one_gets_them_all(
    name: str, empty: Path, nnscratch: Command
) -> None:
    result = nnscratch("init", name)

    assert_refused(result, "template")
    words = result.err.replace(",", " ").replace("?", " ").split()
    assert "nnscratch init" in result.err or set(templates()) <= set(words)
    assert files(empty) == []


def test_a_table_needs_no_name_of_a_template_before_it(empty: Path, nnscratch: Command) -> None:
    (empty / "mine.csv").write_text(GOOD)
    assert nnscratch("init", "csv", "mine.csv", "--target", "b", "--output", "a.yaml").code == 0
    result = nnscratch("init", "mine.csv", "--target", "b", "--output", "b.yaml")
    assert (result.code, result.written) == (0, [Path("b.yaml")])
    assert Path("b.yaml").read_text() == Path("a.yaml").read_text()
    # Without an output it says where it writes.
    assert nnscratch("init", "mine.csv").written == [Path("configs/mine.yaml")]
    assert_refused(nnscratch("init", "lost.csv"), "nnscratch init csv lost.csv")


@pytest.mark.parametrize(
    "arguments", [["csv"], ["csv", "--target", "y"], ["xor", "t.csv"], ["xor", "--target", "y"]]
)
def test_a_table_goes_with_csv_and_csv_with_a_table(
    arguments: list[str], empty: Path, nnscratch: Command
) -> None:
    assert_refused(nnscratch("init", *arguments), "csv", "table")
    assert files(empty) == []


@pytest.mark.parametrize("arguments", [["xor"], ["csv", "t.csv"]])
def test_a_file_is_replaced_only_by_force(
    arguments: list[str], empty: Path, nnscratch: Command
) -> None:
    (empty / "t.csv").write_text(GOOD)
    path = nnscratch("init", *arguments).written[0]
    fresh = path.read_text()
    path.write_text("mine")

    assert_refused(nnscratch("init", *arguments), str(path), "--force", "--output")
    assert path.read_text() == "mine"
    assert nnscratch("init", *arguments, "--force").code == 0
    assert path.read_text() == fresh
    assert files(empty) == [str(path), "t.csv"]


@pytest.mark.parametrize("options", [[], ["--force"]])
@pytest.mark.parametrize("function", ["fsync", "replace", "link"])
def test_a_failing_disk_leaves_the_old_file(
    function: str,
    options: list[str],
    empty: Path,
    nnscratch: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    path = empty / "mine.yaml"
    if options:
        path.write_text("mine")
    before = files(empty)
    # Where there are no links, a new file gets its name otherwise.
    uses = {"fsync", "replace"} if options else {"fsync"}
    with monkeypatch.context() as patch:
        patch.setattr(os, function, fail)
        code = main(["init", "xor", "--output", str(path), *options])

    assert code == (1 if function in uses else 0)
    if code:
        assert files(empty) == before
        assert not options or path.read_text() == "mine"


def test_the_output_may_be_in_a_folder_that_is_not_there(empty: Path, nnscratch: Command) -> None:
    (empty / "t.csv").write_text(GOOD)

    assert nnscratch("init", "xor", "--output", "a/b/c.yaml").written == [Path("a/b/c.yaml")]
    assert_works(nnscratch, "a/b/c.yaml")
    assert nnscratch("init", "csv", "t.csv", "--output", "d/e/f.yaml").code == 0
    assert_works(nnscratch, "d/e/f.yaml")


@pytest.mark.parametrize("options", [[], ["--force"]])
@pytest.mark.parametrize("output", ["folder", "file/c.yaml", "", "."])
def test_an_output_that_cannot_be_a_file_is_refused(
    output: str, options: list[str], empty: Path, nnscratch: Command
) -> None:
    (empty / "folder").mkdir()
    (empty / "file").write_text("mine")

    result = nnscratch("init", "xor", "--output", output, *options)

    assert_refused(result)
    # What would not help is not advised.
    assert "--force" not in result.err
    assert files(empty) == ["file"]


def test_a_file_called_configs_is_named_as_what_is_in_the_way(
    empty: Path, nnscratch: Command
) -> None:
    (empty / "configs").write_text("mine")

    result = nnscratch("init", "xor")

    assert_refused(result, "configs")
    assert "configs/xor.yaml: exists" not in result.err


def test_not_even_force_replaces_the_table_by_its_config(empty: Path, nnscratch: Command) -> None:
    (empty / "t.csv").write_text(GOOD)

    for output in ("t.csv", "./t.csv", empty / "t.csv"):
        assert_refused(nnscratch("init", "csv", "t.csv", "--output", output, "--force"), "t.csv")
        assert (empty / "t.csv").read_text() == GOOD


@pytest.mark.parametrize("name", ["x\nepochs: 7.csv", "x\ty.csv", "a # b.csv", "'.csv", '"".csv'])
def test_an_odd_file_name_harms_nothing(name: str, empty: Path, nnscratch: Command) -> None:
    (empty / name).write_text(GOOD)

    assert nnscratch("init", "csv", name, "--output", "c.yaml").code == 0

    assert_works(nnscratch, "c.yaml")
    assert load("c.yaml").epochs == 60


def test_a_file_name_that_is_no_text_is_refused(empty: Path, nnscratch: Command) -> None:
    name = os.fsdecode(b"x\xff.csv")
    (empty / name).write_text(GOOD)

    assert_refused(nnscratch("init", "csv", name, "--output", "c.yaml"))
    assert files(empty) == [name]


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 42])
@pytest.mark.parametrize("gate", [*TRUTH, "not", "{name: xor, inputs: 3}"])
def test_gates_learns_every_gate_to_a_tenth(gate: str, seed: int) -> None:
    outputs = {"not": [1, 0], "{name: xor, inputs: 3}": [0, 1, 1, 0, 1, 0, 0, 1], **TRUTH}[gate]
    config = load(ROOT / "configs" / "gates.yaml", [f"dataset={gate}", f"seed={seed}"])
    experiment = prepare(config)

    for _ in Trainer(experiment).epochs():
        pass

    rows = experiment.dataset.splits["train"].inputs
    found = experiment.model.predict_proba(rows)[:, 1]
    assert np.abs(found - outputs).max() < 0.1
