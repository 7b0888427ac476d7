"""Concurrent runs, a directory that disappears and memory that runs out are handled cleanly."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.processes import (
    check_same,
    check_whole,
    command,
    done,
    end,
    epoch_of,
    is_training,
    leftovers,
    record_of,
    rows_of,
    runs_in,
    start,
    wait_until,
)

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="watches processes as Linux does"),
]

QUIET = ["--quiet", "--no-plots"]
SHORT = ["configs/xor.yaml", "epochs=6", "checkpoint_seconds=0"]
SLOW = """
import time
from nnscratch.nn.training.step import TrainingStep
take = TrainingStep.take
def slowly(self, batch, epoch):
    time.sleep(0.4)
    return take(self, batch, epoch)
TrainingStep.take = slowly
"""


def stopped(workplace: Path) -> Path:
    """Returns a run that was killed after its first checkpoint."""
    process = start("train", *SHORT, *QUIET, cwd=workplace, patch=SLOW)
    wait_until(lambda: any(map(epoch_of, runs_in(workplace / "runs"))), process)
    process.kill()
    process.communicate()
    (run,) = runs_in(workplace / "runs")
    return run


def reference(workplace: Path) -> Path:
    to = ["--runs-dir", "reference"]
    return workplace / done("train", *SHORT, *to, *QUIET, cwd=workplace)


def status(run: Path, workplace: Path) -> str:
    """Returns what `runs` says of the only run."""
    (line,) = [x for x in done("runs", cwd=workplace).splitlines() if x.startswith(run.name)]
    return line.split()[1]


@pytest.mark.slow  # two processes that wait for each other
def test_a_run_that_is_being_resumed_is_not_resumed_twice(workplace: Path) -> None:
    run = stopped(workplace)
    assert status(run, workplace) == "interrupted"
    process = start("resume", run, *QUIET, cwd=workplace, patch=SLOW)
    wait_until(lambda: is_training(workplace / "runs", process), process)
    code, out, err = command("resume", run, cwd=workplace)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert str(process.pid) in err
    assert status(run, workplace) == "running"
    assert process.poll() is None
    assert end(process)[0] == 0
    assert status(run, workplace) == "completed"
    check_same(run, reference(workplace))
    assert not leftovers(run)


@pytest.mark.slow  # four trainings, two of them slowed down
def test_of_two_processes_that_resume_at_once_only_one_trains(workplace: Path) -> None:
    run = stopped(workplace)
    both = [start("resume", run, *QUIET, cwd=workplace, patch=SLOW) for _ in range(2)]
    ends = sorted((end(process) for process in both), key=lambda one: one[0])
    assert ends[0][0] == 0
    assert ends[1][0] in (1, 2)
    assert len(ends[1][2].splitlines()) == 1
    check_same(run, reference(workplace))


def test_epochs_that_another_process_finished_meanwhile_are_kept(workplace: Path) -> None:
    # The second reads the checkpoint, then loads its data; until that is done the first is through.
    run = stopped(workplace)
    wait = """
import time
from pathlib import Path
from nnscratch.training import resume as resuming
prepare = resuming.prepare
def prepare_late(*arguments, **more):
    Path("reading").touch()
    while not Path("go").exists():
        time.sleep(0.01)
    return prepare(*arguments, **more)
resuming.prepare = prepare_late
"""
    late = start("resume", run, *QUIET, cwd=workplace, patch=wait)
    wait_until((workplace / "reading").exists, late)
    done("resume", run, "epochs=12", *QUIET, cwd=workplace)
    assert check_whole(run) == 12
    (workplace / "go").touch()
    code, _, err = end(late)
    assert check_whole(run) == len(rows_of(run)) == 12, "twelve finished epochs were cut back to 6"
    assert code in (1, 2), err
    assert record_of(run)["status"] == "completed"


@pytest.mark.slow  # trains in four processes
def test_runs_that_start_together_have_their_own_directories(workplace: Path) -> None:
    processes = [start("train", *SHORT, *QUIET, cwd=workplace) for _ in range(4)]
    ends = [end(process) for process in processes]
    assert {(code, err) for code, _, err in ends} == {(0, "")}
    runs = {workplace / out.strip() for _, out, _ in ends}
    assert runs == set(runs_in(workplace / "runs"))
    assert len(runs) == 4
    for run in runs:
        check_same(run, min(runs))


@pytest.mark.parametrize("which", ["run", "runs"])
def test_a_removed_run_directory_fails_the_run_with_one_error(which: str, workplace: Path) -> None:
    settings = ["configs/xor.yaml", "epochs=100000000", "checkpoint_seconds=0.1", *QUIET]
    process = start("train", *settings, cwd=workplace)
    wait_until(lambda: any(map(epoch_of, runs_in(workplace / "runs"))), process)
    (run,) = runs_in(workplace / "runs")
    # All of it at once: of files that go one by one, the checkpoint may be there a moment longer,
    # and the error then says how to go on from it.
    (run if which == "run" else run.parent).rename(workplace / "removed")
    code, out, err = end(process)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1, err
    assert err.startswith("error: ")
    assert run.name in err
    assert not run.exists()


OUT_OF_MEMORY = """
import numpy as np
from nnscratch.nn.training.step import TrainingStep
take = TrainingStep.take
def too_much(self, batch, epoch):
    if epoch == 4:
        np.empty(1 << 55)
    return take(self, batch, epoch)
