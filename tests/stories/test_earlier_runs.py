"""Runs that an earlier version made go on, verify and predict as they did then.

tests/fixtures/earlier_runs/README.md says what they are. Nothing is used here but the command line
and the reader of .npz files, so the test holds however the rest is arranged.
"""

import csv
import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from nnscratch.cli.main import main
from nnscratch.files import npz
from tests.conftest import Command, Result

EARLIER = Path(__file__).parent.parent / "fixtures" / "earlier_runs"
MADE_IN = "/tmp/nnscratch-fixtures"  # noqa: S108 - a path in the runs; nothing is read from there
FAILED, USAGE = 1, 2


class Kind(NamedTuple):
    """How runs of one kind are used.

    Attributes:
        predictions: Of what the stored predictions are.
        resume: The settings with which the stopped run goes on to where the whole one ended.
    """

    predictions: str
    resume: str = ""


KINDS = {
    "xor": Kind("--split train", "epochs=60"),
    "gate-hinge": Kind("--split train", "epochs=30"),
    "parity-lbfgs": Kind("--split train", "epochs=12"),
    "iris-rprop": Kind("--split test", "epochs=30"),
    "inline-classes": Kind("--split train", "epochs=30"),
    "table-classes": Kind("--csv journeys.csv", "early_stopping.patience=4"),
    "table-number-float32": Kind("--csv houses.csv", "epochs=20"),
    "table-number-float64": Kind("--csv houses-test.csv", "epochs=20"),
    "several-numbers": Kind("--split train", "epochs=30"),
    "labels": Kind("--split test", "max_seconds=1000000"),
    "pictures": Kind("--split test"),
    "idx-pictures": Kind("--split test", "checkpoint_seconds=60"),
    "snapshots": Kind("--split train"),
    "init-from": Kind("--split train", "epochs=25"),
    "killed": Kind("--split test"),
    "no-checkpoint": Kind("--split train", "epochs=30"),
    "diverged": Kind("--split train"),
}
STOPPED = [name for name in KINDS if name != "diverged"]
each_kind = pytest.mark.parametrize("name", KINDS)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one; it need not survive a loss of power."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What decides the last bits of a run that is made here and now."""
    folder = tmp_path_factory.mktemp("new")
    (folder / "new.yaml").write_text("dataset: and\nepochs: 1\n")
    options = ["--runs-dir", str(folder / "runs"), "--quiet", "--no-plots"]
    assert main(["train", str(folder / "new.yaml"), *options]) == 0
    (run,) = (folder / "runs").iterdir()
    return environment_of(run)


def environment_of(run: Path) -> dict[str, Any]:
    """Returns what decides the last bits of a run; nnscratch itself must not."""
    record = record_of(run)
    versions = {name: v for name, v in record["versions"].items() if name != "nnscratch"}
    return {"versions": versions, "blas": record["blas"], "threads": record["threads"]}


def record_of(run: Path) -> dict[str, Any]:
    record = json.loads((run / "run.json").read_text("utf-8"))
    assert isinstance(record, dict)
    return record


def epochs_of(run: Path) -> int:
    """Returns how far the checkpoint has come; 0 if there is none."""
    file = run / "checkpoint.npz"
    return int(npz.read(file)[1]["last"]["epoch"]) if file.exists() else 0


def copy(name: str, folder: Path) -> Path:
    """Copies the runs of a kind and their data, and has the configs name the data where they are.

    Paths stand in a config as absolute ones, and may change when a run goes on.
    """
    copied = shutil.copytree(EARLIER / name, folder / name)
    for config in copied.glob("*/config.yaml"):
        text = config.read_text("utf-8")
        config.write_text(text.replace(MADE_IN, folder.as_posix()), "utf-8")
    return copied


def check(result: Result, *codes: int) -> None:
    """Checks how a command ended, and that it was in order."""
    assert result.code in (codes or (0,)), result
    assert "Traceback" not in result.err
    assert "mistake in nnscratch" not in result.err


def check_data(result: Result, *, exact: bool) -> None:
    """Skips where points that are computed differ in the last bit from those trained on."""
    if not exact and "data have changed" in result.err:
        pytest.skip("the data set is computed differently on this machine")


