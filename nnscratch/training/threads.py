"""How many threads BLAS computes with: one, unless a network is large and other cores are free.

Threads of BLAS wait for each other in a loop that takes a whole core; where another process needs
that core, two are up to ten times as slow as one, and side by side both trainings are.
"""

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self

_VARIABLES = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
_BEGUN_WITH_ONE = "NNSCRATCH_ONE_THREAD"
# Multiply-adds of a step's largest product: of smaller ones, halves are hardly faster.
_LARGE = 50_000_000
# So many seconds tell how busy the other processes are.
_LEAST_SECONDS = 0.3
# What others may use of a core that counts as free.
_MARGIN = 0.25
# How run.json says since when there is a number of threads.
_FROM = "from epoch "
_STAT, _QUOTA = Path("/proc/stat"), Path("/sys/fs/cgroup/cpu.max")


def begin_with_one() -> None:
    """Has a BLAS that is still to be imported begin with one thread.

    Who sets one of its variables has other plans, which are left alone.
    """
    if not _VARIABLES & os.environ.keys():
        os.environ |= dict.fromkeys([*_VARIABLES, _BEGUN_WITH_ONE], "1")


class Threads:
    """Sets the number of threads for a training, and for `auto` again from epoch to epoch.

    `auto` is one at first. Where the network is large, each later epoch has as many as there were
    free cores in the last one: so two trainings on two cores, whichever began first, end up with
    one thread each. Where the system does not tell how busy it is, it stays at one.

    Args:
        setting: `auto`, or a number for the whole training.
        largest_product: The multiply-adds of a step's largest matrix product.
        earlier: What was chosen before, as `chosen` says it, for a training that goes on.
        since: The first epoch that is trained now.
        replay: Whether `earlier` is chosen again, epoch by epoch, and nothing else.

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
        begun_with_one = _BEGUN_WITH_ONE in os.environ
        by_user = bool(_VARIABLES & os.environ.keys()) and not begun_with_one
        adapts = setting == "auto" and not by_user and largest_product >= _LARGE
        self._plan = earlier if replay else {}
        self._measure = _Measure() if adapts and not replay else None
        self._before: list[tuple[Any, int]] = []
        # What the user has set besides is noted with the versions.
        told_otherwise = by_user and setting == "auto"
        self.chosen: dict[int, int] = {} if replay or told_otherwise else dict(earlier)
        last = [*self.chosen.values()][-1:]
        if replay:
            self.adapt(1)
        elif setting != "auto":
            self._set(since, setting)
        elif last:
            self._set(since, *last)
        elif begun_with_one:
            self.chosen[since] = 1
        elif not by_user:
            self._set(since, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for library, number in self._before:
            library.set_num_threads(number)

    def adapt(self, epoch: int) -> None:
        """Chooses anew before an epoch."""
        if epoch in self._plan:
            self._set(epoch, self._plan[epoch])
        free = self._measure.free_cores() if self._measure else None
        if free is not None:
            number = max(1, int(free + _MARGIN))
            if number != [*self.chosen.values()][-1]:
                self._set(epoch, number)
            self._measure = _Measure()

    def record(self) -> dict[str, Any]:
        """Returns what run.json says of it: the number, or all with their epochs."""
        numbers = list(self.chosen.values())
        if len(numbers) > 1:
            return {"threads": {f"{_FROM}{e}": number for e, number in self.chosen.items()}}
        return {"threads": numbers[0]} if numbers else {}

    @staticmethod
    def recorded(record: Mapping[str, Any]) -> dict[int, int]:
        """Returns what `record` has said, as `chosen`; nothing if that says nothing of it."""
        said = record.get("threads")
        by_epoch = said if isinstance(said, dict) else {f"{_FROM}1": said}
        return {
            int(epoch.removeprefix(_FROM)): number
            for epoch, number in by_epoch.items()
            if isinstance(number, int) and re.fullmatch(rf"{_FROM}\d+", epoch)
        }

    def _set(self, epoch: int, number: int) -> None:
        from threadpoolctl import ThreadpoolController

        if not self._before:
            libraries = ThreadpoolController().select(user_api="blas").lib_controllers
            self._before = [(library, library.num_threads) for library in libraries]
        for library, _ in self._before:
            library.set_num_threads(number)
        # BLAS may have fewer than it is asked for.
        number = min([number, *(library.num_threads for library, _ in self._before)])
        if [*self.chosen.values()][-1:] != [number]:
            self.chosen[epoch] = number


class _Measure:
    """Finds out how many cores other processes leave free, from its making on."""

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
