"""What a shell offers to complete: config files, runs, settings and kinds of plots.

Errors are ignored, and nothing is printed: the user is in the middle of a line.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from nnscratch.plots.kinds import kind_names

_CONFIGS = Path("configs")
_RUNS = Path("runs")


def _completer(candidates: Callable[[str], Iterable[str]]) -> Callable[[str], list[str]]:
    """Returns a completer that offers those candidates that begin with what is typed."""

    def complete(incomplete: str) -> list[str]:
        offers: list[str] = []
        with suppress(Exception):
            offers += (text for text in candidates(incomplete) if text.startswith(incomplete))
        return list(dict.fromkeys(offers))

    return complete


def _config_files(incomplete: str) -> Iterator[str]:
    """Yields config files and folders; in the beginning, also the files in configs/."""
    folder = Path(incomplete[: incomplete.rfind("/") + 1])
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith("."):
            yield f"{path}/"
        elif path.suffix in (".yaml", ".yml"):
            yield str(path)
    if not incomplete:
        yield from map(str, sorted(_CONFIGS.glob("*.yaml")))


def _runs(_: str) -> Iterator[str]:
    """Yields `latest`, the names of runs, and run directories, newest first."""
    from nnscratch.runs.directories import directory_names, name_of

    directories = directory_names(_RUNS)[::-1]
    yield "latest"
    yield from map(name_of, directories)
    yield from (f"{_RUNS}/{name}" for name in directories)


def _settings(incomplete: str) -> Iterator[str]:
    """Yields each key with its default, the other values of a key, and config files."""
    from nnscratch.config.docs.completions import completions

    yield from completions(incomplete)
    yield from _config_files(incomplete)


complete_config = _completer(_config_files)
complete_run = _completer(_runs)
complete_setting = _completer(_settings)
complete_plot_kind = _completer(lambda _: [*kind_names(), "all"])
