"""From a file and KEY=VALUE to a `Config`, or to all its mistakes at once."""

import re
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from nnscratch.config.config import Config
from nnscratch.config.reading import overrides
from nnscratch.config.reading import problems as messages
from nnscratch.config.reading.document import COMMAND_LINE, MAX_BYTES, Document, parse_file
from nnscratch.config.reading.merging import lay_over
from nnscratch.config.settings.base import KEY_ALIASES
from nnscratch.errors import ConfigError


def load(path: str | Path, changes: Sequence[str] = (), *, find_files: bool = True) -> Config:
    """Reads a config file and lays changes over it.

    Args:
        path: The file.
        changes: Other config files, which are laid over it first, and KEY=VALUE.
        find_files: Whether the files of the data must be there.

    Raises:
        ConfigError: With one line for each mistake.
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
    """Reads and checks; notes what the files hold."""
    document, *others = (_parse(file, texts) for file in files)
    for other in others:
        lay_over(document, other)
    document.texts = texts
    overrides.apply(document, changes)
    document.data.setdefault("name", _name_from(files[-1]))
    try:
        config = Config.model_validate(document.data)
    except ValidationError as error:
        problems = document.problems + messages.describe(error, document)
        raise ConfigError(sorted(problems, key=lambda line: _place(line, files))) from None
    if document.problems:
        raise ConfigError(document.problems)
    config._document = document  # noqa: SLF001 - lets later errors say the line
    return config


def _is_file(change: str) -> bool:
    is_named_so = change.lower().endswith((".yaml", ".yml"))
    return is_named_so and ("=" not in change or Path(change).is_file())


def _parse(path: Path, texts: dict[str, str]) -> Document:
    content = _read(path)
    texts[str(path)] = content.decode("utf-8-sig", "replace")
    document = parse_file(content, str(path))
    _rename_aliases(document)
    return document


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        own = path / "config.yaml"
        hint = f"; the run's own config is {own}" if own.is_file() else _similar(path)
        raise ConfigError([f"{path}: cannot read the config: {error.strerror}{hint}"]) from None


def _similar(path: Path) -> str:
    """Returns a hint at a config whose name is like that of one that is not there."""
    there = {
        file.stem.lower(): file
        for folder in (path.parent, Path("configs"))
        for file in folder.glob("*.yaml")
        if file != path
    }
    near = get_close_matches(path.stem.lower(), there, n=1)
    return f"; did you mean {there[near[0]]}?" if near else "; nnscratch init writes one"


def _find_files(config: Config, files: Sequence[Path]) -> Config:
    """Returns the config with the whole path of each file that its data set names.

    A path in a file is looked for from the file's folder first, one from the command line from
    the current folder first; each then from the other.
    """
    found: dict[str, str] = {}
    broken: list[tuple[str, str]] = []
    for key in config.dataset.path_keys:
        given = getattr(config.dataset, key)
        if given is None:
            continue
        # A user that does not exist has no home; then the path is not there either.
        with suppress(RuntimeError):
            given = Path(given).expanduser()
        place = config.where(("dataset", key))
        folder = next((f.parent for f in files if place.startswith(f"{f}:")), files[0].parent)
        places = [folder / given, Path(given)]
        if place.startswith(COMMAND_LINE):
            places.reverse()
        existing = next((place for place in places if _exists(place)), None)
        if existing is None:
            where = " or ".join(dict.fromkeys(str(place) for place in places))
            broken.append((f"dataset.{key}", f"is not there: {where}"))
        else:
            found[key] = str(existing.absolute())
    if broken:
        raise config.error(*broken)
    if not found:
        return config
    # model_copy keeps the private document too.
    return config.model_copy(update={"dataset": config.dataset.model_copy(update=found)})


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long to be one, a folder that may not be looked into
        return False


def _place(problem: str, files: Sequence[Path]) -> tuple[int, ...]:
    """Returns file, line and column that a problem names, so that a reader goes through once."""
    match = re.match(r"(.*?):(\d+):(\d+): ", problem)
    if not match:
        return ()
    names = [*map(str, files)]
    file = names.index(match[1]) if match[1] in names else 0
    return file, int(match[2]), int(match[3])


def _rename_aliases(document: Document) -> None:
    for alias, key in KEY_ALIASES.items():
        if alias not in document.data:
            continue
        if key in document.data:
            document.problems.append(
                f"{document.where((alias,))}: `{alias}` and `{key}` are one key, given twice"
            )
            del document.data[alias]
            continue
        document.data = {key if k == alias else k: v for k, v in document.data.items()}
        for path in [path for path in document.places if path[:1] == (alias,)]:
            document.places[(key, *path[1:])] = document.places.pop(path)


def _name_from(path: Path) -> str:
    """Makes a name for the run from the file's, which may hold anything."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._")[:100] or "run"
