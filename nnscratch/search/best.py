"""best.yaml: the config of the best trial, which trains to the same weights, bit for bit."""

from typing import TYPE_CHECKING

from nnscratch.config import load
from nnscratch.files.atomic import write_text
from nnscratch.runs.directories import CONFIG
from nnscratch.search.objective import value_of

if TYPE_CHECKING:
    from nnscratch.search.search import Search

BEST = "best.yaml"


def write_best(search: "Search") -> None:
    """Replaces best.yaml, if there is a best trial.

    Raises:
        ConfigError: The config of its run is damaged.
        OSError: It cannot be written.
    """
    best, objective = search.ledger.best, search.settings.objective
    if best is None or best.last is None:
        return
    run = search.run_of(best)
    base = search.directory.config
    changes = [
        f"name={search.directory.record.name}-best",
        f"ensemble={base.ensemble}",
        f"own_validation={str(base.own_validation).lower()}",
    ]
    config = load(run / CONFIG, changes, find_files=False)
    value = value_of(best.last.cost, objective)
    count = len(search.ledger.searched)
    head = f"# The best of {count} trials, number {best.number}: {objective} {value}\n"
    write_text(search.directory.path / BEST, head + config.to_yaml())
