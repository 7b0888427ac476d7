"""Which network of an ensemble a command looks into, and where its run is."""

import shutil
from pathlib import Path

import pytest

from nnscratch.cli.members import choose_member, find_member_run
from nnscratch.errors import UsageError
from nnscratch.model.loading import load_model
from nnscratch.runs import RunFiles
from nnscratch.search.plan import Plan
from tests.search.many import IRIS, XOR, train_many


def files(run: Path) -> RunFiles:
    return RunFiles(run / "weights.npz", run)


def test_the_first_is_chosen_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert (choose_member(3, None), choose_member(3, 2)) == (1, 2)
    assert capsys.readouterr().err == (
        "member 1 of 3; --member N chooses another\nmember 2 of 3; --member N chooses another\n"
    )
    assert choose_member(1, None) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("count", "number", "rule"),
    [(3, 4, "there are 3 networks"), (3, 0, "there are 3 networks"), (1, 2, "there is 1 network")],
)
def test_a_member_that_there_is_not_is_refused(count: int, number: int, rule: str) -> None:
    with pytest.raises(UsageError, match=rf"^--member {number}: .* from 1; {rule}"):
        choose_member(count, number)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        # By their names, seed-9 would be the last.
        (f"{XOR}seed: 9\nensemble: 3\n", Plan(ensemble=3)),
        (f"{IRIS}ensemble: 2\n", Plan(folds=2)),
        (f"{IRIS}ensemble: 2\n", Plan(folds=2, refit=True)),
        (IRIS, Plan(folds=2, refit=True)),
    ],
)
def test_the_run_of_a_member_has_its_weights(text: str, plan: Plan, tmp_path: Path) -> None:
    path = train_many(tmp_path, text, plan)
    for number, member in enumerate(load_model(path).members, start=1):
        run = find_member_run(files(path), number)
        assert load_model(run.files.weights).fingerprint() == member.fingerprint()
        assert run.config
        assert run.config.ensemble == (2 if "ensemble: 2" in text else plan.ensemble)


def test_a_single_run_is_itself(tmp_path: Path) -> None:
    path = train_many(tmp_path, XOR, Plan(repeat=2))
    leaf = find_member_run(files(path), 2).files
    assert find_member_run(leaf, None).files == leaf
    with pytest.raises(UsageError, match="there is 1 network"):
        find_member_run(leaf, 2)


def test_runs_that_are_gone_are_an_error(tmp_path: Path) -> None:
    path = train_many(tmp_path, XOR, Plan(repeat=2))
    shutil.rmtree(path / "runs")
    with pytest.raises(UsageError, match="has none of its runs left"):
        find_member_run(files(path), None)
