"""A search directory: what is searched, and the trials, which are its truth.

search.yaml      the config with its search; the search can be resumed with it
search.json      what happened: command, version, seconds
search.lock      is locked by the process that carries the search out
trials.csv       a row for each trial, written again from the trials whenever one ends
trials/0007/     a trial: trial.json, and its run directory
confirm/         the best and the config itself, with other seeds
best.yaml        the config of the best trial, which trains to the same weights
plots/           pictures of it
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from nnscratch.config import Config, load
from nnscratch.config.reading.search_space import as_written
from nnscratch.config.reading.yaml import dump
from nnscratch.config.settings.components import AUTO
from nnscratch.errors import DataError, Problem, RunError, UsageError
from nnscratch.files.atomic import sweep, write_text
from nnscratch.files.regular import open_regular
from nnscratch.runs.create import make_directory
from nnscratch.runs.directories import SEARCH_CONFIG, SEARCH_RECORD, TIME_FORMAT
from nnscratch.runs.lock import try_lock, unlock
from nnscratch.version import __version__

_LOCK = "search.lock"
# What may change while a search goes on: trials that are done stay as they are.
_FREE = (
    *("search.trials", "search.max_seconds", "search.confirm"),
    *("ensemble", "own_validation"),
)
# Those whose `auto` the search decides, or an earlier version did.
_DECIDED = ("search.objective", "early_stopping.monitor")


class SearchRecord(BaseModel):
    """What search.json holds."""

    model_config = ConfigDict(strict=True, extra="allow", defer_build=True)

    command: list[str] = []
    name: str = ""
    started: str = ""
    version: str = __version__
    settings: dict[str, Any] = {}
    """The settings as they were when it began, by their paths."""
    data_fingerprint: str = ""
    """Of the data of the config itself."""
    status: str = "running"
    pid: int = 0
    seconds: float = 0.0
    resumed: list[str] = []


class SearchDirectory:
    """A search directory that this process, and no other, writes.

    Attributes:
        path: The directory.
        config: What its search.yaml says.
        record: What its search.json holds.
    """

    def __init__(self, path: Path, config: Config, record: SearchRecord, lock: BinaryIO) -> None:
        self.path = path
        self.config = config
        self.record = record
        self._lock = lock

    @classmethod
    def create(
        cls, parent: Path, config: Config, command: Sequence[str], data_fingerprint: str = ""
    ) -> "SearchDirectory":
        """Makes `<parent>/<name>-<YYYYmmdd-HHMMSS>` for a config that has a search.

        Raises:
            RunError: It cannot be made or written.
        """
        now = datetime.now().astimezone()
        try:
            path = make_directory(parent, f"{config.name}-{now:{TIME_FORMAT}}")
            write_text(path / SEARCH_CONFIG, dump(as_written(config)))
            record = SearchRecord(
                command=[*command],
                name=config.name,
                started=now.isoformat(timespec="seconds"),
                settings=_plain_settings(config),
                data_fingerprint=data_fingerprint,
                pid=os.getpid(),
            )
            directory = cls(path, config, record, _lock(path))
            directory.save()
        except OSError as error:
            where = error.filename or parent
            raise RunError(f"{where}: cannot write the search: {error.strerror}") from None
        return directory

    @classmethod
    def reopen(
        cls, path: Path, changes: Sequence[str] = (), data_fingerprint: str = ""
    ) -> "SearchDirectory":
        """Opens a search that is to go on.

        Args:
            path: The directory.
            changes: `search.trials=100` and whatever else leaves the trials so far as they are.
            data_fingerprint: Of the data of the config itself, as they are now, if it is known.

        Raises:
            ConfigError: The config is another one than that of the trials so far.
            DataError: The data are others than those of the trials so far.
            RunError: search.json is damaged.
            UsageError: Another process carries it out.
            OSError: It cannot be written.
        """
        lock = _lock(path)
        try:
            record = read_search(path)
            config = _load(path / SEARCH_CONFIG, changes, record)
            _check_settings(config, record)
            if data_fingerprint and record.data_fingerprint not in ("", data_fingerprint):
                raise DataError(f"{path}: the data have changed since the search began")
            if changes:
                write_text(path / SEARCH_CONFIG, dump(as_written(config)))
            for folder in (path, path / "plots"):
                if folder.is_dir():
                    sweep(folder)
            directory = cls(path, config, record, lock)
            record.resumed.append(datetime.now().astimezone().isoformat(timespec="seconds"))
            record.status, record.pid = "running", os.getpid()
            directory.save()
        except BaseException:
            lock.close()
            raise
        return directory

    def save(self) -> None:
        """Replaces search.json.

        Raises:
            OSError: It cannot be written.
        """
        text = json.dumps(self.record.model_dump(mode="json"), indent=2)
        write_text(self.path / SEARCH_RECORD, text + "\n")

    def close(self) -> None:
        """Lets other processes go on with it."""
        with suppress(OSError):
            unlock(self._lock)
            self._lock.close()


def read_search(path: Path) -> SearchRecord:
    """Returns what the search.json of a search directory holds.

    Raises:
        RunError: It is missing or damaged.
    """
    file = path / SEARCH_RECORD
    try:
        with open_regular(file) as content:
            return SearchRecord.model_validate_json(content.read())
    except OSError as error:
        raise RunError(f"{file}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise RunError(f"{file}: cannot be read: {first['msg']}") from None


def status_of(path: Path, record: SearchRecord) -> str:
    """Returns the status of a search; a process that died could not record its end."""
    if record.status != "running":
        return record.status
    try:
        with open_regular(path / _LOCK) as file:
            is_free = try_lock(file, shared=True)
            unlock(file)
    except OSError:
        is_free = True
    return "interrupted" if is_free else "running"


def _lock(path: Path) -> BinaryIO:
    """Returns search.lock, which is locked until it is closed."""
    (path / _LOCK).touch()
    file = open_regular(path / _LOCK, "r+b")
    if try_lock(file) is False:
        file.close()
        raise UsageError(f"{path}: another process carries out this search")
    return file


def _load(file: Path, changes: Sequence[str], record: SearchRecord) -> Config:
    """Returns the config of a search, in which `auto` is what it stood for when it began."""
    config = load(file, changes)
    now = config.settings()
    decided = [
        f"{key}={record.settings[key]}"
        for key in _DECIDED
        if now.get(key) == AUTO and record.settings.get(key, AUTO) != AUTO
    ]
    return load(file, [*decided, *changes]) if decided else config


def _plain_settings(config: Config) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(json.dumps(config.settings()))
    return settings


def _check_settings(config: Config, record: SearchRecord) -> None:
    """Compares the config with what it was when the search began.

    Raises:
        ConfigError: With a line for each setting that has changed.
    """
    before, now = record.settings, _plain_settings(config)
    # Whether the rows at another path are still the same is checked by their fingerprint.
    free = {*_FREE, *(f"dataset.{key}" for key in config.dataset.path_keys)}
    changed = [k for k in {**before, **now} if before.get(k) != now.get(k) and k not in free]
    problems = [
        Problem(
            f"was {before.get(key, 'not set')} and is {now.get(key, 'not set')}; it cannot change, "
            "as the trials so far would have come out differently",
            key,
            "a new search can have it",
        )
        for key in changed
    ]
    if problems:
        raise config.error(*problems)
