"""From a file and KEY=VALUE to a `Config`, or to all of its mistakes at once."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from nnscratch.config.config import Config
from nnscratch.config.reading import overrides
from nnscratch.config.reading.document import MAX_BYTES, CommandLine, Document, parse_file
from nnscratch.config.reading.presets import lay_under
from nnscratch.config.reading.problems import find_problems
from nnscratch.config.reading.search_space import find_space_problems
from nnscratch.config.settings.base import KEY_ALIASES
from nnscratch.errors import ConfigError, Place, Problem
from nnscratch.files.regular import open_regular
from nnscratch.formatting import typed

# The names of tables end so; that of no config does.
_TABLES = (".csv", ".tsv", ".arff", ".xlsx", ".xls", ".ods", ".parquet")


def load(path: str | Path, changes: Sequence[str] = (), *, find_files: bool = True) -> Config:
    """Reads a config file and lays changes over it.

    Args:
        path: The file.
        changes: Other config files, which are laid over it first, and KEY=VALUE.
        find_files: Whether the files of the data must exist.

    Raises:
        ConfigError: With a problem for each mistake.
    """
    files = [Path(path), *map(Path, filter(_is_file, changes))]
    texts: dict[str, str] = {}
    try:
        config = _load(files, [change for change in changes if not _is_file(change)], texts)
        return _find_files(config, files) if find_files else config
    except ConfigError as error:
        error.texts |= texts
        raise


def _load(files: Sequence[Path], changes: Sequence[str], texts: dict[str, str]) -> Config:
    """Reads and checks the files; stores their contents in `texts`."""
    document, *others = (_parse(file, texts) for file in files)
    for other in others:
        overrides.lay_over(document, other)
    document.texts = texts
    words = [change for change in changes if overrides.is_for("preset", change)]
    overrides.apply(document, words)
    lay_under(document)
    overrides.apply(document, [change for change in changes if change not in words])
    document.data.setdefault("name", _name_from(files[-1]))
    config, problems = None, document.problems
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        problems += find_problems(error, document)
    problems += _find_space_problems(document)
    if config is None or problems:
        raise ConfigError(_in_reading_order(problems, files)) from None
    config._document = document  # noqa: SLF001 - lets later errors name the line
    return config


def _find_space_problems(document: Document) -> list[Problem]:
    """Returns what is wrong with the ranges of a search, if the rest of the config is valid."""
    data = dict(document.data)
    search = data.pop("search", None)
    try:
        base = Config.model_validate(data) if search is not None else None
    except ValidationError:
        return []
    if base is None:
        return []
    base._document = document  # noqa: SLF001 - as above
    return list(find_space_problems(base, search))


def _is_file(change: str) -> bool:
    is_named_so = change.lower().endswith((".yaml", ".yml"))
    return is_named_so and ("=" not in change or Path(change).is_file())


def _parse(path: Path, texts: dict[str, str]) -> Document:
    content = _read(path)
    if path.suffix.lower() in _TABLES:
        remedy = f"nnscratch init csv {typed(str(path))} writes a config for it"
        raise ConfigError([Problem("is a table, not a config", "", remedy, Place(str(path)))])
    texts[str(path)] = content.decode("utf-8-sig", "replace")
    document = parse_file(content, str(path))
    _rename_aliases(document)
    return document


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") if _is_open(path) else open_regular(path) as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        own = path / "config.yaml"
        remedy = f"the run's own config is {own}" if own.is_file() else _similar(path)
        rule = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(rule, remedy=remedy, place=Place(str(path)))]) from None


def _is_open(path: Path) -> bool:
    """Returns whether the shell has opened a file itself: a pipe of its, as `<(…)` is one, ends."""
    return path == Path("/dev/stdin") or path.parent == Path("/dev/fd")


def _similar(path: Path) -> str:
    """Returns a hint at a config whose name is similar to that of a missing one."""
    there = {
        file.stem.lower(): file
        for folder in (path.parent, Path("configs"))
        for file in folder.glob("*.yaml")
        if file != path
    }
    near = get_close_matches(path.stem.lower(), there, n=1)
    return f"did you mean {there[near[0]]}?" if near else "nnscratch init writes one"


def _find_files(config: Config, files: Sequence[Path]) -> Config:
    """Returns the config with the absolute path of each file that its data set names.

    A path in a config is relative to the config's folder or else to the current one; a path from
    the command line is relative to the current folder or else to the config's.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for key in config.dataset.path_keys:
        given = getattr(config.dataset, key)
        if given is None:
            continue
        candidates = _candidates(given, config.where(("dataset", key)), files)
        # pathlib raises an OSError for a name that is too long to be one.
        existing = next((p for p in candidates if os.path.exists(p)), None)  # noqa: PTH110 - see above
        if existing is None:
            where = " or ".join(dict.fromkeys(map(str, candidates)))
            problems.append(Problem(f"does not exist: {where}", f"dataset.{key}"))
        else:
            found[key] = str(existing.absolute())
            config._document.data["dataset"][key] = found[key]  # noqa: SLF001 - see above
    if problems:
        raise config.error(*problems)
    # model_copy keeps the private document too.
    dataset = config.dataset.model_copy(update=found)
    return config.model_copy(update={"dataset": dataset}) if found else config


def _candidates(given: str, place: Place | None, files: Sequence[Path]) -> list[Path]:
    """Returns where a path may lead that was given at a place, the first choice first."""
    path = Path(given)
    with suppress(RuntimeError):  # the home of a user who does not exist
        path = path.expanduser()
    source = place.source if place else ""
    folder = next((file.parent for file in files if str(file) == source), files[0].parent)
    candidates = [folder / path, path]
    return candidates[::-1] if isinstance(place, CommandLine) else candidates


def _in_reading_order(problems: Sequence[Problem], files: Sequence[Path]) -> list[Problem]:
    """Returns the command line's problems first, then those of each file from top to bottom."""
    names = [str(file) for file in files]

    def position(problem: Problem) -> tuple[int, int, int]:
        place = problem.place
        if place is None or place.source not in names:
            return -1, 0, 0
        return names.index(place.source), place.line or 0, place.column or 0

    return sorted(problems, key=position)


def _rename_aliases(document: Document) -> None:
    for alias, key in KEY_ALIASES.items():
        if alias not in document.data:
            continue
        if key in document.data:
            rule = f"and `{key}` are one key, given twice"
            document.problems.append(document.problem((alias,), rule))
            del document.data[alias]
            continue
        document.data = {key if k == alias else k: v for k, v in document.data.items()}
        for path in [path for path in document.places if path[:1] == (alias,)]:
            document.places[(key, *path[1:])] = document.places.pop(path)


def _name_from(path: Path) -> str:
    """Returns a name for the run, made from the file's name, which may hold any character."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._")[:100] or "run"