def leaves(value: Any) -> list[Any]:
    """Returns the keys and values of nested JSON in one list."""
    if isinstance(value, dict):
        return [leaf for key, part in value.items() for leaf in (key, *leaves(part))]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def check_json(text: str, expected: Any, *, exact: bool) -> None:
    """Compares JSON; its numbers within 1e-6 where another machine may round otherwise."""
    found = json.loads(text)
    if exact:
        assert found == expected
    else:
        close = [
            pytest.approx(leaf, rel=1e-6, abs=1e-6) if isinstance(leaf, float) else leaf
            for leaf in leaves(expected)
        ]
        assert leaves(found) == close


def check_weights(file: Path, expected: Path, *, exact: bool) -> None:
    """Compares two models, array by array; in every bit where nothing but nnscratch is new."""
    (arrays, manifest), (others, other) = npz.read(file), npz.read(expected)
    assert manifest["version"] == other["version"] == 3
    assert arrays.keys() == others.keys()
    for key, array in arrays.items():
        assert (array.dtype, array.shape) == (others[key].dtype, others[key].shape)
        if exact:
            assert array.tobytes() == others[key].tobytes(), key
        else:
            assert np.allclose(array, others[key], rtol=1e-3, atol=1e-4, equal_nan=True), key


def rows_of(run: Path) -> list[list[str]]:
    """Returns metrics.csv without the seconds, header first."""
    with (run / "metrics.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0][-1] == "seconds"
    return [line[:-1] for line in lines]


@each_kind
def test_a_run_predicts_what_it_did(
    name: str, here: Path, nnscratch: Command, environment: dict[str, Any]
) -> None:
    kind, folder = KINDS[name], copy(name, here)
    expected = json.loads((folder / "predictions.json").read_text("utf-8"))
    exact = environment_of(folder / "whole") == environment
    option, what = kind.predictions.split()
    source = (option, folder / what if option == "--csv" else what)
    result = nnscratch("predict", folder / "whole", *source, "--format", "json")
    check(result)
    # The targets stand beside the predictions since.
    found = [{k: v for k, v in row.items() if k != "target"} for row in json.loads(result.out)]
    check_json(json.dumps(found), expected, exact=exact)


@pytest.mark.parametrize("name", STOPPED)
def test_a_stopped_run_goes_on_to_the_weights_of_the_whole_one(
    name: str, here: Path, nnscratch: Command, environment: dict[str, Any]
) -> None:
    folder = copy(name, here)
    whole, stopped = folder / "whole", folder / "stopped"
    done, end = epochs_of(stopped), record_of(whole)
    exact = environment_of(stopped) == environment_of(whole) == environment
    result = nnscratch("resume", stopped, *KINDS[name].resume.split(), "--quiet", "--no-plots")
    check_data(result, exact=exact)
    check(result)
    check_weights(stopped / "weights.npz", whole / "weights.npz", exact=exact)
    rows, expected = rows_of(stopped), rows_of(whole)
    assert [row[0] for row in rows] == ["epoch", *map(str, range(1, end["epochs_done"] + 1))]
    assert rows[0] == expected[0]
    assert rows[: done + 1] == expected[: done + 1]  # these rows are from the earlier version
    record = record_of(stopped)
    assert record["resumed"][-1]["epoch"] == done + 1
    keys = ("status", "epochs_done", "best_epoch", "kept_epoch", "seed", "data_fingerprint")
    assert {key: record[key] for key in keys} == {key: end[key] for key in keys}
    if exact:
        assert rows == expected
        for key in ("final", "best", "test"):
            assert record[key] == end[key]
    assert kept(stopped) == kept(whole)
    check(nnscratch("resume", whole), USAGE)  # is over


def kept(run: Path) -> list[str]:
    """Returns the names of the snapshots."""
    return sorted(path.name for path in run.glob("snapshots/*"))


@each_kind
def test_a_run_is_what_its_config_says(
    name: str, here: Path, nnscratch: Command, environment: dict[str, Any]
) -> None:
    whole = copy(name, here) / "whole"
    result = nnscratch("verify", whole)
    if environment_of(whole) == environment:
        check(result)
        assert "weights are the same, bit for bit" in result.out
    else:
        check(result, 0, FAILED)


@each_kind
def test_a_run_can_be_looked_at(
    name: str, here: Path, nnscratch: Command, environment: dict[str, Any]
) -> None:
    folder = copy(name, here)
    whole, record = folder / "whole", record_of(folder / "whole")
    exact = environment_of(whole) == environment
    shown = nnscratch("show", whole)
    check(shown)
    assert f"name: {name}\n" in shown.out
    explained = nnscratch("explain", whole, "--row", 0)
    check(explained)
    assert "dense_1" in explained.out
    evaluated = nnscratch("evaluate", whole, "--format", "json")
    check(evaluated)
    if test := record.get("test"):
        figures = json.loads(evaluated.out)
        assert figures["split"] == "test"
        check_json(json.dumps({key: figures[key] for key in test}), test, exact=exact)
    listed = nnscratch("runs", "--runs-dir", folder)
    check(listed)
    assert "whole" in listed.out
    picture = here / "curves.png"
    check(nnscratch("plot", whole, "--kind", "curves", "--output", picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    if name in STOPPED:
        assert "stopped" in listed.out
        compared = nnscratch("compare", whole, folder / "stopped")
        check(compared)
        assert "stopped" in compared.out


@pytest.mark.parametrize(
    ("name", "code"),
    [("labels", 0), ("gate-hinge", 0), ("pictures", 0), ("killed", USAGE)],
)
def test_a_stopped_run_is_verified_as_far_as_it_came(
    name: str, code: int, here: Path, nnscratch: Command, environment: dict[str, Any]
) -> None:
    stopped = copy(name, here) / "stopped"
    exact = environment_of(stopped) == environment
    check(nnscratch("verify", stopped), code if exact else code or FAILED, code)


def test_a_run_that_was_killed_is_listed_as_interrupted_and_predicts(
    here: Path, nnscratch: Command
) -> None:
    folder = copy("killed", here)
    assert record_of(folder / "stopped")["status"] == "running"
    listed = nnscratch("runs", "--runs-dir", folder)
    check(listed)
    assert "interrupted" in listed.out
    assert "running" not in listed.out
    check(nnscratch("predict", folder / "stopped"))


@pytest.mark.parametrize("command", ["predict", "verify", "evaluate"])
def test_a_run_without_a_checkpoint_has_no_weights(
    command: str, here: Path, nnscratch: Command
) -> None:
    result = nnscratch(command, copy("no-checkpoint", here) / "stopped")
    check(result, USAGE)
    assert "has saved no weights" in result.err


def test_a_run_that_diverged_does_not_go_on(here: Path, nnscratch: Command) -> None:
    whole = copy("diverged", here) / "whole"
    result = nnscratch("resume", whole, "epochs=400")
    check(result, USAGE)
    assert "has diverged" in result.err


def test_a_snapshot_predicts_what_the_run_does(here: Path, nnscratch: Command) -> None:
    whole = copy("snapshots", here) / "whole"
    row = ("--input", "0.5,0.25", "--format", "json")
    last = nnscratch("predict", whole / "snapshots" / kept(whole)[-1], *row)
    check(last)
    assert last.out == nnscratch("predict", whole, *row).out
    first = nnscratch("predict", whole / "snapshots" / kept(whole)[0], *row)
    check(first)
    assert first.out != last.out


def test_a_new_run_begins_with_the_weights_of_an_earlier_one(
    here: Path, nnscratch: Command, environment: dict[str, Any]
) -> None:
    earlier, folder = copy("snapshots", here) / "whole", copy("init-from", here)
    options = ("--init-from", earlier, "--runs-dir", here / "runs", "--quiet", "--no-plots")
    result = nnscratch("train", folder / "init-from.yaml", *options)
    check(result)
    run = Path(result.out.strip())
    check_weights(run / "initial.npz", earlier / "weights.npz", exact=True)
    exact = environment_of(folder / "whole") == environment
    check_weights(run / "weights.npz", folder / "whole" / "weights.npz", exact=exact)


def test_every_fixture_is_tested() -> None:
    assert {path.name for path in EARLIER.iterdir() if path.is_dir()} == {*KINDS}
