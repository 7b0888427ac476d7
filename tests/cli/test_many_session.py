"""What is shown of many runs while they go on, after a signal, and at their end."""

import json
import re
import signal
import sys
from pathlib import Path

import pytest

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
