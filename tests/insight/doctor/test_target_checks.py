"""How targets are distributed, on data where it is known."""

from dataclasses import replace
from pathlib import Path

import pytest

from nnscratch.experiment.experiment import Experiment
from nnscratch.insight.doctor.target_checks import check_targets
from tests.insight.doctor.support import find, inline, shipped


def classes(folder: Path, counts: dict[str, int], **settings: object) -> Experiment:
    """Returns an experiment with so many rows of each class."""
    targets = [name for name, count in counts.items() for _ in range(count)]
    return inline(folder, [[float(i)] for i in range(len(targets))], targets, **settings)


def test_equally_common_classes_are_fine(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 5, "b": 5, "c": 5}))
    assert finding.level == "fine"
    assert finding.rule == "the 3 classes are balanced, with 5 rows each"


def test_shares_that_differ_a_little_are_fine_and_named(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 15, "b": 5}))
    assert finding.level == "fine"
    assert "most common of 2 classes, a, makes up 75.0% of the 20 training rows" in finding.rule
    assert "rarest, b, 25.0%" in finding.rule


def test_a_rare_class_is_worth_a_look_with_the_accuracy_that_is_worth_nothing(
    tmp_path: Path,
) -> None:
    # Of two classes each has a share of one half; 0.3 of that is 15 of 100 rows.
    (finding,) = check_targets(classes(tmp_path, {"ill": 14, "well": 86}))
    assert finding.level == "look"
    assert "class_weight: balanced" in finding.remedy
    assert "near 86.0% is worthless, since always predicting well" in finding.remedy
    (fine,) = check_targets(classes(tmp_path, {"ill": 15, "well": 85}))
    assert fine.level == "fine"


def test_a_class_weight_makes_up_for_a_rare_class(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 5, "b": 95}, class_weight="balanced"))
    assert finding.level == "fine"
    assert "class_weight compensates for it" in finding.rule


def test_a_loss_without_class_weights_is_named(tmp_path: Path) -> None:
    (finding,) = check_targets(classes(tmp_path, {"a": 5, "b": 95}, loss="hinge"))
    assert "with loss: auto" in finding.remedy


def test_a_class_that_no_training_row_has_is_named() -> None:
    experiment = shipped("iris")
    dataset = experiment.dataset
    train = dataset.splits["train"]
    kept = train.targets != 1
    splits = {**dataset.splits, "train": replace(train, inputs=train.inputs[kept])}
    splits["train"] = replace(splits["train"], targets=train.targets[kept])
    findings = list(check_targets(replace(experiment, dataset=replace(dataset, splits=splits))))
    assert find("classes without training rows", findings).rule.endswith(": versicolor")
    assert find("2 classes are balanced, with 40 rows each", findings).level == "fine"


def test_numbers_are_described_by_arithmetic_done_by_hand(tmp_path: Path) -> None:
    (finding,) = check_targets(inline(tmp_path, [[1.0], [2.0]], [0.5, 3.5]))
    assert finding.rule == (
        "the target ranges from 0.5 to 3.5, with a mean of 2 and a standard deviation of 1.5"
    )


@pytest.mark.parametrize("unit", [1e-310, 1e-300, 1e15])
def test_numbers_have_a_deviation_in_any_unit(unit: float, tmp_path: Path) -> None:
    (finding,) = check_targets(inline(tmp_path, [[1.0], [2.0]], [1 * unit, 3 * unit]))
    assert finding.rule.endswith(f"a standard deviation of {unit:.4g}")


def test_a_number_that_never_changes_cannot_be_learned(tmp_path: Path) -> None:
    (finding,) = check_targets(inline(tmp_path, [[1.0], [2.0]], [0.5, 0.5]))
    assert finding.level == "problem"
    assert "0.5 in all training rows" in finding.rule
    one, other = check_targets(inline(tmp_path, [[1.0], [2.0]], [[0.5, 1.5], [0.5, 2.5]]))
    assert (one.level, other.level) == ("look", "fine")


def test_labels_that_all_rows_have_are_named(tmp_path: Path) -> None:
    labels = [[1, 0, 1], [0, 0, 1], [1, 0, 1], [1, 1, 1]]
    rows = [[float(i)] for i in range(4)]
    findings = list(check_targets(inline(tmp_path, rows, labels, loss="binary_cross_entropy")))
    assert find("are the same in all", findings).rule.endswith(": 3")
    fine = find("3 labels", findings)
    assert "most common of 3 labels, 3, applies to 100.0%" in fine.rule
    assert "rarest, 2, to 25.0%" in fine.rule
