"""What is made from runs: evaluated on rows that were held out, and recognized as theirs."""

import shutil
from pathlib import Path

import pytest

from nnscratch import load_model
from nnscratch.errors import RunError, UsageError
from nnscratch.model.evaluation import evaluate_split
from nnscratch.runs import RunFiles, read_record
from nnscratch.runs.members import find_member, list_leaves, list_members
from nnscratch.search.plan import Plan
from nnscratch.search.results import evaluate_held_out, is_made_of_its_runs, open_many
from tests.search.many import IRIS, OWN_VALIDATION, XOR, begin, carry_out, train_many


def files(run: Path) -> RunFiles:
    return RunFiles(run / "weights.npz", run)


def test_rows_out_of_fold_are_evaluated_together(tmp_path: Path) -> None:
    run = train_many(tmp_path, IRIS, Plan(folds=3))
    evaluation = evaluate_held_out(files(run))
    assert evaluation is not None
    assert (evaluation.split, evaluation.rows) == ("out of fold", 150)
    tests = [read_record(member).test for member in list_members(run)]
    for name in ("loss", "accuracy"):  # the folds are equally large
        each = [value for test in tests if test and (value := test[name]) is not None]
        assert evaluation.scores[name] == pytest.approx(sum(each) / 3, rel=1e-6)


def test_numbers_out_of_fold_are_in_the_units_of_the_data(tmp_path: Path) -> None:
    text = "dataset: diabetes\nepochs: 2\n"
    run = train_many(tmp_path, text, Plan(folds=2))
    evaluation = evaluate_held_out(files(run))
    assert evaluation is not None
    maes = [(read_record(member).test or {})["mae"] for member in list_members(run)]
    assert evaluation.scores["mae"] == pytest.approx(sum(m for m in maes if m) / 2, rel=1e-6)


def test_only_runs_that_hold_out_different_rows_are_evaluated_so(tmp_path: Path) -> None:
    assert evaluate_held_out(files(train_many(tmp_path, XOR, Plan(repeat=2)))) is None
    assert evaluate_held_out(files(train_many(tmp_path, IRIS, Plan(ensemble=2)))) is None
    repeated = evaluate_held_out(files(train_many(tmp_path, IRIS, Plan(repeat=2))))
    assert repeated is not None
    assert (repeated.split, repeated.rows) == ("held out", 60)


def test_an_ensemble_is_tested_on_the_rows_that_none_has_seen(tmp_path: Path) -> None:
    many = begin(tmp_path, IRIS, Plan(ensemble=3))
    carry_out(many)
    test = many.first.dataset.splits["test"]
    scores = evaluate_split(load_model(many.path), "test", test).scores
    assert read_record(many.path).test == pytest.approx(scores)
    sizes = [read_record(member).rows for member in list_members(many.path)]
    assert sizes == [{"train": 120, "test": 30}] * 3


def test_networks_with_validation_rows_of_their_own_are_tested_on_the_same_rows(
    tmp_path: Path,
) -> None:
    plan = Plan(ensemble=3)
    plain = begin(tmp_path, OWN_VALIDATION.replace("true", "false"), plan)
    test = plain.first.dataset.splits["test"]
    run = train_many(tmp_path, OWN_VALIDATION, plan)
    ensemble = load_model(run)
    record = read_record(run)
    assert record.many is not None
    assert record.test == pytest.approx(evaluate_split(ensemble, "test", test).scores)
    # Scores on the same rows say nothing of others, although the networks had different ones.
    assert record.many.part == "test"
    assert {figures["low"] for figures in (record.many.scores or {}).values()} == {None}
    assert len({read_record(member).data_fingerprint for member in list_members(run)}) == 3
    assert is_made_of_its_runs(run)
    assert evaluate_held_out(files(run)) is None


@pytest.mark.parametrize(
    ("plan", "part"), [(Plan(ensemble=3), "own validation"), (Plan(repeat=2), "validation")]
)
def test_without_test_rows_each_network_predicts_its_own_validation_rows(
    plan: Plan, part: str, tmp_path: Path
) -> None:
    run = train_many(tmp_path, OWN_VALIDATION.replace("0.2", "0.2, test: 0"), plan)
    record = read_record(run)
    assert record.many is not None
    assert record.many.part == part
    evaluation = evaluate_held_out(files(run))
    assert evaluation is not None
    leaves = [read_record(leaf).best or {} for leaf in list_leaves(run)]
    assert (evaluation.split, evaluation.rows) == ("held out", 30 * len(leaves))
    for name in ("loss", "accuracy"):
        each = [value for best in leaves if (value := best[f"val_{name}"]) is not None]
        mean = sum(each) / len(leaves)
        assert evaluation.scores[name] == pytest.approx(mean, rel=1e-6)
        assert (record.best or {})[f"val_{name}"] == pytest.approx(mean)


def test_folds_of_networks_with_validation_rows_of_their_own(tmp_path: Path) -> None:
    run = train_many(tmp_path, OWN_VALIDATION, Plan(folds=2))
    evaluation = evaluate_held_out(files(run))
    assert evaluation is not None
    assert (evaluation.split, evaluation.rows) == ("out of fold", 150)
    tests = [(read_record(member).test or {})["loss"] or 0.0 for member in list_members(run)]
    assert evaluation.scores["loss"] == pytest.approx(sum(tests) / 2, rel=1e-6)
    assert [read_record(leaf).rows for leaf in list_leaves(run)] == [
        {"train": 60, "validation": 15, "test": 75}
    ] * 6
    assert is_made_of_its_runs(run)


def test_where_the_runs_are_gone_what_they_held_out_is_not_evaluated(tmp_path: Path) -> None:
    for plan, text in ((Plan(repeat=2), IRIS), (Plan(ensemble=2), IRIS + "ensemble: 2\n")):
        run = train_many(tmp_path, text, plan)
        shutil.rmtree(run / "runs")
        if plan.ensemble == 1:
            with pytest.raises(RunError, match="has none of its runs left"):
                evaluate_held_out(files(run))
        else:  # its weights are evaluated on the test rows
            assert evaluate_held_out(files(run)) is None


def test_refitted_weights_are_those_of_the_run_on_all_rows(tmp_path: Path) -> None:
    run = train_many(tmp_path, IRIS, Plan(folds=2, refit=True))
    refit = find_member(run, "refit")
    assert refit is not None
    assert read_record(refit).rows == {"train": 150}
    assert load_model(run).fingerprint() == load_model(refit).fingerprint()
    assert [scores.name for scores in open_many(run).scores] == ["fold-1", "fold-2"]


def test_weights_of_others_are_recognized(tmp_path: Path) -> None:
    run = train_many(tmp_path, XOR, Plan(repeat=2))
    assert is_made_of_its_runs(run)
    load_model(list_members(run)[0]).save(run / "weights.npz")
    assert not is_made_of_its_runs(run)


def test_a_single_run_has_no_members(tmp_path: Path) -> None:
    run = train_many(tmp_path, XOR, Plan(repeat=2))
    with pytest.raises(UsageError, match="is a single run"):
        open_many(list_members(run)[0])
