"""How many threads BLAS computes with: one, unless a network is large and other cores are free.

Threads of BLAS wait for each other in a loop that takes a whole core. Where another process needs
that core, two threads are up to ten times as slow as one, and so are two training runs together.
"""

import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from nnscratch.experiment.experiment import Experiment

VARIABLES = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
_BEGUN_WITH_ONE = "NNSCRATCH_ONE_THREAD"
# Multiply-adds of a step's largest product; two threads hardly speed up a smaller one.
_LARGE = 50_000_000
# It takes this long to measure how busy the other processes are.
_LEAST_SECONDS = 0.3
# How much of a core others may use while it still counts as free.
_MARGIN = 0.25
# How run.json writes the epoch from which on there is a number of threads.
_FROM = "from epoch "
_STAT, _QUOTA = Path("/proc/stat"), Path("/sys/fs/cgroup/cpu.max")


def begin_with_one() -> None:
    """Makes BLAS begin with one thread, for all that is computed before a run sets it.

    A user who has set one of its variables wants another number, which is left alone.
    """
    if VARIABLES & os.environ.keys():
        return
    os.environ |= dict.fromkeys([*VARIABLES, _BEGUN_WITH_ONE], "1")
    if "numpy" in sys.modules:  # a sitecustomize has imported it: too late for the variables
        for library in _blas_libraries():
            library.set_num_threads(1)


class Threads:
    """Sets the number of threads of a training run, and with `auto` again before each epoch.

    `auto` is one at first. Where the network is large, each later epoch has as many as there were
    free cores in the last one: so two training runs on two cores, whichever began first, end up
    with one thread each. Where the system does not show how busy it is, `auto` stays at one.

    Args:
        setting: `auto`, or a number for the whole training run.
        largest_product: The multiply-adds of a step's largest matrix product.
        earlier: What was chosen before, in the form of `chosen`, for a run that goes on; what was
            chosen for epochs after `since` counts no more.
        since: The first epoch that is trained now.
        replay: Whether `earlier` is to be repeated, epoch by epoch.

    Attributes:
        chosen: The number of threads by the epoch that it was first used in.
    """

    def __init__(
        self,
        setting: int | Literal["auto"],
        largest_product: int,
        *,
        earlier: Mapping[int, int] = MappingProxyType({}),
        since: int = 1,
        replay: bool = False,
    ) -> None:
        by_user = bool(VARIABLES & os.environ.keys()) and _BEGUN_WITH_ONE not in os.environ
        self._plan = earlier if replay else {}
        self._measure: _Measure | None = None
        self._before: list[tuple[Any, int]] = []
        self.chosen: dict[int, int] = {}
        if replay:
            self.adapt(1)
            return
        if setting == "auto" and by_user:
            return  # the user's number is recorded with the versions
        self.chosen = {epoch: number for epoch, number in earlier.items() if epoch <= since}
        # Set also where it should be so already: what was imported first may have changed it.
        self._set(since, [1, *self.chosen.values()][-1] if setting == "auto" else setting)
        if setting == "auto" and largest_product >= _LARGE:
            self._measure = _Measure()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for library, number in self._before:
            library.set_num_threads(number)

    def adapt(self, epoch: int) -> None:
        """Chooses the number for an epoch that is about to begin."""
        if epoch in self._plan:
            self._set(epoch, self._plan[epoch])
        free = self._measure.free_cores() if self._measure else None
        if free is not None:
            number = max(1, int(free + _MARGIN))
            if number != [*self.chosen.values()][-1]:
                self._set(epoch, number)
            self._measure = _Measure()

    def record(self) -> int | dict[str, int] | None:
        """Returns what run.json records: the number, or all with their epochs; None if unknown."""
        numbers = list(self.chosen.values())
        if len(numbers) > 1:
            return {f"{_FROM}{epoch}": number for epoch, number in self.chosen.items()}
        return numbers[0] if numbers else None

    def _set(self, epoch: int, number: int) -> None:
        if not self._before:
            self._before = [(library, library.num_threads) for library in _blas_libraries()]
        for library, _ in self._before:
            library.set_num_threads(number)
        # BLAS may have fewer than it is asked for.
        number = min([number, *(library.num_threads for library, _ in self._before)])
        if [*self.chosen.values()][-1:] != [number]:
            self.chosen[epoch] = number


def _blas_libraries() -> list[Any]:
    """Returns what sets the number of threads of each BLAS that the process has loaded."""
    from threadpoolctl import ThreadpoolController

    libraries: list[Any] = ThreadpoolController().select(user_api="blas").lib_controllers
    return libraries


def parse_threads(recorded: int | Mapping[str, int] | None) -> dict[int, int]:
    """Returns what `Threads.record` returned as its `chosen`; nothing if it is not of that form."""
    by_epoch = recorded if isinstance(recorded, Mapping) else {f"{_FROM}1": recorded}
    return {
        int(epoch.removeprefix(_FROM)): number
        for epoch, number in by_epoch.items()
        if number is not None and re.fullmatch(rf"{_FROM}\d+", epoch)
    }


def threads_for(experiment: "Experiment", **how: Any) -> Threads:
    """Returns the threads for the largest matrix product of a step; `how` is as for `Threads`."""
    largest = max(dense.kernel.size for dense in experiment.model.network.dense)
    return Threads(experiment.config.threads, experiment.batch_rows * largest, **how)


class _Measure:
    """Measures how many cores other processes leave free, from its creation on."""

    def __init__(self) -> None:
        self._wall, self._own, self._all = time.monotonic(), time.process_time(), _cpu_seconds()

    def free_cores(self) -> float | None:
        """Returns how many cores other processes have left; None where it is not known (yet)."""
        wall, used = time.monotonic() - self._wall, _cpu_seconds()
        if used is None or self._all is None or wall < _LEAST_SECONDS:
            return None
        others = (used - self._all) - (time.process_time() - self._own)
        return _cores() - max(others, 0.0) / wall


def _cores() -> float:
    """Returns how many cores this process may use; a container may be given part of them."""
    cores = float(len(os.sched_getaffinity(0)))
    try:
        quota, period = _QUOTA.read_text("ascii").split()
    except (OSError, ValueError):
        return cores
    return cores if quota == "max" else min(cores, int(quota) / int(period))


def _cpu_seconds() -> float | None:
    """Returns the CPU seconds of all processes since the computer was started; None if unknown."""
    try:
        first = _STAT.read_text("ascii").split("\n", 1)[0]
    except OSError:
        return None
    user, nice, system, _idle, _waiting, *others = map(int, first.split()[1:9])
    return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")
