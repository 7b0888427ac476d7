"""What a shell offers to complete: config files, runs, and settings.

Whatever goes wrong, nothing is offered, and nothing is said: the user is in the middle of a line.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

Completer = Callable[[str], list[str]]
_CONFIGS, _RUNS = Path("configs"), Path("runs")


def _quietly(offers: Callable[[str], Iterator[str]]) -> Completer:
    """Makes a completer of a function that yields all that could stand there."""

    def complete(incomplete: str) -> list[str]:
        found: list[str] = []
        with suppress(Exception):
            found += (offer for offer in offers(incomplete) if offer.startswith(incomplete))
        return list(dict.fromkeys(found))

    return complete


def _files(incomplete: str) -> Iterator[str]:
    """Yields config files, and folders on the way to them."""
    folder = Path(incomplete[: incomplete.rfind("/") + 1])
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            yield f"{path}/"
        elif path.suffix in (".yaml", ".yml"):
            yield str(path)
    if not incomplete:
        yield from map(str, sorted(_CONFIGS.glob("*.yaml")))


def _runs(_: str) -> Iterator[str]:
    """Yields `latest`, names of runs, and runs; the newest first."""
    from nnscratch.runs import list_runs, name_of

    paths = list_runs(_RUNS)[::-1]
    yield "latest"
    yield from map(name_of, paths)
    yield from map(str, paths)


def _settings(incomplete: str) -> Iterator[str]:
    """Yields each key with its default, and what else may stand behind the `=`."""
    from nnscratch.config.docs.completions import completions

    yield from completions(incomplete)
    yield from _files(incomplete)


complete_config, complete_run = _quietly(_files), _quietly(_runs)
complete_setting = _quietly(_settings)
