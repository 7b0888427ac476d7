"""Many runs in order: whatever stops them, what is done stays done and the rest follows."""

import re
from pathlib import Path
from typing import Any

import pytest

from nnscratch import Model, load_model
from nnscratch.errors import DivergedError, RunError
from nnscratch.model.ensemble import Ensemble
from nnscratch.runs import RunFiles, read_metrics, read_record, status_of
from nnscratch.runs.members import find_member, list_leaves, list_members
from nnscratch.search.plan import Plan
from nnscratch.search.start import resume_many
from tests.search.many import IRIS, OWN_VALIDATION, XOR, begin, carry_out, train_many


def weights(run: Path) -> dict[str, bytes]:
    """Returns the weights of each run in a directory, and of the directory itself, by name."""
    names = {leaf: str(leaf.relative_to(run)) for leaf in list_leaves(run)}
    found = {re.sub(r"-\d{8}-\d{6}(-\d+)?", "", n): Model.load(leaf) for leaf, n in names.items()}
    fingerprints = {name: model.fingerprint().encode() for name, model in found.items()}
    return {**fingerprints, "all": load_model(run).fingerprint().encode()}


def reopened(run: Path) -> Any:
    return resume_many(RunFiles(run / "weights.npz", run))


def test_each_run_is_an_ordinary_one_and_all_together_an_ensemble(tmp_path: Path) -> None:
    run = train_many(tmp_path, XOR, Plan(repeat=3))
    members = list_members(run)
    assert [read_record(member).name for member in members] == ["seed-42", "seed-43", "seed-44"]
    assert [read_record(member).seed for member in members] == [42, 43, 44]
    together = load_model(run)
    assert isinstance(together, Ensemble)
    alone = [Model.load(member).fingerprint() for member in members]
    assert [member.fingerprint() for member in together.members] == alone
    record = read_record(run)
    assert (record.status, record.stop_reason) == ("completed", "all runs done")
    assert record.many is not None
    assert (record.many.repeat, record.many.completed, record.many.part) == (3, 3, "training")
    finals = [read_record(member).final for member in members]
    mean = sum(f["loss"] for f in finals if f and f["loss"] is not None) / 3
    assert record.final is not None
    assert record.final["loss"] == pytest.approx(mean)
    histories = [read_metrics(member)["loss"] for member in members]
    medians = [sorted(epoch)[1] for epoch in zip(*histories, strict=True)]
    assert read_metrics(run)["loss"] == pytest.approx(medians)


@pytest.mark.parametrize(
    ("text", "plan", "stop"),
    [
        (XOR, Plan(repeat=3), 1),
        (IRIS, Plan(folds=2, refit=True), 2),
        (IRIS + "ensemble: 2\n", Plan(folds=2), 3),
        (OWN_VALIDATION, Plan(ensemble=3), 2),
        (OWN_VALIDATION, Plan(folds=2), 4),
    ],
    ids=["repeat", "folds", "nested", "own validation", "own validation in folds"],
)
def test_stopped_after_a_run_it_goes_on_to_the_same_bits(
    text: str, plan: Plan, stop: int, tmp_path: Path
) -> None:
    many = begin(tmp_path, text, plan)
    names = carry_out(many)
    expected = weights(many.path)
    many = begin(tmp_path, text, plan)
    assert carry_out(many, until=stop) == names[:stop]
    assert many.result.status == read_record(many.path).status == "interrupted"
    assert not (many.path / "weights.npz").exists()
    assert carry_out(reopened(many.path)) == names[stop:]
    assert weights(many.path) == expected
    assert len(list_leaves(many.path)) == len(names)


def test_a_run_that_was_cut_off_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    expected = weights(train_many(tmp_path, XOR, Plan(repeat=2)))
    many = begin(tmp_path, XOR, Plan(repeat=2))
    with many as parts:
        part = next(iter(parts))
        with part.run as run:
            for record in run:
                if record.epoch == 7:
                    run.stop("stopped by the test")
        many.stop("stopped by the test")
    first = find_member(many.path, "seed-42")
    assert first is not None
    assert read_record(first).epochs_done == 7
    assert carry_out(reopened(many.path)) == ["seed-42", "seed-43"]
    assert weights(many.path) == expected
    assert len(list_members(many.path)) == 2


