"""A crew of the workers of a Dask cluster, which need no disk in common with this machine.

Each worker has one task at a time. The data is sent to it once, the run directory before a task
that goes on with one, and back after each task. What a worker that dies has not sent back is
trained again.
"""

import logging
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.errors import RunError, UsageError
from nnscratch.files.atomic import replacing
from nnscratch.runs.directories import RECORD
from nnscratch.search import trial
from nnscratch.search.crews.base import Crew
from nnscratch.search.task import DataCache, Outcome, Task, carry_out
from nnscratch.version import __version__

if TYPE_CHECKING:
    from distributed import Future

_CONNECT_SECONDS = 10
_WAIT_SECONDS = 0.2
# A worker asks so often whether it is to stop.
_ASK_SECONDS = 0.5
Files = dict[str, bytes]


@dataclass(eq=False)
class _Remote:
    """A task under way, and the worker that has it."""

    task: Task
    worker: str
    future: "Future[tuple[Outcome, Files]]"
    began: float


class Cluster(Crew):
    """Trains on a cluster.

    Args:
        address: Of its scheduler, such as `tcp://192.168.0.7:8786`.
        data: The data sets that are loaded here.
        on_epoch: Called now and then while tasks train.

    Raises:
        UsageError: Dask is not installed, or there is no scheduler.
    """

    def __init__(
        self, address: str, data: DataCache, on_epoch: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(on_epoch)
        if find_spec("distributed") is None:
            raise UsageError('a cluster needs Dask: pip install "nnscratch[dask]"')
        from distributed import Client, Event

        # What is lost is reported here, and in a line.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = Client(address, timeout=_CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            reason = str(error).split("\n", 1)[0]
            raise UsageError(f"{address}: no Dask scheduler answers: {reason}") from None
        self._address = address
        self._event = Event(f"nnscratch-stop-{self._client.id}", client=self._client)
        self._data = data
        self._sent: dict[str, Any] = {}
        self._remotes: list[_Remote] = []
        self._is_interrupted = False

    def __exit__(self, *_: object) -> None:
        for remote in self._remotes:
            remote.future.cancel()
        self._remotes = []
        self._client.close(timeout=_CONNECT_SECONDS)

    @property
    def room(self) -> int:
        return len(self._free_workers())

    @property
    def busy(self) -> list[Task]:
        return [remote.task for remote in self._remotes]

    def submit(self, task: Task) -> None:
        worker = self._free_workers()[0]
        config = Config.model_validate(task.config)
        is_whole = task.plan is not None
        key = self._data.key(config, is_whole=is_whole)
        if key not in self._sent:
            dataset = self._data.get(config, is_whole=is_whole)
            self._sent[key] = self._client.scatter(dataset, broadcast=True, hash=False)
        future = self._client.submit(
            train_remotely,
            task.to_json(),
            _read_files(Path(task.where)),
            key,
            self._sent[key],
            self._event.name,
            __version__,
            workers=[worker],
            pure=False,
        )
        self._remotes.append(_Remote(task, worker, future, time.monotonic()))

    def wait(self) -> list[tuple[Task, Outcome]]:
        time.sleep(_WAIT_SECONDS)
        self.on_epoch()
        self._check_client()
        there = set(self._workers())
        ended: list[tuple[Task, Outcome]] = []
        for remote in [*self._remotes]:
            outcome = self._outcome_of(remote, there)
            if outcome:
                self._remotes.remove(remote)
                ended.append((remote.task, outcome))
        return ended

    def stop(self) -> None:
        super().stop()
        self._event.set()

    def interrupt(self) -> None:
        # A signal handler must not wait for the network; `wait` gives the tasks up.
        self.stopping = True
        self._is_interrupted = True

    def _outcome_of(self, remote: _Remote, there: set[str]) -> Outcome | None:
        """Returns how a task ended, its run directory brought here; None while it goes on."""
        seconds = time.monotonic() - remote.began
        if remote.future.status == "finished":
            outcome: Outcome
            outcome, files = remote.future.result(timeout=_CONNECT_SECONDS)
            _write_files(Path(remote.task.where), files)
            return outcome._replace(seconds=seconds)
        if remote.future.status == "error":
            error = remote.future.exception(timeout=_CONNECT_SECONDS)
            if type(error).__name__ == "KilledWorker":
                return Outcome("lost", "its worker died", seconds)
            return Outcome("broken", f"{remote.worker}: {type(error).__name__}: {error}", seconds)
        if self._is_interrupted:
            remote.future.cancel()
            return Outcome("stopped", "stopped by the user", seconds)
        if remote.worker not in there or remote.future.status in ("cancelled", "lost"):
            remote.future.cancel()
            self._sent.clear()  # it may have been the only one that had the data
            return Outcome("lost", f"its worker {remote.worker} is gone", seconds)
        return None

    def _free_workers(self) -> list[str]:
        self._check_client()
        taken = {remote.worker for remote in self._remotes}
        return [worker for worker in self._workers() if worker not in taken]

    def _workers(self) -> list[str]:
        return sorted(self._client.scheduler_info(n_workers=-1)["workers"])

    def _check_client(self) -> None:
        if self._client.status != "running":
            self._remotes = []
            raise RunError(f"{self._address}: the Dask scheduler is gone; the search can go on")


def train_remotely(
    text: str, files: Files, key: str, dataset: Dataset, event: str, version: str
) -> tuple[Outcome, Files]:
    """Trains a task on a worker and returns how it ended, and the files of its run directory.

    Args:
        text: The task, as JSON.
        files: What is in its run directory already.
        key: Of the data, in a `DataCache`.
        dataset: The data.
        event: The name of what is set when all tasks are to stop.
        version: Of nnscratch, where the search is.
    """
    from distributed import Event, get_client

    if version != __version__:
        return Outcome("broken", f"a worker has nnscratch {__version__}, not {version}"), {}
    data = DataCache()
    data.put(key, dataset)
    stop = Event(event, client=get_client())
    asked = [time.monotonic(), False]

    def should_stop() -> bool:
        if time.monotonic() - asked[0] >= _ASK_SECONDS:
            asked[:] = time.monotonic(), stop.is_set()
        return bool(asked[1])

    with tempfile.TemporaryDirectory(prefix="nnscratch-") as folder:
        where = Path(folder) / "run"
        _write_files(where, files)
        task = replace(Task.from_json(text), where=str(where))
        outcome = carry_out(task, data, should_stop=should_stop)
        return outcome, _read_files(where)


def _read_files(where: Path) -> Files:
    """Returns the files of a run directory; none if no run has begun there."""
    if not (where / RECORD).is_file():
        return {}
    paths = [path for path in where.rglob("*") if path.is_file() and path.name != trial.RECORD]
    return {path.relative_to(where).as_posix(): path.read_bytes() for path in paths}


def _write_files(where: Path, files: Files) -> None:
    """Writes the files of a run directory, run.json last: with it they are a run.

    Raises:
        OSError: One cannot be written.
    """
    for name in sorted(files, key=lambda name: name == RECORD):
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(files[name])
