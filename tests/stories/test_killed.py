"""A training run killed at any moment loses no finished epoch and ends with the same bits."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.processes import (
    ENVIRONMENT,
    check_same,
    check_whole,
    done,
    end,
    epoch_of,
    is_training,
    leftovers,
    record_of,
    runs_in,
    start,
    wait_until,
)

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="kills processes as Linux does"),
]

XOR_EACH_EPOCH = ["configs/xor.yaml", "epochs=300", "checkpoint_seconds=0"]
XOR_NOW_AND_THEN = ["configs/xor.yaml", "epochs=20000", "checkpoint_seconds=0.05"]
# All that has a state: the order of rows, dropout, a schedule, averages, the best epoch's weights.
DIGITS = "configs/digits.yaml epochs=100 dropout=0.1 schedule=cosine average=0.9 batch_norm=true"
DIGITS_WITH_ALL = [
    *DIGITS.split(),
    *["dataset.validation=0.1", "architecture=[32]", "batch_size=41", "checkpoint_seconds=0"],
]


@dataclass
class Killing:
    """Trains the same again and again, and kills what trains, until it has killed often enough."""

    folder: Path
    settings: list[str]
    generator: random.Random
    startup: float
    phases: Counter[str] = field(default_factory=Counter)
    finished: int = 0

    @property
    def kills(self) -> int:
        return self.phases.total()

    def train_until_completed(self, runs: Path, reference: Path, limit: int) -> None:
        """Trains into `runs`, resuming after each kill; never kills more often than `limit`."""
        epoch, orderly = 0, False
        while not ((found := runs_in(runs)) and record_of(found[0])["status"] == "completed"):
            assert len(found) <= 1
            begin = ["resume", found[0]] if found else ["train", *self.settings, "--runs-dir", runs]
            plots = [] if self.generator.random() < 0.3 else ["--no-plots"]
            process = start(*begin, *plots, "--quiet", cwd=self.folder)
            orderly = not self._kill(process, runs, spare=self.kills >= limit)
            for run in runs_in(runs):
                before, epoch = epoch, check_whole(run)
                assert epoch >= before, "a finished checkpoint was lost"
        (run,) = runs_in(runs)
        check_same(run, reference)
        assert not orderly or not leftovers(run)
        self.finished += 1

    def _kill(self, process: subprocess.Popen[str], runs: Path, *, spare: bool) -> bool:
        """Kills a process at a random moment, unless it ends before; says whether it did."""
        training = False
        if not spare:
            self._wait(process, runs)
            training = is_training(runs, process)
            process.kill()
        code, _, err = end(process)
        if code != -signal.SIGKILL:
            assert code == 0, err
            return False
        self.phases[self._phase(runs, training=training)] += 1
        return True

    def _wait(self, process: subprocess.Popen[str], runs: Path) -> None:
        moment = self.generator.random()
        if moment < 0.2:
            time.sleep(self.generator.uniform(0, self.startup))
            return
        wait_until(lambda: is_training(runs, process), process)
        if moment < 0.35:  # when the first files are written
            time.sleep(self.generator.uniform(0, 0.01))
        elif moment < 0.8:
            time.sleep(self.generator.uniform(0, 0.4))
        else:
            wait_until(lambda: record_of(runs_in(runs)[0])["status"] == "completed", process)
            time.sleep(self.generator.uniform(0, 0.5))

    def _phase(self, runs: Path, *, training: bool) -> str:
        found = runs_in(runs)
        if not found:
            return "before there was a run"
        if record_of(found[0])["status"] == "completed":
            return "after completion"
        if not training:
            return "while a resume started"
        return "after a checkpoint" if epoch_of(found[0]) else "before the first checkpoint"


def kill_often(workplace: Path, settings: list[str], seed: int, kills: int) -> Killing:
    began = time.monotonic()
    reference = done("train", *settings, "--quiet", "--no-plots", cwd=workplace)
    startup = (time.monotonic() - began) / 2
    killing = Killing(workplace, settings, random.Random(seed), startup)  # noqa: S311 - nothing secret
    while killing.kills < kills:
        runs = workplace / f"killed-{killing.finished}"
        killing.train_until_completed(runs, workplace / reference, kills)
    assert killing.kills == kills
    return killing


def test_a_run_killed_a_few_times_ends_with_the_same_bits(workplace: Path) -> None:
    assert kill_often(workplace, [*XOR_EACH_EPOCH, "epochs=100"], seed=0, kills=3).finished >= 1


# Two hundred processes start, train and are killed, and as many resume: some minutes.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "kills"),
    [(XOR_EACH_EPOCH, 75), (XOR_NOW_AND_THEN, 75), (DIGITS_WITH_ALL, 50)],
    ids=["xor, saved each epoch", "xor, saved now and then", "digits"],
)
def test_a_run_killed_at_random_moments_ends_with_the_same_bits(
    settings: list[str], kills: int, workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killing = kill_often(workplace, settings, seed=len(settings), kills=kills)
    with capsys.disabled():
        print(f"\n{' '.join(settings)}\n{kills} kills in {killing.finished} runs, all identical:")
        for phase, count in killing.phases.most_common():
            print(f"  {count:4} {phase}")
    assert killing.phases["after a checkpoint"] > kills / 4


# Forks a process for each n, which gets a signal just before its n-th operation on a file of the
# run. Importing is done once, so a hundred of them take seconds.
AT_EACH_OPERATION = """
import os, signal, sys
from pathlib import Path
from nnscratch.cli.main import main

