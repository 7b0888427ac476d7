"""Plans and their jobs: each job's config says all of its run, and no two are alike."""

from pathlib import Path

import pytest

from nnscratch import load_config
from nnscratch.config import Config
from nnscratch.errors import ConfigError, UsageError
from nnscratch.runs.record import Many
from nnscratch.search.plan import Plan, list_jobs, list_networks


def config(tmp_path: Path, text: str = "dataset: iris\n") -> Config:
    (tmp_path / "c.yaml").write_text(text)
    return load_config(tmp_path / "c.yaml")


def test_repeats_are_successive_seeds_and_nothing_else(tmp_path: Path) -> None:
    given = config(tmp_path)
    jobs = list_jobs(Plan(repeat=3), given)
    assert [job.name for job in jobs] == ["seed-42", "seed-43", "seed-44"]
    for job, seed in zip(jobs, (42, 43, 44), strict=True):
        same = {"seed": seed, "name": job.name}
        assert job.config.to_dict() == given.to_dict() | same


def test_members_of_an_ensemble_hold_out_the_same_rows(tmp_path: Path) -> None:
    jobs = list_jobs(Plan(ensemble=2), config(tmp_path, "dataset: iris\nseed: 7\nensemble: 2\n"))
    settings = [job.config.to_dict() for job in jobs]
    assert [s["seed"] for s in settings] == [7, 8]
    assert [s["dataset"]["split_seed"] for s in settings] == [7, 7]
    assert [s["ensemble"] for s in settings] == [1, 1]
    gate = list_jobs(Plan(ensemble=2), config(tmp_path, "dataset: xor\n"))
    assert all("split_seed" not in job.config.to_yaml() for job in gate)


def test_networks_are_named_by_their_run_and_their_seed(tmp_path: Path) -> None:
    jobs = list_jobs(Plan(folds=2, refit=True), config(tmp_path, "dataset: iris\nensemble: 2\n"))
    names = [f"{run}/seed-{seed}" for run in ("fold-1", "fold-2", "refit") for seed in (42, 43)]
    assert [network.name for network in list_networks(jobs)] == names
    single = list_jobs(Plan(repeat=2), config(tmp_path))
    assert list_networks(single) == single


OWN = "dataset: {name: iris, validation: 0.2}\nensemble: 3\nown_validation: true\n"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], (42, [42, 43, 44])),
        (["seed=7"], (7, [7, 8, 9])),
        (["dataset.split_seed=3"], (3, [3, 4, 5])),
        (["dataset.validation_seed=9"], (42, [9, 10, 11])),
        # There is only one choice of rows, or there are none.
        (["dataset.split=in_order"], (42, [None] * 3)),
        (["dataset.validation=0"], (42, [None] * 3)),
        (["own_validation=false"], (42, [None] * 3)),
        (["own_validation=false", "dataset.validation_seed=9"], (42, [9] * 3)),
    ],
)
def test_members_with_validation_rows_of_their_own_share_the_seed_of_the_split(
    changes: list[str], expected: tuple[int, list[int | None]], tmp_path: Path
) -> None:
    config(tmp_path, OWN)
    given = load_config(tmp_path / "c.yaml", changes)
    datasets = [job.config.to_dict()["dataset"] for job in list_jobs(Plan(ensemble=3), given)]
    assert [d["split_seed"] for d in datasets] == [expected[0]] * 3
    assert [d.get("validation_seed") for d in datasets] == expected[1]


def test_data_that_has_no_rows_for_validation_has_no_seed_for_them(tmp_path: Path) -> None:
    gates = list_jobs(Plan(ensemble=2), config(tmp_path, "dataset: xor\nown_validation: true\n"))
    assert all("validation_seed" not in job.config.to_yaml() for job in gates)


def test_a_seed_for_validation_too_large_is_refused(tmp_path: Path) -> None:
    config(tmp_path, OWN)
    for seed, fits in ((2**63 - 3, True), (2**63 - 2, False)):
        given = load_config(tmp_path / "c.yaml", [f"dataset.validation_seed={seed}"])
        if fits:
            assert len(list_jobs(Plan(ensemble=3), given)) == 3
        else:
            with pytest.raises(UsageError, match="has no 3 successors"):
                list_jobs(Plan(ensemble=3), given)


def test_folds_take_the_place_of_the_test_share(tmp_path: Path) -> None:
    given = config(tmp_path, "dataset: {name: iris, test: 0.3}\n")
    jobs = list_jobs(Plan(folds=2, repeat=2, refit=True), given)
    assert [job.name for job in jobs] == [
        "seed-42-fold-1", "seed-42-fold-2", "seed-43-fold-1", "seed-43-fold-2", "refit",
    ]  # fmt: skip
    datasets = [job.config.to_dict()["dataset"] for job in jobs]
    assert [(d.get("folds"), d.get("fold"), d.get("test")) for d in datasets] == [
        (2, 1, None), (2, 2, None), (2, 1, None), (2, 2, None), (None, None, 0),
    ]  # fmt: skip
    assert [job.name for job in list_jobs(Plan(folds=2), given)] == ["fold-1", "fold-2"]


@pytest.mark.parametrize(
    ("dataset", "rule"),
    [("xor", "has no rows to deal to folds"), ("mnist", "has a test part of its own")],
)
def test_data_without_rows_to_deal_are_refused(dataset: str, rule: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rule):
        list_jobs(Plan(folds=3), config(tmp_path, f"dataset: {dataset}\n"))


def test_a_seed_too_large_is_refused(tmp_path: Path) -> None:
    last = config(tmp_path, f"dataset: xor\nseed: {2**63 - 2}\n")
    assert len(list_jobs(Plan(repeat=2), last)) == 2
    with pytest.raises(UsageError, match="no 3 successors"):
        list_jobs(Plan(repeat=3), last)


@pytest.mark.parametrize(
    "plan",
    [Plan(ensemble=5), Plan(repeat=3), Plan(folds=4, repeat=2, refit=True), Plan(folds=2)],
)
def test_a_plan_comes_back_from_its_record(plan: Plan) -> None:
    record = plan.to_record()
    assert Plan.from_record(Many.model_validate(record.model_dump(exclude_unset=True))) == plan
    assert plan.is_many
    assert record.refit is (True if plan.refit else None)


def test_only_an_ensemble_tests_alike() -> None:
    assert not Plan().is_many
    assert Plan(ensemble=2).tests_alike
    assert not Plan(repeat=2).tests_alike
    assert not Plan(folds=2).tests_alike


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"repeat": 0}, "`repeat` must be from 1 to 10,000; got 0"),
        ({"repeat": 10**9}, "got 1,000,000,000"),
        ({"folds": 1}, "`folds` must be from 2"),
        ({"ensemble": -1}, "`ensemble` must be from 1"),
    ],
)
def test_a_plan_of_no_runs_or_of_far_too_many_is_refused(
    settings: dict[str, int], rule: str
) -> None:
    with pytest.raises(UsageError, match=rule):
        Plan(**settings)  # type: ignore[arg-type]  # each of them is a number


def test_a_record_that_was_edited_is_refused() -> None:
    with pytest.raises(UsageError, match="`repeat` must be"):
        Plan.from_record(Many(repeat=10**12))
