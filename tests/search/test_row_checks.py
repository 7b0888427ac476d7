"""Rows from which a later network could not learn, found before the first is trained."""

from pathlib import Path

import pytest

from nnscratch.config import Config
from nnscratch.data.dataset import Dataset
from nnscratch.errors import ConfigError, DataError
from nnscratch.experiment.loading import split_dataset
from nnscratch.search import row_checks
from nnscratch.search.plan import Plan
from tests.search.many import begin

OWN = "own_validation: true\nensemble: 12\n"
OF_FIRST = "own_validation=false gives every network the rows of the first"
OTHERS = "another seed holds out other rows"


def text_of(folder: Path, kinds: str, towns: dict[int, str], *, shares: str, rest: str = "") -> str:
    """Returns a config of a table of numbered rows, where only some name a town."""
    rows = [f"{i},{towns.get(i, '')},{kind}" for i, kind in enumerate(kinds)]
    (folder / "t.csv").write_text("\n".join(["a,town,kind", *rows, ""]))
    dataset = f"name: csv, path: t.csv, target: kind, missing: impute, {shares}"
    return f"dataset: {{{dataset}}}\nepochs: 1\narchitecture: [2]\nseed: 5\n{rest}"


# Each row is for validation in 0.4 of the networks: that 12 train on it has the chance 0.002.
@pytest.mark.parametrize(
    ("plan", "rest", "shares", "where", "remedy"),
    [
        (Plan(ensemble=12), OWN, "validation: 0.4, test: 0", r"seed-\d+", OF_FIRST),
        (Plan(repeat=2), OWN, "validation: 0.4, test: 0", r"seed-5/seed-\d+", OF_FIRST),
        (Plan(repeat=12), "", "test: 0.4", r"seed-\d+", OTHERS),
        (Plan(folds=12), "", "validation: 0", r"fold-\d+", OTHERS),
    ],
    ids=["ensemble", "repeated ensemble", "repeat", "folds"],
)
def test_a_column_without_values_is_found_before_the_first_is_trained(
    plan: Plan, rest: str, shares: str, where: str, remedy: str, tmp_path: Path
) -> None:
    text = text_of(tmp_path, "xy" * 20, {7: "Ulm"}, shares=shares, rest=rest)
    rule = f"^{where}: column town: no value in the rows to train on; leave it out: .*; or {remedy}"
    with pytest.raises(DataError, match=rule):
        begin(tmp_path, text, plan)
    assert not (tmp_path / "runs").exists()


def test_rows_of_a_single_class_are_found_with_their_network(tmp_path: Path) -> None:
    # The group of the only y is for validation in some of the networks.
    kinds = "x" * 10 + "y" + "x" * 29
    towns = {row: "abcdefgh"[row // 5] for row in range(40)}
    shares = "group: town, validation: 0.5, test: 0"
    text = text_of(tmp_path, kinds, towns, shares=shares, rest=OWN)
    rule = (
        r"c\.yaml:1:1: `dataset` has only one class to train on, x; nothing can be learned from "
        rf"it, in the rows of seed-\d+; {OF_FIRST}$"
    )
    with pytest.raises(ConfigError, match=rule):
        begin(tmp_path, text, Plan(ensemble=12))
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("plan", "rest", "splits"),
    [
        (Plan(ensemble=3), "own_validation: true\nensemble: 3\n", 2),
        (Plan(ensemble=3), "ensemble: 3\n", 0),
        (Plan(folds=3, repeat=2), "", 5),
        (Plan(repeat=2), "own_validation: true\nensemble: 3\n", 5),
    ],
    ids=["own validation", "the same validation", "folds", "repeated ensemble"],
)
def test_only_rows_that_differ_are_split(
    plan: Plan, rest: str, splits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    def count(config: Config, dataset: Dataset) -> Dataset:
        counted.append(config.name)
        return split_dataset(config, dataset)

    monkeypatch.setattr(row_checks, "split_dataset", count)
    text = text_of(tmp_path, "xy" * 20, {}, shares="ignore: [town], validation: 0.2", rest=rest)
    begin(tmp_path, text, plan)
    assert len(counted) == splits
