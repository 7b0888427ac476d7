"""How many threads a training is given, on computers that are more or less busy."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from nnscratch.training import threads
from nnscratch.training.threads import Threads, begin_with_one, parse_threads
from tests.conftest import ROOT, Command

LARGE, SMALL = 100_000_000, 1_000_000
CPU_SECONDS = threads._cpu_seconds  # noqa: SLF001 - what stands for the system


def blas_threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


class Computer:
    """Two cores, and other processes that use some of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall = self.own = self.others = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.wall)
        monkeypatch.setattr(time, "process_time", lambda: self.own)
        monkeypatch.setattr(threads, "_cpu_seconds", lambda: self.own + self.others)
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)

    def run(self, seconds: float, own: float, others: float) -> None:
        """Lets time pass in which this process and others use so many cores."""
        self.wall += seconds
        self.own += own * seconds
        self.others += others * seconds


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("NNSCRATCH_ONE_THREAD", raising=False)
    before = blas_threads()
    yield Computer(monkeypatch)
    assert blas_threads() == before, "the number of threads was not put back"


def test_a_large_network_has_the_cores_that_are_free(computer: Computer) -> None:
    with Threads("auto", LARGE) as given:
        assert blas_threads() == {1}
        computer.run(2, own=1, others=0)
        given.adapt(2)
        assert blas_threads() == {2}
        computer.run(2, own=1.4, others=0.6)  # another training has begun
        given.adapt(3)
        assert blas_threads() == {1}
        computer.run(2, own=1, others=1)
        given.adapt(4)
        computer.run(2, own=1, others=0.1)  # and has ended
        given.adapt(5)
        assert blas_threads() == {2}
    assert given.chosen == {1: 1, 2: 2, 3: 1, 5: 2}
    recorded = {"from epoch 1": 1, "from epoch 2": 2, "from epoch 3": 1, "from epoch 5": 2}
    assert given.record() == recorded
    assert parse_threads(recorded) == given.chosen


def test_what_was_chosen_for_epochs_that_are_trained_again_is_forgotten(
    computer: Computer,
) -> None:
    with Threads("auto", LARGE, earlier={1: 1, 4: 2, 6: 1}, since=5) as given:
        assert blas_threads() == {2}
        assert given.chosen == {1: 1, 4: 2}


@pytest.mark.parametrize(("setting", "product"), [("auto", SMALL), (1, LARGE), (2, SMALL)])
def test_what_is_small_or_given_stays_as_it_is(
    computer: Computer, setting: Literal["auto"] | int, product: int
) -> None:
    with Threads(setting, product) as given:
        for epoch in range(2, 5):
            computer.run(2, own=1, others=0)
            given.adapt(epoch)
        number = 1 if setting == "auto" else setting
        assert blas_threads() == {number}
    assert given.record() == number


def test_too_short_a_time_tells_nothing(computer: Computer) -> None:
    with Threads("auto", LARGE) as given:
        for epoch in range(2, 6):
            computer.run(0.09, own=1, others=0)
            given.adapt(epoch)
    assert given.chosen == {1: 1, 5: 2}


