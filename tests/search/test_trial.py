"""trial.json: what is written is read, and what is damaged is named."""

from math import inf
from pathlib import Path

import pytest

from nnscratch.errors import RunError
from nnscratch.search.trial import Result, Trial, directory_of, read_trials, write_trial


def example() -> list[Trial]:
    result = Result(order=1, epochs=3, cost=0.5, is_whole=False, seconds=0.1)
    failed = Result(order=2, epochs=0, cost=inf, is_whole=True, reason="diverged")
    return [
        Trial(number=0, point={}, told=0),
        Trial(
            number=1, point={"architecture": [[8], 4], "l1": 1e-300}, told=1, results={0: result}
        ),
        Trial(number=2, point={"loss": None}, told=2, results={0: result, 1: failed}),
        Trial(number=3, point={"loss": None}, told=3, same_as=2),
    ]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for trial in example():
        write_trial(tmp_path, trial)
    assert read_trials(tmp_path) == example()


def test_the_last_result_counts() -> None:
    plain, _, failed, same = example()
    assert plain.last is None
    assert same.last is None
    assert failed.last
    assert failed.last.reason == "diverged"
    assert failed.is_failed
    observation = example()[1].observation()
    assert (observation.cost, observation.epochs, observation.is_whole) == (0.5, 3, False)


def test_no_trials_are_none(tmp_path: Path) -> None:
    assert read_trials(tmp_path) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"number": 7, "point": {}, "told": 0}', '{"number": "0"}']
)
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    write_trial(tmp_path, example()[0])
    (directory_of(tmp_path, 0) / "trial.json").write_text(text)
    with pytest.raises(RunError, match=r"trials/0000/trial\.json"):
        read_trials(tmp_path)
