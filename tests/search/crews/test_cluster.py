"""A crew of a real Dask cluster on the loopback, whose workers share no disk with the search."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from nnscratch.config import Config
from nnscratch.errors import RunError, UsageError
from nnscratch.search.crews import cluster
from nnscratch.search.crews.cluster import Cluster, train_remotely
from nnscratch.search.launch import go_on
from nnscratch.search.search import Search
from nnscratch.search.task import DataCache
from tests.processes import ENVIRONMENT, Process, wait_until
from tests.search.test_task import task
from tests.searching import begin_with, finish, small, start, trials_of, weights_of


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Process]:
    """Runs `dask` in a folder of its own."""
    folder.mkdir()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=folder,
            stderr=log,
            env=ENVIRONMENT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


class Machines:
    """A scheduler and workers, each in a folder of its own, as if they were other computers."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self.scheduler = stack.enter_context(
            running(folder / "scheduler", "scheduler", *options, "--scheduler-file", "where.json")
        )
        file = folder / "scheduler" / "where.json"
        wait_until(lambda: file.is_file() and file.read_text().endswith("}"), self.scheduler)
        self.address = str(json.loads(file.read_text())["address"])
        self.workers: list[Process] = []

    def add_worker(self) -> None:
        name = f"worker-{len(self.workers)}"
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", "."]
        worker = running(self.folder / name, "worker", self.address, "--name", name, *options)
        self.workers.append(self.stack.enter_context(worker))

    def crew(self, workers: int) -> Cluster:
        crew = Cluster(self.address, DataCache())
        wait_until(lambda: crew.room == workers)
        return crew


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    pytest.importorskip("distributed", reason="needs Dask: pip install -e '.[dask]'")
    with ExitStack() as stack:
        found = Machines(tmp_path, stack)
        for _ in range(2):
            found.add_worker()
        yield found


def values_of(path: Path) -> list[object]:
    """Returns the points and results, whatever the order in which they came in."""
    trials = trials_of(path)
    for trial in trials:
        trial.pop("told")
        for result in trial["results"].values():
            result.pop("order")
    return list(trials)


@pytest.mark.slow  # starts three processes of Dask
def test_a_cluster_trains_the_same_trials_and_brings_them_here(
    machines: Machines, tmp_path: Path
) -> None:
    ours = finish(start(small(tmp_path, "trials: 6"), tmp_path / "ours")).directory.path
    config = small(tmp_path, "trials: 6; confirm: 1")
    theirs = finish(begin_with(config, tmp_path / "theirs", machines.crew(2))).directory.path
    assert values_of(theirs) == values_of(ours)
    there = weights_of(theirs)
    assert all(there[name] == content for name, content in weights_of(ours).items())
    assert len(list((theirs / "confirm").glob("*/weights.npz"))) == 2
    # A run that came here is an ordinary one, in its place.
    assert {path.name for path in (theirs / "trials" / "0003").iterdir()} == {
        *("checkpoint.npz", "config.yaml", "metrics.csv", "run.json", "trial.json", "weights.npz")
    }


@pytest.mark.slow  # likewise
def test_a_promoted_trial_goes_on_from_its_checkpoint(machines: Machines, tmp_path: Path) -> None:
    config = small(tmp_path, "trials: 3; prune: halving")
    search = finish(begin_with(config, tmp_path / "runs", machines.crew(2)))
    best = search.ledger.best
    assert best
    rows = (search.run_of(best) / "metrics.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["1", "2", "3", "4", "5", "6"]


def searching(machines: Machines, tmp_path: Path, *, epochs: int) -> Search:
    base = "dataset: {name: moons, samples: 400, validation: 0.25}\n"
    config = small(tmp_path, "trials: 4", base=f"{base}epochs: {epochs}\n", space=RATES)
    return begin_with(config, tmp_path / "runs", machines.crew(2))


RATES = "\n  space: {learning_rate: {log_uniform: [0.0001, 0.001]}}\n"


@pytest.mark.slow  # likewise
def test_a_worker_that_is_killed_is_replaced_by_the_others(
    machines: Machines, tmp_path: Path
) -> None:
    search = searching(machines, tmp_path, epochs=300)
    calls = 0

    def kill_one() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            os.kill(machines.workers[0].pid, signal.SIGKILL)

    search.crew.on_epoch = kill_one
    finish(search)
    assert machines.workers[0].wait() == -signal.SIGKILL
    assert len(search.ledger.searched) == 4
    assert not any(trial.is_failed for trial in search.ledger.trials)
    assert all(len(trial.results) == 1 for trial in search.ledger.trials)


@pytest.mark.slow  # likewise
def test_a_scheduler_that_is_killed_ends_the_search_which_can_go_on(
    machines: Machines, tmp_path: Path
) -> None:
    search = searching(machines, tmp_path, epochs=200)

    def kill_it() -> None:
        if search.ledger.results >= 2:
            machines.scheduler.kill()

    search.crew.on_epoch = kill_it
    with pytest.raises(RunError, match="the Dask scheduler is gone; the search can go on"):
        finish(search)
    done = [trial for trial in trials_of(search.directory.path) if trial.get("results")]
    assert len(done) >= 2
    with ExitStack() as stack:
        others = Machines(tmp_path / "later", stack) if _folder(tmp_path / "later") else machines
        others.add_worker()
        again = finish(go_on(search.directory.path, crew=others.crew(1)))
    assert trials_of(search.directory.path)[: len(done)] == done
    assert len(again.ledger.searched) == 4
    assert again.directory.record.status == "completed"


def _folder(path: Path) -> bool:
    path.mkdir()
    return True


@pytest.mark.slow  # likewise
def test_tasks_are_stopped_after_their_epochs(machines: Machines, tmp_path: Path) -> None:
    search = searching(machines, tmp_path, epochs=1_000_000)
    began = time.monotonic()

    def stop() -> None:
        if time.monotonic() - began > 2 and not search.crew.stopping:
            search.crew.stop()

    search.crew.on_epoch = stop
    finish(search)
    assert search.directory.record.status == "interrupted"
    # What they had trained is here, to go on with.
    assert len(list(search.directory.path.glob("trials/*/checkpoint.npz"))) == 2


@pytest.mark.slow  # likewise
def test_tasks_can_be_given_up_at_once(machines: Machines, tmp_path: Path) -> None:
    search = searching(machines, tmp_path, epochs=1_000_000)
    search.crew.on_epoch = search.crew.interrupt
    finish(search)
    assert search.directory.record.status == "interrupted"
    assert search.ledger.results == 0


def test_without_dask_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install .nnscratch\[dask\]"):
        Cluster("tcp://127.0.0.1:9", DataCache())


def test_a_worker_of_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed", reason="needs Dask")
    assert distributed
    config = Config.model_validate(task(tmp_path).config)
    text, dataset = task(tmp_path).to_json(), DataCache().get(config)
    outcome, files = train_remotely(text, {}, "", dataset, "", "0.0.1")
    assert outcome.status == "broken"
    assert "not 0.0.1" in outcome.reason
    assert not files