def test_where_the_system_says_nothing_one_thread_is_enough(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(threads, "_cpu_seconds", CPU_SECONDS)
    monkeypatch.setattr(threads, "_STAT", tmp_path / "nothing")
    assert CPU_SECONDS() is None
    computer.run(2, own=1, others=0)
    with Threads("auto", LARGE) as given:
        given.adapt(2)
        assert given.chosen == {1: 1}


def test_the_users_environment_is_left_alone(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    begin_with_one()
    assert "NNSCRATCH_ONE_THREAD" not in os.environ
    before = blas_threads()
    with Threads("auto", LARGE) as given:
        computer.run(2, own=1, others=0)
        given.adapt(2)
        assert blas_threads() == before
    assert given.record() is None


def test_what_the_command_line_begins_with_is_no_users_wish(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {})
    with threadpool_limits(2):  # which also puts back what is set now
        begin_with_one()
        assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
        assert blas_threads() == {1}  # though NumPy was imported before
        with Threads("auto", LARGE) as given:
            computer.run(2, own=1, others=0)
            given.adapt(2)
            assert given.chosen == {1: 1, 2: 2}


@pytest.mark.parametrize("number", [1, 2])
def test_run_json_says_how_many(number: int, workplace: Path, nnscratch: Command) -> None:
    run = ["train", "configs/xor.yaml", f"threads={number}", "--quiet", "--no-plots"]
    path = workplace / nnscratch(*run).out.strip()
    assert json.loads((path / "run.json").read_text())["threads"] == number
    assert f"threads: {number}" in (path / "config.yaml").read_text()


@pytest.mark.parametrize("value", ["0", "many", "1.5", "null"])
def test_other_numbers_are_refused(value: str, nnscratch: Command, workplace: Path) -> None:
    result = nnscratch("train", "configs/xor.yaml", f"threads={value}")
    assert result.code == 2
    assert "`threads` must be" in result.err


@pytest.mark.parametrize(
    ("content", "cores"),
    [("max 100000\n", 2.0), ("150000 100000\n", 1.5), ("800000 100000\n", 2.0)],
)
def test_a_container_has_no_more_cores_than_its_share(
    content: str, cores: float, computer: Computer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text(content)
    monkeypatch.setattr(threads, "_QUOTA", quota)
    assert threads._cores() == cores  # noqa: SLF001 - no test can have another computer


def test_blas_is_asked_and_not_the_environment(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ |= {"OMP_NUM_THREADS": "1", "NNSCRATCH_ONE_THREAD": "1"}
    with Threads(2, SMALL):  # NumPy was there before the variables
        assert blas_threads() == {2}
        with Threads("auto", SMALL) as given:
            assert blas_threads() == {1}
        assert given.record() == 1


# A folder of a user's whose sitecustomize imports NumPy before the command line begins.
SITE = "import numpy\n"
WIDE = """
dataset: {name: npz, path: wide.npz}
architecture: [130]
batch_size: 37
optimizer: sgd
epochs: 4
checkpoint_seconds: 0
"""


def weights_of(run: Path) -> str:
    return hashlib.sha256((run / "weights.npz").read_bytes()).hexdigest()


@pytest.mark.slow  # starts Python nine times
def test_numpy_that_was_there_first_changes_no_bit(tmp_path: Path) -> None:
    """It computes with all cores until it is told otherwise."""
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 3
    np.savez(tmp_path / "wide.npz", x=rng.normal(size=(400, 500)).astype("f4"), y=labels)
    (tmp_path / "wide.yaml").write_text(WIDE)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SITE)
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("_NUM_THREADS") and name != "NNSCRATCH_ONE_THREAD"
    }
    paths = filter(None, [str(tmp_path / "site"), str(ROOT), os.environ.get("PYTHONPATH")])
    early = {**clean, "PYTHONPATH": os.pathsep.join(paths)}

    def train(environment: dict[str, str], *arguments: str) -> Path:
        command = [sys.executable, "-m", "nnscratch", *arguments]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return tmp_path / done.stdout.strip()

    begin = ("train", "wide.yaml", "--quiet", "--no-plots")
    alone = train(clean, *begin)
    for setting in ("auto", "1"):
        whole = train(early, *begin, f"threads={setting}")
        half = train(early, *begin, f"threads={setting}", "epochs=2")
        assert json.loads((half / "run.json").read_text())["threads"] == 1
        # An interpreter without it, or with it: the resumed run ends with the same bits.
        train(clean, "resume", str(half), "epochs=3", "--quiet", "--no-plots")
        train(early, "resume", str(half), "epochs=4", "--quiet", "--no-plots")
        assert weights_of(half) == weights_of(whole) == weights_of(alone)
