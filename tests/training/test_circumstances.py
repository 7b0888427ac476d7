"""Changed circumstances: a line for each that differs, none for what is not known."""

import numpy as np

from nnscratch.runs import RunRecord
from nnscratch.runs.environment import read_environment
from nnscratch.training.circumstances import changed_circumstances
from nnscratch.training.threads import Threads


def changes(record: RunRecord) -> list[str]:
    with Threads(1, 1) as threads:
        return changed_circumstances(record, threads)


def test_what_is_the_same_or_not_known_is_no_change() -> None:
    now = read_environment()
    assert changes(RunRecord()) == []
    assert changes(RunRecord(versions=now.versions, blas=now.blas, threads=1)) == []


def test_each_difference_is_a_line() -> None:
    record = RunRecord(
        versions={"numpy": "1.0.0"}, blas={"internal_api": "mkl"}, threads={"from epoch 1": 64}
    )
    assert changes(record) == [
        f"numpy is {np.__version__} now and was 1.0.0",
        "NumPy uses another BLAS than before",
        "BLAS computes with 1 threads now and did with 64",
    ]