def test_what_is_made_from_the_runs_is_made_again(tmp_path: Path) -> None:
    run = train_many(tmp_path, IRIS, Plan(folds=2))
    made = {name: (run / name).read_bytes() for name in ("weights.npz", "predictions.csv")}
    for name in made:
        (run / name).unlink()
    assert carry_out(reopened(run)) == []
    assert {name: (run / name).read_bytes() for name in made} == made
    assert len(read_metrics(run)["epoch"]) == 3


def test_a_run_that_diverges_counts_no_more(tmp_path: Path) -> None:
    many = begin(tmp_path, IRIS, Plan(repeat=3))
    with many as parts:
        for part in parts:
            network = part.run.trainer.network
            if part.name == "seed-43":
                network.weights[:] = 1e30
            try:
                with part.run as run:
                    list(run)
            except DivergedError:
                assert part.name == "seed-43"
    record = read_record(many.path)
    assert record.status == "completed"
    assert record.many is not None
    assert (record.many.completed, record.many.diverged) == (2, ["seed-43"])
    assert len(load_model(many.path).members) == 2


def test_if_all_diverge_there_is_no_result(tmp_path: Path) -> None:
    many = begin(tmp_path, IRIS, Plan(repeat=2))

    def carry_out_all() -> None:
        with many as parts:
            for part in parts:
                part.run.trainer.network.weights[:] = 1e38
                try:
                    with part.run as run:
                        list(run)
                except DivergedError:
                    pass

    with pytest.raises(RunError, match="all of its runs have diverged"):
        carry_out_all()
    assert read_record(many.path).status == "failed"


def test_an_error_in_the_loop_is_recorded_and_the_runs_go_on_later(tmp_path: Path) -> None:
    many = begin(tmp_path, IRIS + "ensemble: 2\n", Plan(folds=2))

    def fail() -> None:
        with many as parts:
            for _ in parts:
                raise ZeroDivisionError("the loop")

    with pytest.raises(ZeroDivisionError):
        fail()
    record = read_record(many.path)
    assert (record.status, record.stop_reason) == ("failed", "the loop")
    (inner,) = list_members(many.path)
    assert status_of(inner, read_record(inner)) == "interrupted"
    assert len(carry_out(reopened(many.path))) == 4
    assert read_record(many.path).status == "completed"


def test_while_it_trains_no_other_process_does(tmp_path: Path) -> None:
    many = begin(tmp_path, XOR, Plan(repeat=2))
    with many:
        assert status_of(many.path, read_record(many.path)) == "running"
        many.stop("stopped by the test")
    assert status_of(many.path, read_record(many.path)) == "interrupted"


@pytest.mark.parametrize(
    ("text", "plan", "names"),
    [
        (XOR, Plan(repeat=2), ["seed-42", "seed-43"]),
        (
            IRIS + "ensemble: 2\n",
            Plan(folds=2, refit=True),
            [f"{job}/seed-{seed}" for job in ("fold-1", "fold-2", "refit") for seed in (42, 43)],
        ),
    ],
)
def test_all_names_are_known_before(
    text: str, plan: Plan, names: list[str], tmp_path: Path
) -> None:
    many = begin(tmp_path, text, plan)
    assert many.names == names
    assert carry_out(many) == names


@pytest.mark.parametrize(
    ("text", "plan", "differ"),
    [
        (OWN_VALIDATION, Plan(ensemble=3), True),
        (OWN_VALIDATION.replace("true", "false"), Plan(ensemble=3), False),
        (IRIS, Plan(repeat=2), True),
        (IRIS, Plan(folds=2), True),
        (IRIS.replace("iris", "{name: iris, split: in_order}"), Plan(repeat=2), False),
        (XOR, Plan(repeat=2), False),
    ],
)
def test_it_is_known_whether_runs_hold_out_different_rows(
    text: str, plan: Plan, differ: bool, tmp_path: Path
) -> None:
    assert begin(tmp_path, text, plan).rows_differ is differ
