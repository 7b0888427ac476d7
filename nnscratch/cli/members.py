"""The network of an ensemble that a command looks into: the first, or the one that is named."""

from dataclasses import dataclass
from pathlib import Path

from nnscratch.cli.output import print_message
from nnscratch.config import Config, load
from nnscratch.errors import UsageError
from nnscratch.formatting import plural
from nnscratch.runs import WEIGHTS, RunFiles
from nnscratch.runs.members import find_member, many_of


@dataclass(frozen=True)
class MemberRun:
    """A run of a single network.

    Attributes:
        files: The run.
        config: What it has in common with others, if it is one of many runs.
    """

    files: RunFiles
    config: Config | None = None


def choose_member(count: int, number: int | None) -> int:
    """Returns which of the networks to look into, counted from 1, and says which of several.

    Args:
        count: How many networks there are.
        number: What the user chose; None for the first.

    Raises:
        UsageError: There is no such network.
    """
    chosen = 1 if number is None else number
    if not 1 <= chosen <= count:
        are = "is" if count == 1 else "are"
        has = plural(count, "network")
        raise UsageError(f"--member {chosen}: the members are counted from 1; there {are} {has}")
    if count > 1:
        print_message(f"member {chosen} of {count}; --member N chooses another")
    return chosen


def find_member_run(found: RunFiles, number: int | None) -> MemberRun:
    """Returns a run, or of many runs that of a network.

    Args:
        found: The run.
        number: Which of its networks, counted from 1; None for the first.

    Raises:
        RunError: A run.json is damaged.
        UsageError: There is no such network, or its run is no longer there.
    """
    path = found.directory
    if path is None or found.config is None or many_of(path) is None:
        choose_member(1, number)
        return MemberRun(found)
    runs = list_member_runs(path)
    if not runs:
        raise UsageError(f"{path}: has none of its runs left, one of which would be looked at")
    run = runs[choose_member(len(runs), number) - 1]
    return MemberRun(RunFiles(run / WEIGHTS, run), load(found.config, find_files=False))


def list_member_runs(path: Path) -> list[Path]:
    """Returns the runs of the networks that predict together, in the order of the members.

    Args:
        path: The directory of many runs; that of a single run is the only one.

    Raises:
        RunError: A run.json is damaged.
    """
    from nnscratch.search.results import REFIT, open_many

    if many_of(path) is None:
        return [path]
    many = open_many(path)
    refit = find_member(path, REFIT) if many.plan.refit else None
    runs = [refit] if refit else [scores.path for scores in many.scores]
    return [leaf for run in runs for leaf in list_member_runs(run)]
