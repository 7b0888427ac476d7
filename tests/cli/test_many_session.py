"""What is shown of many runs while they go on, after a signal, and at their end."""

import json
import re
import signal
import sys
from pathlib import Path

import pytest

from nnscratch.cli.many_session import Pace
from nnscratch.runs.members import list_members
from tests.conftest import Command
from tests.processes import end, record_of, runs_in, start, wait_until

XOR = "configs/xor.yaml"


def test_quiet_prints_only_the_path(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", XOR, "--repeat", 2, "epochs=3", "--quiet", "--no-plots")
    assert result.err == ""
    (run,) = runs_in(workplace / "runs")
    assert result.out.strip() == str(run.relative_to(workplace))


def test_as_json_it_is_one_document(workplace: Path, nnscratch: Command) -> None:
    result = nnscratch("train", XOR, "--repeat", 2, "epochs=3", "--no-plots", "--format", "json")
    document = json.loads(result.out)
    assert document["many"]["repeat"] == 2
    assert document["many"]["scores"]["loss"]["runs"] == 2
    lines = [line for line in result.err.splitlines() if line.startswith("seed-")]
    assert [line.split()[0] for line in lines] == ["seed-42", "seed-43"]


def test_the_time_left_is_that_of_the_epochs_that_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr("nnscratch.cli.many_session.time.monotonic", lambda: now)
    pace = Pace(["seed-9", "seed-10", "seed-11"])
    assert pace.width == len("seed-10")
    # The first run is done already; the second takes 3 s for 2 of its 10 epochs.
    now = 103.0
    pace.count()
    pace.count()
    text = pace.text("seed-10", 2, 10, "loss 0.1000")
    assert text == "run 2 of 3, seed-10: epoch 2/10  loss 0.1000  0:27 left"
    now = 115.0
    for _ in range(8):
        pace.count()
    assert pace.text("seed-10", 10, 10, "").endswith("0:15 left")
    assert pace.text("seed-11", 10, 10, "").endswith("0:00 left")


def test_a_line_of_a_run_fits_a_terminal(workplace: Path, nnscratch: Command) -> None:
    changes = ["ensemble=2", "epochs=3", "--no-plots"]
    result = nnscratch("train", "configs/diabetes.yaml", *changes)
    lines = [line for line in result.err.splitlines() if line.startswith("seed-")]
    assert len(lines) == 2
    for line in lines:
        assert re.search(r"3 epochs, loss \S+  mae \S+  test loss \S+  mae \S+$", line)
        assert len(line) <= 80
    assert re.search("^rmse ", result.out, re.MULTILINE)  # which the table has


def test_the_ending_is_that_of_a_single_run(workplace: Path, nnscratch: Command) -> None:
    endings = []
    for changes in (["ensemble=2"], []):
        out = nnscratch("train", XOR, "epochs=3", "--no-plots", *changes).out
        path = re.search(r"^run      (.+)$", out, re.MULTILINE)
        assert path
        endings.append(out[path.start() :].replace(path.group(1), "RUN"))
    together, single = endings
    assert together == single
    assert "check    nnscratch doctor RUN\n" in single


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals as POSIX does")
def test_ctrl_c_ends_the_run_after_its_epoch_and_all_others(workplace: Path) -> None:
    arguments = ["train", XOR, "--repeat", "3", "epochs=1000000", "checkpoint_seconds=0"]
    process = start(*arguments, "--no-plots", cwd=workplace)
    runs = workplace / "runs"

    def is_training() -> bool:
        members = [member for run in runs_in(runs) for member in list_members(run)]
        return any((member / "checkpoint.npz").exists() for member in members)

    wait_until(is_training)
    process.send_signal(signal.SIGINT)
    code, out, err = end(process)
    assert code == 130
    assert "stopping after this epoch" in err
    (run,) = runs_in(runs)
    assert f"next     nnscratch resume {run.relative_to(workplace)}" in out
    (member,) = list_members(run)
    assert record_of(run)["status"] == record_of(member)["status"] == "interrupted"
    assert record_of(member)["stop_reason"] == "stopped by the user"