TrainingStep.take = too_much
"""
# A process that may have so much and no more, and fills it up but for a megabyte.
HOARDING = """
import resource
import numpy as np
from nnscratch.nn.training.step import TrainingStep
take, hoard = TrainingStep.take, []
def fill(self, batch, epoch):
    if epoch == 4:
        pages = int(open("/proc/self/statm").read().split()[0])
        limit = pages * resource.getpagesize() + 100_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        while True:
            hoard.append(np.ones(1 << 17))
    return take(self, batch, epoch)
TrainingStep.take = fill
"""


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param(OUT_OF_MEMORY, id="one array", marks=pytest.mark.slow),  # each takes a second
        pytest.param(HOARDING, id="limited"),
    ],
)
def test_too_little_memory_fails_the_run_with_one_error(patch: str, workplace: Path) -> None:
    code, out, err = end(start("train", *SHORT, *QUIET, cwd=workplace, patch=patch))
    assert (code, out) == (1, "")
    line, way_on = err.splitlines()
    assert line.startswith("error: not enough memory")
    assert way_on.startswith("to go on: nnscratch resume runs/")
    (run,) = runs_in(workplace / "runs")
    assert (record_of(run)["status"], record_of(run)["epochs_done"]) == ("failed", 3)
    assert check_whole(run) == 3
    done("resume", run, *QUIET, cwd=workplace)
    check_same(run, reference(workplace))


NO_MEMORY_FOR = {
    "evaluating": "import nnscratch.model.evaluation as place\nname = 'evaluate_split'",
    "saving": "import nnscratch.training.training_run as place\nname = 'save_checkpoint'",
}


@pytest.mark.slow  # takes nine seconds
@pytest.mark.parametrize("what", NO_MEMORY_FOR)
def test_memory_that_runs_out_after_the_last_epoch_does_not_count_as_completed(
    what: str, workplace: Path
) -> None:
    settings = ["configs/moons.yaml", "epochs=3", *QUIET]
    patch = f"""
import numpy as np
{NO_MEMORY_FOR[what]}
setattr(place, name, lambda *_, **__: np.empty(1 << 55))
"""
    code, out, err = end(start("train", *settings, cwd=workplace, patch=patch))
    assert (code, out) == (1, "")
    assert err.startswith("error: not enough memory")
    (run,) = runs_in(workplace / "runs")
    assert record_of(run)["status"] == "failed"
    done("resume", run, *QUIET, cwd=workplace)
    to = ["--runs-dir", "reference"]
    check_same(run, workplace / done("train", *settings, *to, cwd=workplace))


# Six are the same with one file more.
@pytest.mark.parametrize("limit", [5, pytest.param(6, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "words",
    [
        ["train", "configs/xor.yaml", "epochs=3", "--quiet"],
        ["resume", "RUN", "epochs=600", "--quiet"],
        ["predict", "RUN", "--output", "new.csv"],
        ["plot", "RUN"],
        ["evaluate", "RUN"],
        ["runs"],
    ],
    ids=lambda words: words[0],
)
def test_too_few_open_files_are_the_reason_that_is_given(
    words: list[str], limit: int, trained: Path
) -> None:
    """And not a file that is fine, or one of Python's own that could not be imported."""
    limited = f"import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {limit}))"
    arguments = [trained if word == "RUN" else word for word in words]
    code, _, err = end(start(*arguments, cwd=Path(), patch=limited))
    if code:
        # Pictures need fonts, which a new machine has not listed yet.
        place = r"(\S*runs/\S+\.(npz|json|csv|yaml|png)|\S+\.(ttf|afm)|runs|new\.csv)"
        reason = r"(cannot (write the run|be read|read the weights): )?Too many open files"
        assert re.fullmatch(rf"error: {place}: {reason}\n", err), err
    assert code in (0, 1, 2)
    assert not leftovers(trained)
    check_whole(trained)


@pytest.mark.slow  # starts Python four times
def test_a_copy_made_of_hard_links_is_a_run_of_its_own(workplace: Path) -> None:
    original = workplace / done("train", *SHORT, "snapshots=3", *QUIET, cwd=workplace)
    copy = workplace / "runs" / "copy"
    shutil.copytree(original, copy, copy_function=os.link)  # as `cp -al` does
    before = {path: path.read_bytes() for path in original.rglob("*") if path.is_file()}
    done("resume", copy, "epochs=9", *QUIET, cwd=workplace)
    assert {path: path.read_bytes() for path in original.rglob("*") if path.is_file()} == before
    longer = [*SHORT[:1], "epochs=9", *SHORT[2:]]
    alone = done("train", *longer, *QUIET, "--runs-dir", "reference", cwd=workplace)
    check_same(copy, workplace / alone)
    # And the original can still go on.
    done("resume", original, "epochs=9", *QUIET, cwd=workplace)
    check_same(original, workplace / alone)
