"""`nnscratch train --init-from`: a new run that begins with old weights."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from nnscratch import Adam, load_config, prepare
from nnscratch.nn.training.fit import fit
from tests.conftest import Command
from tests.stopped import assert_same_run, fingerprint, quick_disk, read_record, start, write_config

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")
USAGE, FAILED = 2, 1
QUIET = ("--quiet", "--no-plots")


@pytest.fixture
def old(workplace: Path) -> Path:
    return start(write_config(workplace, "batch_norm: true", epochs=3))


def arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as file:
        return {name: file[name] for name in file.files if name != "manifest.json"}


def new_run(nnscratch: Command, workplace: Path, *arguments: object) -> Path:
    result = nnscratch("train", "mine.yaml", *arguments, *QUIET)
    assert result.code == 0, result.err
    return workplace / result.out.strip()


def test_it_begins_with_the_weights_of_the_run(
    old: Path, workplace: Path, nnscratch: Command
) -> None:
    before = fingerprint(old)
    run = new_run(nnscratch, workplace, "--init-from", old, "epochs=2", "dataset.validation=0")
    assert run != old
    assert fingerprint(old) == before
    kept, given = arrays(run / "initial.npz"), arrays(old / "weights.npz")
    assert kept.keys() == given.keys()
    assert all(kept[name].tobytes() == given[name].tobytes() for name in given)
    # The same by hand: the network of that config, given the arrays of the old file.
    experiment = prepare(load_config(run / "config.yaml"))
    model, split = experiment.model, experiment.dataset.splits["train"]
    network = model.network
    for name, array in {**network.params, **network.statistics}.items():
        array[:] = given[name]
    records = fit(
        network, model.transform(split.inputs), model.encoding.encode(split.targets),
        optimizer=Adam(), learning_rate=0.05, epochs=2, batch_size=4,
    )  # fmt: skip
    assert len(list(records)) == 2
    for name, array in {**network.params, **network.statistics}.items():
        assert array.tobytes() == arrays(run / "weights.npz")[name].tobytes()


def test_it_is_named_as_other_runs_are(old: Path, workplace: Path, nnscratch: Command) -> None:
    shutil.copy(old / "weights.npz", "alone.npz")
    runs = [
        new_run(nnscratch, workplace, "--init-from", name, "epochs=1")
        for name in ("mine", old, old / "weights.npz", "alone.npz")
    ]
    assert len({(run / "weights.npz").read_bytes() for run in runs}) == 1
    plain = new_run(nnscratch, workplace, "epochs=1")
    assert (plain / "weights.npz").read_bytes() != (runs[0] / "weights.npz").read_bytes()
    assert not (plain / "initial.npz").exists()


@pytest.mark.parametrize(
    ("change", "fragments"),
    [
        ("architecture=[5]", ["dense_2.kernel", "(5, 1)", "(5, 4)"]),
        ("architecture=[5,5]", ["dense_2.kernel", "(5, 5)", "(5, 4)"]),
        ("architecture=[5,4,3]", ["dense_3.kernel", "(4, 3)", "(4, 1)"]),
        ("batch_norm=false", ["dense_1.bias"]),
        ("use_bias=false", ["batch_norm_1.beta", "(5,)"]),
        ("dataset={name: xor}", ["dense_1.kernel", "(2, 5)", "(3, 5)"]),
    ],
)
def test_another_shape_is_refused_by_name(
    change: str, fragments: list[str], old: Path, workplace: Path, nnscratch: Command
) -> None:
    runs = set((workplace / "runs").iterdir())
    result = nnscratch("train", "mine.yaml", change, "--init-from", old, *QUIET)
    assert result.code == USAGE
    (line,) = result.err.splitlines()
    assert line.startswith("error: ")
    for fragment in fragments:
        assert fragment in line
    assert set((workplace / "runs").iterdir()) == runs


@pytest.mark.parametrize("name", ["nothing", "", "configs/xor.yaml", "rows.npz", "checkpoint"])
def test_what_holds_no_weights_is_refused(
    name: str, old: Path, workplace: Path, nnscratch: Command
) -> None:
    runs = set((workplace / "runs").iterdir())
    given = old / "checkpoint.npz" if name == "checkpoint" else name
    result = nnscratch("train", "mine.yaml", "--init-from", given, *QUIET)
    assert result.code in (USAGE, FAILED)
    assert result.err.startswith("error: ")
    assert "mistake in nnscratch" not in result.err
    assert set((workplace / "runs").iterdir()) == runs


def test_it_can_be_verified_stopped_and_resumed(
    old: Path, workplace: Path, nnscratch: Command
) -> None:
    run = new_run(nnscratch, workplace, "--init-from", old, "epochs=3")
    whole = new_run(nnscratch, workplace, "--init-from", old, "epochs=6")
    shutil.rmtree(old)
    assert nnscratch("verify", run).code == 0
    assert nnscratch("verify", whole).code == 0
    assert nnscratch("resume", run, "epochs=6", *QUIET).code == 0
    assert_same_run(run, whole)
    assert nnscratch("verify", run).code == 0


def begun(run: Path) -> None:
    """Leaves what a run has before its first checkpoint."""
    for name in ("checkpoint.npz", "weights.npz"):
        (run / name).unlink()
    record = {"status": "running", "data_fingerprint": read_record(run)["data_fingerprint"]}
    facts = {**read_record(run), **record}
    late = ("epochs_done", "final", "best", "best_epoch", "seconds", "test", "stop_reason")
    for key in (*late, "checkpoint_epoch"):
        facts.pop(key)
    (run / "run.json").write_text(json.dumps(facts))


def test_one_killed_before_its_first_checkpoint_begins_there_again(
    old: Path, workplace: Path, nnscratch: Command
) -> None:
    run, whole = (new_run(nnscratch, workplace, "--init-from", old) for _ in range(2))
    begun(run)
    assert nnscratch("resume", run, *QUIET).code == 0
    assert_same_run(run, whole)


def test_one_that_lost_its_first_weights_does_not_begin_with_others(
    old: Path, workplace: Path, nnscratch: Command
) -> None:
    # A kill between run.json and initial.npz leaves this, and so does a hand that tidies up.
    run = new_run(nnscratch, workplace, "--init-from", old)
    begun(run)
    (run / "initial.npz").unlink()
    before = fingerprint(run)
    result = nnscratch("resume", run, *QUIET)
    assert result.code in (USAGE, FAILED)
    assert "initial.npz" in result.err
    assert fingerprint(run) == before


@pytest.mark.parametrize("command", ["resume", "verify"])
def test_first_weights_that_are_damaged_are_named(
    command: str, old: Path, workplace: Path, nnscratch: Command
) -> None:
    run = new_run(nnscratch, workplace, "--init-from", old)
    if command == "resume":
        begun(run)
    (run / "initial.npz").write_bytes((run / "initial.npz").read_bytes()[:-9])
    result = nnscratch(command, run)
    assert result.code == FAILED
    assert "initial.npz" in result.err
    assert "mistake in nnscratch" not in result.err
