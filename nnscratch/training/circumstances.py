"""What affects the last bits of a run's weights besides its config and data, and has changed."""

from nnscratch.runs import RunRecord
from nnscratch.runs.environment import read_environment
from nnscratch.training.threads import Threads, parse_threads


def changed_circumstances(record: RunRecord, threads: Threads) -> list[str]:
    """Returns a line for each circumstance that differs from when a run was recorded.

    Args:
        record: What the run recorded.
        threads: The threads that are used now.
    """
    now = read_environment()
    before = record.versions or {}
    lines = [
        f"{name} is {version} now and was {before[name]}"
        for name, version in now.versions.items()
        if before.get(name, version) != version
    ]
    if record.blas is not None and record.blas != now.blas:
        lines.append("NumPy uses another BLAS than before")
    current = next(reversed(threads.chosen.values()), now.threads)
    earlier = next(reversed(parse_threads(record.threads).values()), None)
    if earlier not in (None, current):
        lines.append(f"BLAS computes with {current} threads now and did with {earlier}")
    return lines