number, times, base, *arguments = sys.argv[1:]
WRITING = os.O_WRONLY | os.O_RDWR

def child(n):
    os.dup2(os.open(f"{n}.out", os.O_WRONLY | os.O_CREAT), 1)
    os.dup2(1, 2)
    count = 0
    def strike():
        nonlocal count
        count += 1
        if count == n:
            for _ in range(int(times)):
                os.kill(os.getpid(), int(number))
    def hook(event, details):
        changes = event in ("os.rename", "os.remove", "os.mkdir", "os.link")
        if changes or event == "open" and isinstance(details[2], int) and details[2] & WRITING:
            if f"{base}-{n}" in os.path.abspath(str(details[0])):
                strike()
    sync = os.fsync
    def strike_and_sync(descriptor):
        strike()
        sync(descriptor)
    os.fsync = strike_and_sync
    sys.addaudithook(hook)
    code = main([argument.replace("@", f"{base}-{n}") for argument in arguments])
    os._exit(code if count >= n else 99)

def run(n):
    pid = os.fork()
    if not pid:
        try:
            child(n)
        finally:
            os._exit(98)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

code = main(["train", arguments[1], "epochs=1", "--quiet", "--no-plots", "--runs-dir", "warm"])
assert code == 0
n = 1
while (code := run(n)) != 99 and n < 1000:
    print(n, code)
    n += 1
"""


def at_each_operation(
    workplace: Path, number: int, times: int, *arguments: str
) -> list[tuple[Path, int, str]]:
    """Returns what became of the training that was hit before its n-th operation on a file."""
    result = subprocess.run(
        [sys.executable, "-c", AT_EACH_OPERATION, str(int(number)), str(times), "hit", *arguments],
        cwd=workplace,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split() for line in result.stdout.splitlines() if line[0].isdigit()]
    assert len(lines) > 30, result.stderr
    return [
        (workplace / f"hit-{n}", int(code), (workplace / f"{n}.out").read_text())
        for n, code in lines
    ]


def resume_all(workplace: Path, runs: list[Path]) -> None:
    """Resumes runs in one process: starting one for each would take minutes."""
    program = (
        "import sys; from nnscratch.cli.main import main\n"
        "sys.exit(any([main(['resume', run, '--quiet', '--no-plots']) for run in sys.argv[1:]]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *map(str, runs)],
        cwd=workplace,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


SHORT = ["configs/xor.yaml", "epochs=3", "checkpoint_seconds=0", "--quiet", "--no-plots"]


@pytest.mark.slow  # a process for each operation
def test_a_run_killed_before_each_file_operation_ends_with_the_same_bits(
    workplace: Path,
) -> None:
    reference = workplace / done("train", *SHORT, cwd=workplace)
    ends = at_each_operation(workplace, signal.SIGKILL, 1, "train", *SHORT, "--runs-dir", "@")
    assert {code for _, code, _ in ends} == {-signal.SIGKILL}
    begun = [run for runs, _, _ in ends for run in runs_in(runs)]
    assert len(ends) - len(begun) < 12  # so few operations come before run.json
    epochs = [check_whole(run) for run in begun]
    assert epochs == sorted(epochs)  # who lived longer has come further
    assert set(epochs) == {0, 1, 2, 3}
    resume_all(workplace, [run for run in begun if record_of(run)["status"] != "completed"])
    for run in begun:
        check_same(run, reference)
        assert not leftovers(run)


@pytest.mark.slow  # each takes some seconds
@pytest.mark.parametrize(
    ("number", "times"),
    [
        (signal.SIGTERM, 1),
        (signal.SIGTERM, 2),
        (signal.SIGINT, 1),
        (signal.SIGINT, 2),
    ],
)
def test_a_signal_before_any_file_operation_does_no_harm(
    number: signal.Signals, times: int, workplace: Path
) -> None:
    reference = workplace / done("train", *SHORT, cwd=workplace)
    ends = at_each_operation(workplace, number, times, "train", *SHORT, "--runs-dir", "@")
    interrupted = []
    for runs, code, said in ends:
        (run,) = runs_in(runs)
        assert "Traceback" not in said
        assert "error" not in said
        status = record_of(run)["status"]
        assert (status, code) in {("interrupted", 128 + number), ("completed", 0)}
        assert not leftovers(run)
        assert check_whole(run) == record_of(run)["epochs_done"]
        interrupted += [run] * (status == "interrupted")
    assert len(interrupted) > len(ends) / 3
    resume_all(workplace, interrupted)
    for run in interrupted:
        check_same(run, reference)
